import ArrayFiles
import CytoselfAnalysis
public import Foundation
import Numerics

/// Communities that `cytoself cluster` found, of cells or of proteins.
public struct AtlasClusters: Sendable {
  private let path: String
  private let isOfCells: Bool
  private let ids: CellIds
  private let clusters: CSVColumn

  /// Reads `clusters.csv`.
  ///
  /// - Parameter folder: the folder that `cytoself cluster` wrote.
  /// - Throws: `AnalysisError.missing`; `ArrayFileError` for a table that cannot be read.
  public init(folder: URL) throws {
    let url = folder.appending(path: "clusters.csv")
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw AnalysisError.missing(
        path: url.path, advice: "Give the folder that 'cytoself cluster' wrote.")
    }
    let table = try CSVTable(url)
    clusters = try table.column("cluster")
    isOfCells = table.header.first == "cell"
    ids = try CellIds(table: url)
    path = url.path
  }

  /// The cluster of each cell, as a column.
  ///
  /// - Parameters:
  ///   - cells: the cells of the embeddings.
  ///   - proteins: the protein of each, for clusters of proteins.
  /// - Throws: `AnalysisError.badFile` where cells or all proteins are missing, or there are too many
  ///   clusters.
  func column(of cells: CellIds, proteins: CSVColumn?) throws(AnalysisError) -> AtlasColumn {
    var values = clusters.uniqueValues
    let codes: [Int32]
    if isOfCells {
      let rows = try cells.rows(in: ids, called: path)
      codes = rows.map { $0.map { clusters.codes[Int($0)] } } ?? clusters.codes
    } else {
      var places: [String: Int32] = [:]
      for row in 0..<ids.count { places[ids[row]] = clusters.codes[row] }
      let none = Int32(values.count)
      values.append("")
      let found = proteins?.uniqueValues.map { places[MissingText.label($0)] ?? none } ?? []
      guard let proteins, found.contains(where: { $0 != none }) else {
        throw .badFile(
          path: path,
          problem:
            "its clusters are of proteins, such as '\(ids[0])', and no cell is of one of them",
          expected: "clusters of the same cells or proteins")
      }
      codes = proteins.codes.map { found[Int($0)] }
    }
    guard
      let column = AtlasColumn(name: "cluster", distinct: values, codes: codes, role: .cluster)
    else {
      throw .badFile(
        path: path, problem: "\(values.count.counted("cluster")) are more than an atlas can show",
        expected: "fewer than \(AtlasColumn.mostLabels)")
    }
    return column
  }
}
