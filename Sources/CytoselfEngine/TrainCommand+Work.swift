import ArgumentParser
import CytoselfCommands
import CytoselfTraining
import Foundation

extension TrainCommand: EngineWork {
  package func work() async throws {
    if printConfig {
      let base = resume ? try TrainingOptions.configuration(of: outFolder()) : nil
      let resolved = try options.configuration(data: data, base: base)
      try resolved.validate()
      print(resolved.yaml, terminator: "")
      return
    }
    options.kernels.apply()
    let run = try outFolder()
    let configuration: TrainingConfiguration
    if resume {
      let base = try TrainingOptions.configuration(of: run)
      configuration = try options.configuration(data: data, base: base)
      try configuration.requireContinuation(of: base)
    } else {
      configuration = try options.configuration(data: data, base: nil)
    }
    try await TrainingSession.run(configuration, in: run, resumes: resume)
  }

  private func outFolder() throws -> RunDirectory {
    guard let out else { throw ValidationError("Missing expected option '--out <out>'") }
    return RunDirectory(URL(filePath: out, directoryHint: .isDirectory))
  }
}
