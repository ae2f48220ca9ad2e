import ArrayFiles
import CytoselfAnalysis
public import Foundation

/// What `cytoself score --out` measured of the embeddings, for an atlas.
public struct AtlasScores: Sendable {
  /// A score with its chance.
  struct Row: Sendable, Encodable {
    let label: String
    let method: String
    let score: String
    let value: Double
    let low: Double?
    let high: Double?
    let chance: Double?
  }

  /// How well one class was told from the others.
  struct OfClass: Sendable, Encodable {
    let recall: Double?
    let precision: Double?
    let averagePrecision: Double?
    let falseDiscoveryRate: Double?
  }

  let rows: [Row]
  /// The scores of classes, by column and class.
  private let classes: [String: [String: OfClass]]

  /// Reads `scores.csv` and, where it is there, `classes.csv`.
  ///
  /// - Parameter folder: the folder that `cytoself score --out` wrote.
  /// - Throws: `AnalysisError.missing`; `ArrayFileError` for a table that cannot be read.
  public init(folder: URL) throws {
    let url = folder.appending(path: "scores.csv")
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw AnalysisError.missing(
        path: url.path, advice: "Give the folder that 'cytoself score --out' wrote.")
    }
    let table = try CSVTable(url)
    let names = try ["label", "method", "score"].map { try table.column($0) }
    let values = try ["value", "low", "high", "chance"].map { try table.column($0).doubles() }
    func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
    rows = (0..<table.rowCount).compactMap { row in
      known(values[0][row]).map {
        Row(
          label: names[0][row], method: names[1][row], score: names[2][row], value: $0,
          low: known(values[1][row]), high: known(values[2][row]), chance: known(values[3][row]))
      }
    }
    var classes: [String: [String: OfClass]] = [:]
    let detail = folder.appending(path: "classes.csv")
    if FileManager.default.fileExists(atPath: detail.path) {
      let table = try CSVTable(detail)
      let labels = try table.column("label")
      let names = try table.column("class")
      let numbers = try ["recall", "precision", "average_precision", "false_discovery_rate"].map {
        try table.column($0).doubles()
      }
      for row in 0..<table.rowCount {
        classes[labels[row], default: [:]][names[row]] = OfClass(
          recall: known(numbers[0][row]), precision: known(numbers[1][row]),
          averagePrecision: known(numbers[2][row]), falseDiscoveryRate: known(numbers[3][row]))
      }
    }
    self.classes = classes
  }

  /// The scores of the classes of a column.
  func classes(of column: String) -> [String: OfClass] { classes[column] ?? [:] }
}
