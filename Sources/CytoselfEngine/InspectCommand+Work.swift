import ArgumentParser
import ArrayFiles
import CytoselfCommands
import CytoselfTraining
import Foundation

extension InspectCommand: EngineWork {
  package func work() async throws {
    let url = URL(filePath: data)
    guard ModelSource.weights(inFolder: url) != nil || WeightFile.isLikely(url) else {
      return try inspectData()
    }
    let inspection = try WeightInspection(url)
    print(json ? try inspection.jsonText(indented: true) : inspection.text)
    if !inspection.isUsable { throw ExitCode(ExitStatus.badData.rawValue) }
  }
}
