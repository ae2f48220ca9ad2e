import ArgumentParser
import ArrayFiles
import CytoselfInference
import CytoselfTraining
import Foundation

/// `cytoself codebook`: the vectors of a model's codes as an array.
///
/// `cytoself spectrum --codebook` calls it, since only this program reads every format of weights.
struct CodebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codebook",
    abstract: "Write the vectors of the codes of one level of a model, [codes, width], as npy.",
    shouldDisplay: false)

  @Argument(help: "A run folder, a checkpoint folder or a weight file.")
  var model: String

  @Argument(help: "The file to write.")
  var out: String

  @Option(help: "The level, from 1.")
  var level = 1

  func run() throws {
    let codebook = try ModelSource(URL(filePath: model)).codebook(level: level)
    try NPY.write(
      codebook.vectors, shape: [codebook.codes, codebook.width], to: URL(filePath: out))
  }
}
