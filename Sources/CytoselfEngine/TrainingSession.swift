import CellData
import CytoselfAnalysis
import CytoselfCommands
import CytoselfFigures
import CytoselfInference
import CytoselfModel
import CytoselfTraining
import Foundation
import JobControl
import Torch
import Numerics

/// Trains for a person at a terminal: signals, text, figures.
enum TrainingSession {
  /// What a finished run leaves, beside its files.
  struct Result: Sendable {
    /// How the training ended.
    let outcome: Trainer.Outcome
    /// What the best weights make of some cells of the test set.
    let reconstruction: Reconstruction
    /// The names of those cells.
    let cells: [String]
    /// The classes of those cells; empty without labels.
    let labels: [String]
    /// The names of the channels.
    let channels: [String]
    /// What the embedding tells beside hand-crafted features; nil where that cannot be said.
    let check: LearningCheck?
  }

  /// Crops in the figure of reconstructions.
  private static let reconstructedCells = 8

  /// Trains on a thread of its own, draws the figures and prints where the results are.
  @discardableResult
  static func run(
    _ configuration: TrainingConfiguration, in run: RunDirectory, resumes: Bool
  ) async throws -> Result {
    let interruption = Interruption()
    interruption.listen {
      say("Finishing the step and saving; ctrl-C again ends at once without saving.")
    }
    defer { interruption.stopListening() }
    let result = try await DedicatedThread.run(name: "cytoself training") {
      Runtime.installCachingAllocator()
      let trainer = try Trainer.start(
        configuration, run: run, resumes: resumes, interruption: interruption, say: say)
      return try conclusion(of: trainer, outcome: trainer.train())
    }
    draw(result, of: run)
    if let best = result.outcome.best {
      print(
        (configuration.training.monitor == .last
          ? "Last validation loss" : "Best validation \(configuration.training.monitor.rawValue)")
          + " \(best.loss.shortText) in epoch \(best.epoch): \(run.best.path)")
    }
    if let test = result.outcome.history.rows.last?.test {
      print("Test loss with these weights \(test.losses.total.shortText)")
    }
    if let check = result.check {
      try check.write(to: run.quality)
      print(check.text(for: configuration))
    }
    print("Everything of the run is in \(run.url.path)")
    return result
  }

  /// One line for the user, beside the progress and apart from results.
  @Sendable static func say(_ text: String) {
    StandardError.print(text)
  }

  private static func conclusion(of trainer: Trainer, outcome: Trainer.Outcome) throws -> Result {
    let data = trainer.data
    let rows = data.exampleRows(reconstructedCells)
    return Result(
      outcome: outcome,
      reconstruction: try Reconstruction(
        trainer.model, device: trainer.device, data: data.set, rows: rows),
      cells: rows.map { data.set.cell($0) },
      labels: data.book.map { book in rows.map { book.classes[Int(book.labels[$0])] } } ?? [],
      channels: data.set.channelNames,
      check: try check(of: trainer))
  }

  /// The comparison with hand-crafted features; what keeps it from being made is a sentence and no failure
  /// of the run.
  private static func check(of trainer: Trainer) throws -> LearningCheck? {
    do {
      return try LearningCheck(
        trainer.model, device: trainer.device, data: trainer.data,
        batchSize: trainer.configuration.training.batchSize)
    } catch let error as AnalysisError {
      say("No comparison with hand-crafted features: \(error)")
      return nil
    }
  }

  /// Draws history and reconstructions; what cannot be drawn is a sentence and no failure.
  private static func draw(_ result: Result, of run: RunDirectory) {
    do throws(FigureError) {
      try HistoryFigure(TrainingHistory(result.outcome.history)).figure(named: "history").write(
        to: run.figures)
      try ReconstructionFigure(
        result.reconstruction, channels: result.channels,
        names: result.labels.isEmpty ? result.cells : result.labels
      ).figure(named: "reconstructions").write(to: run.figures)
    } catch {
      say("\(error)")
    }
  }
}

extension TrainingHistory {
  /// The history of a run as figures draw it.
  init(_ history: History) throws(FigureError) {
    try self.init(history.table, monitored: history.monitoredColumn)
  }
}
