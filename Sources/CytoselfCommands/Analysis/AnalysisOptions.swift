public import ArgumentParser
public import CytoselfAnalysis
import CytoselfFigures
import Foundation

extension Metric: ExpressibleByArgument {}

/// What the commands of the analysis share in printing and drawing.
enum AnalysisOutput {
  /// Prints an object as JSON with snake_case keys.
  static func printJSON(_ object: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    print(String(decoding: try encoder.encode(object), as: UTF8.self))
  }

  /// Draws figures; results are written already, so a missing gnuplot is a warning.
  static func draw(_ figures: [Figure], in folder: URL) throws {
    do throws(FigureError) {
      for figure in figures { try figure.write(to: folder) }
    } catch {
      guard error.kind == .missingPart else { throw error }
      warn("\(error)")
    }
  }

  /// A line on standard error.
  static func warn(_ message: String) {
    try? FileHandle.standardError.write(contentsOf: Data("warning: \(message)\n".utf8))
  }

  /// Makes the folder of results.
  static func makeFolder(_ path: String) throws -> URL {
    let folder = URL(filePath: path, directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Checks a number of threads.
  static func workers(_ threads: Int?) throws(AnalysisError) -> Workers {
    if let threads, threads < 1 {
      throw .badOption(name: "--threads", value: "\(threads)", expected: "at least 1")
    }
    return Workers(threads)
  }
}
