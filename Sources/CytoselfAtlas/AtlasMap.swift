import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// Positions of the cells on one map, for an atlas.
public struct AtlasMap: Sendable {
  /// What the map is called on the page.
  public let name: String
  /// The layer that it is a map of; nil where that is not known.
  public let layer: String?
  /// A row for each cell, a column for each axis.
  public let positions: Matrix
  /// The smallest number of each axis.
  public let minimum: [Float]
  /// The largest number of each axis.
  public let maximum: [Float]

  /// The number of axes.
  public var dimensions: Int { positions.columns }

  /// A map of cells.
  ///
  /// - Parameters:
  ///   - name: what it is called on the page.
  ///   - layer: the layer that it is a map of, if known.
  ///   - positions: `[cells, 2]` or `[cells, 3]`.
  ///   - source: where they come from, for messages.
  /// - Throws: `AnalysisError.badFile` for other than two or three axes, `.notFinite`.
  public init(
    name: String, layer: String?, positions: Matrix, source: String
  ) throws(AnalysisError) {
    guard (2...3).contains(positions.columns) else {
      throw .badFile(
        path: source, problem: "the array has shape [\(positions.rows), \(positions.columns)]",
        expected: "[cells, 2] or [cells, 3], a map of two or three axes")
    }
    try positions.requireFinite(source: source)
    self.name = name
    self.layer = layer
    self.positions = positions
    var low = [Float](repeating: .infinity, count: positions.columns)
    var high = [Float](repeating: -.infinity, count: positions.columns)
    for row in 0..<positions.rows {
      for axis in 0..<positions.columns {
        low[axis] = min(low[axis], positions[row, axis])
        high[axis] = max(high[axis], positions[row, axis])
      }
    }
    minimum = low
    maximum = high
  }

  /// A coordinate from 0 at the smallest of its axis to 65,535 at the largest.
  func quantized(_ row: Int, axis: Int) -> UInt16 {
    let span = maximum[axis] - minimum[axis]
    guard span > 0 else { return 0 }
    return UInt16(((positions[row, axis] - minimum[axis]) / span * 65_535).rounded())
  }

  /// Reads what `cytoself umap` wrote, or one npy file of positions.
  ///
  /// Cells are found by the ids of `umap.csv` where it is there, else by their rows.
  /// - Parameters:
  ///   - path: the folder, or an npy file.
  ///   - cells: the cells of the atlas.
  /// - Throws: `AnalysisError.missing`, `.mismatch` for a map of other cells, and as `init`;
  ///   `ArrayFileError`.
  public init(contentsOf path: String, of cells: CellIds) throws {
    var isFolder: ObjCBool = false
    let named = URL(filePath: path)
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isFolder.boolValue ? named.appending(path: "umap.npy") : named
    guard exists, FileManager.default.fileExists(atPath: file.path) else {
      throw AnalysisError.missing(
        path: file.path, advice: "Give the folder that 'cytoself umap' wrote, or its umap.npy.")
    }
    let layer = try EmbeddingLayer(NPYFile(file), layer: "map")
    let table = file.deletingLastPathComponent().appending(path: "umap.csv")
    let rows: [Int32]?
    if cells.areNamed, FileManager.default.fileExists(atPath: table.path) {
      let ids = try CellIds(table: table)
      guard ids.count == layer.rows else {
        throw AnalysisError.mismatch(
          what: "rows in \(table.path)", found: ids.count, expected: layer.rows,
          advice: "The table and \(file.lastPathComponent) beside it are of different maps: run "
            + "'cytoself umap' again.")
      }
      rows = try cells.rows(in: ids, called: table.path)
    } else {
      guard layer.rows == cells.count else {
        throw AnalysisError.mismatch(
          what: "cells in \(file.path)", found: layer.rows, expected: cells.count,
          advice: "The map must be one of the same cells.")
      }
      rows = nil
    }
    let positions = try layer.matrix(rows: rows.map { $0.map(Int.init) })
    // The folder says what it is: cytoself umap E --out features-2d.
    let name = isFolder.boolValue ? named.standardizedFileURL.lastPathComponent : path
    try self.init(name: name, layer: nil, positions: positions, source: file.path)
  }
}
