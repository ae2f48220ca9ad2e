import ArgumentParser
import CytoselfCommands
import CytoselfInference
import CytoselfTraining
import Foundation

/// `cytoself inspect` for weights, which only a program that knows models can check.
///
/// `cytoself inspect` calls it with what looks like weights; users see that command alone.
struct InspectWeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect-weights",
    abstract: "Show the contents of a weight file, and its problems.",
    shouldDisplay: false)

  @Argument(help: "A run folder, a checkpoint folder or a weight file.")
  var weights: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let inspection = try WeightInspection(URL(filePath: weights))
    print(json ? try inspection.jsonText(indented: true) : inspection.text)
    if !inspection.isUsable { throw ExitCode(ExitStatus.badData.rawValue) }
  }
}
