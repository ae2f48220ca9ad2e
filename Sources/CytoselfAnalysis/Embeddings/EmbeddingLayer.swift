public import ArrayFiles
import Foundation

/// One embedding of many cells, a row per cell, read from its npy file a block at a time.
public struct EmbeddingLayer: RowSource {
  /// The name of the layer, such as `vqvec2`.
  public let layer: String
  /// The file, [cells, ...].
  public let file: NPYFile

  /// The number of cells.
  public var rows: Int { file.shape[0] }
  /// The numbers of one cell; axes after the first are flattened in C order.
  public let columns: Int
  /// The path of the file, for messages.
  public var name: String { file.url.path }

  /// A layer in a file.
  ///
  /// - Throws: `AnalysisError.badFile` if the array has no rows or no columns.
  public init(_ file: NPYFile, layer: String) throws(AnalysisError) {
    guard file.shape.count >= 1, file.shape.allSatisfy({ $0 > 0 }) else {
      throw .badFile(
        path: file.url.path, problem: "the array has shape \(file.shape)",
        expected: "one row for each cell, [cells, ...], and at least one cell")
    }
    self.file = file
    self.layer = layer
    columns = file.shape.dropFirst().reduce(1, *)
  }

  /// Reads rows as float32.
  ///
  /// - Throws: `ArrayFileError` when the disk fails.
  public func read(
    _ range: Range<Int>, into target: UnsafeMutablePointer<Float>
  ) throws(ArrayFileError) {
    try file.readRows(
      range, into: UnsafeMutableBufferPointer(start: target, count: range.count * columns))
  }
}
