public import ArgumentParser
import ArrayFiles
public import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

extension Metric: ExpressibleByArgument {}

/// The embeddings that a command of the analysis reads.
struct EmbeddingOptions: ParsableArguments {
  @Argument(help: "A folder of embeddings, or one .npy file (then --table may describe its rows).")
  var embeddings: String

  @Option(help: "The layer (default: features, else vqvec2, or the only one).")
  var layer: String?

  @Option(help: "A table with a row per cell, in place of cells.csv.")
  var table: String?

  /// Opens the table of the cells and the layer.
  func open() throws -> (table: EmbeddingTable, layer: EmbeddingLayer) {
    var found = try EmbeddingTable(URL(filePath: embeddings))
    if let table {
      found = try found.described(by: URL(filePath: table))
      if !found.hasIds {
        StandardError.print(
          "note: \(table) has no column 'cell' with ids, so cells are numbered by rows from 0")
      }
    }
    for name in found.cells?.repeatedNames ?? [] where !name.isEmpty {
      StandardError.warn(
        "\(found.cells?.url.path ?? ""): several columns are called '\(name)'; the first is '\(name)', "
          + "the next '\(name).1'. Give each a name of its own.")
    }
    return (found, try found.layer(layer))
  }
}

extension EmbeddingTable {
  /// The column of proteins that a command takes by itself, which is said.
  ///
  /// - Parameter option: the option that would name it.
  func sayingProteinColumn(option: String = "--labels") -> String? {
    say(chosenProteinColumn, "proteins", option: option)
  }

  /// The column of fields that a command takes by itself, which is said.
  func sayingFieldColumn() -> String? {
    say(chosenFieldColumn, "fields of view", option: "--field")
  }

  private func say(_ chosen: ChosenColumn?, _ what: String, option: String) -> String? {
    guard let chosen else { return nil }
    StandardError.print(
      "note: \(what) are identified by column \(chosen.name) (\(chosen.reason))")
    for passed in chosen.passedOver {
      StandardError.warn("\(passed), so it is not taken for \(what) (\(option) names a column)")
    }
    sayMissing(in: chosen.name)
    return chosen.name
  }

  /// Says how many cells have no value in a column of labels.
  func sayMissing(in column: String) {
    guard let count = try? missing(in: column), count > 0 else { return }
    StandardError.warn(
      "column \(column): \(count) of \((cells?.rowCount ?? 0).counted("cell")) \(count == 1 ? "has" : "have") no "
        + "value and \(count == 1 ? "is" : "are") left out")
  }
}

/// How a command of the analysis shows what it found.
struct ResultOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Draw figures (needs gnuplot).")
  var figures = true

  @Flag(help: "Print a summary as one JSON object.")
  var json = false

  /// Makes the folder of results.
  func folder(_ path: String) throws -> URL {
    let folder = URL(filePath: path, directoryHint: .isDirectory)
    try NewFolder.make(folder)
    return folder
  }

  /// Draws into `figures/` of the folder of results, unless figures are not wanted.
  ///
  /// Results are written already, so a missing gnuplot is a warning; scripts and data are kept.
  func draw(
    in folder: URL, _ figures: () throws(FigureError) -> [Figure]
  ) throws(FigureError) {
    guard self.figures else { return }
    var missing: FigureError?
    for figure in try figures() {
      do throws(FigureError) {
        try figure.write(to: folder.appending(path: "figures"))
      } catch {
        guard error.kind == .missingPart else { throw error }
        missing = missing ?? error
      }
    }
    if let missing { StandardError.warn("\(missing)") }
  }

  /// Prints a summary as JSON or as lines for a person.
  func print(_ summary: some Encodable, lines: () -> [String]) throws {
    if json {
      Swift.print(try summary.jsonText())
    } else {
      for line in lines() { Swift.print(line) }
    }
  }
}

/// The seed and the threads of a computation.
struct ComputeOptions: ParsableArguments {
  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 0

  @OptionGroup var threading: ThreadOptions

  /// The threads.
  var workers: Workers { threading.workers }
}

/// The threads of a computation.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads (default: one per core).")
  var threads: Int?

  func validate() throws {
    guard threads ?? 1 >= 1 else { throw ValidationError("--threads is 1 or more.") }
  }

  /// The threads.
  var workers: Workers { Workers(threads) }
}
