package import ArgumentParser
import CellData
import Foundation

/// `cytoself inspect`: what is in a data set and what is wrong with it.
package struct InspectCommand: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what is in a data set and what is wrong with it.",
    discussion: """
      DATA is a folder in the sample layout (<name>_pro.npy, <name>_label.npy), a folder in the \
      released layout (Image_dataNN.npy, Label_dataNN.csv), or one .npy of crops with a table \
      beside it. Ends with exit code 65 when the data set cannot be used.
      """)

  @Argument(help: "A folder of crops, or one .npy.", completion: .file())
  var data: String

  @OptionGroup(title: "Reading")
  var reading: DataOptions

  @Flag(help: "Read the pixels of every crop, not of at most 20,000.")
  var all = false

  @Flag(help: "Print one JSON object.")
  var json = false

  package init() {}

  package func run() throws {
    let inspection = try DataInspection(
      URL(filePath: data), options: reading.options(), sampleLimit: all ? nil : 20_000)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      print(String(decoding: try encoder.encode(inspection), as: UTF8.self))
    } else {
      print(inspection)
    }
    if !inspection.isUsable { throw ExitCode(ExitStatus.badData.rawValue) }
  }
}
