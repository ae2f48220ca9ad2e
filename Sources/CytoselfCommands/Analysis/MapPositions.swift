import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

/// Where cells lie in a map that was made before.
struct MapPositions {
  private let x: [Float]
  private let y: [Float]

  /// Reads a map of two axes.
  ///
  /// - Parameters:
  ///   - path: `umap.npy`, or the folder that holds it.
  ///   - rows: the cells that are to be drawn.
  /// - Throws: `AnalysisError.mismatch` for a map of other cells, `.badFile` for one of other than two
  ///   axes, `ArrayFileError`.
  init(_ path: String, rows: Int) throws {
    var isFolder: ObjCBool = false
    let named = URL(filePath: path)
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isFolder.boolValue ? named.appending(path: "umap.npy") : named
    guard exists, FileManager.default.fileExists(atPath: file.path) else {
      throw AnalysisError.missing(
        path: file.path, advice: "Give the folder that 'cytoself umap' wrote, or its umap.npy.")
    }
    let array = try NPYFile(file)
    guard array.shape.count == 2, array.shape[1] == 2 else {
      throw AnalysisError.badFile(
        path: file.path, problem: "the array has shape \(array.shape)",
        expected: "[cells, 2], a map of two axes")
    }
    guard array.shape[0] == rows else {
      throw AnalysisError.mismatch(
        what: "cells in \(file.path)", found: array.shape[0], expected: rows,
        advice: "The map is of other cells: make it of the same embeddings.")
    }
    let values = try array.floats()
    x = stride(from: 0, to: values.count, by: 2).map { values[$0] }
    y = stride(from: 1, to: values.count, by: 2).map { values[$0] }
  }

  /// The map coloured by cluster, the largest first.
  func figure(of partition: Partition, resolution: Double) throws(FigureError) -> Figure {
    let shown = min(partition.sizes.count, GroupPalette.looks)
    let names = (0..<shown).map(String.init)
    return try GroupMap(
      x: x, y: y, groups: partition.codes.map { $0 < shown ? names[$0] : "others" },
      palette: GroupPalette(names), title: "\(partition.sizes.count) clusters of cells",
      note: "Leiden communities at resolution \(resolution.decimals(3)), the largest is 0"
    ).figure(named: "clusters")
  }
}
