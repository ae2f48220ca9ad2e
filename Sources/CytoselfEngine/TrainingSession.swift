import CytoselfCommands
import CytoselfFigures
import CytoselfTraining
import Foundation
import JobControl
import Torch

/// Runs a training job for a person: signals, text, figures.
enum TrainingSession {
  /// Trains on a thread of its own, draws the figures and says what is where.
  @discardableResult
  static func run(_ job: TrainingJob) async throws -> TrainingJob.Result {
    let interruption = Interruption()
    interruption.listen {
      say("Finishing the step and saving; ctrl-C again ends at once without saving.")
    }
    defer { interruption.stopListening() }
    let result = try await DedicatedThread.run(name: "cytoself training") {
      Runtime.installCachingAllocator()
      return try job(interruption: interruption, say: say)
    }
    draw(result, of: job.run)
    if let best = result.outcome.best {
      print(
        "Best validation \(job.configuration.training.monitor.rawValue)"
          + " \(ProgressLine.short(best.loss)) in epoch \(best.epoch): \(job.run.best.path)")
    }
    if let test = result.outcome.history.rows.last?.test, let loss = test.first {
      print("Test loss with these weights \(ProgressLine.short(loss.value))")
    }
    print("Everything of the run is in \(job.run.url.path)")
    return result
  }

  /// One line for the user, beside the progress and apart from results.
  @Sendable static func say(_ text: String) {
    StandardError.print(text)
  }

  /// Draws history and reconstructions; what cannot be drawn is a sentence and no failure.
  static func draw(_ result: TrainingJob.Result, of run: RunDirectory) {
    do throws(FigureError) {
      let history = try TrainingHistory(csv: run.history)
      try HistoryFigure(history).figure(named: "history").write(to: run.figures)
      try ReconstructionFigure(
        result.reconstruction, channels: result.channels,
        names: result.labels.isEmpty ? result.cells : result.labels
      ).figure(named: "reconstructions").write(to: run.figures)
    } catch {
      say("\(error)")
    }
  }
}
