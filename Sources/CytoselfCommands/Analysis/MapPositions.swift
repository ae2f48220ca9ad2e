import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

/// Positions of cells in a saved map.
struct MapPositions {
  /// A row for each cell, a column for each axis.
  let positions: Matrix
  /// The file they are from.
  let file: String

  /// Reads a map of any number of axes.
  ///
  /// - Parameters:
  ///   - path: `umap.npy`, or the folder that holds it.
  ///   - rows: the cells that it should be of.
  /// - Throws: `AnalysisError.missing`, `.mismatch` for a map of other cells, `.badFile`, `.notFinite`,
  ///   `ArrayFileError`.
  init(_ path: String, rows: Int) throws {
    var isFolder: ObjCBool = false
    let named = URL(filePath: path)
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let url = isFolder.boolValue ? named.appending(path: "umap.npy") : named
    guard exists, FileManager.default.fileExists(atPath: url.path) else {
      throw AnalysisError.missing(
        path: url.path, advice: "Give the folder that 'cytoself umap' wrote, or its umap.npy.")
    }
    file = url.path
    positions = try EmbeddingLayer(NPYFile(url), layer: "map").matrix()
    guard positions.rows == rows else {
      throw AnalysisError.mismatch(
        what: "cells in \(file)", found: positions.rows, expected: rows,
        advice: "The map must be one of the same cells.")
    }
    try positions.requireFinite(source: file)
  }

  /// The map, which is to be drawn.
  ///
  /// - Throws: `AnalysisError.badFile` for one of other than two axes.
  func requiringTwoAxes() throws -> MapPositions {
    guard positions.columns == 2 else {
      throw AnalysisError.badFile(
        path: file, problem: "the array has shape [\(positions.rows), \(positions.columns)]",
        expected: "[cells, 2], a map of two axes")
    }
    return self
  }

  /// The map coloured by cluster, the largest first.
  func figure(of partition: Partition, resolution: Double) throws(FigureError) -> Figure {
    let shown = min(partition.sizes.count, GroupPalette.looks)
    let names = (0..<shown).map(String.init)
    func axis(_ column: Int) -> [Float] { (0..<positions.rows).map { positions[$0, column] } }
    return try GroupMap(
      x: axis(0), y: axis(1), groups: partition.codes.map { $0 < shown ? names[$0] : "others" },
      palette: GroupPalette(names), title: "\(partition.sizes.count.counted("cluster")) of cells",
      note: "Leiden communities at resolution \(resolution.decimals(3)), the largest is 0"
    ).figure(named: "clusters")
  }
}
