public import ArrayFiles
public import Foundation

extension EmbeddingExport {
  /// Writes a table with a row per cell: the id, the columns, and the other rows as `umap_1`, `umap_2`
  /// and so on.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - includesFeatures: whether the features follow, as `vqvec2_0`, `vqvec2_1` and so on.
  /// - Throws: `ArrayFileError` when reading or writing fails; nothing is left under the name then.
  public func writeCSV(to url: URL, includesFeatures: Bool) throws(ArrayFileError) {
    var header = [idName] + columns.map(\.name)
    for (name, rows) in matrices { header += (1...rows.columns).map { "\(name)_\($0)" } }
    if includesFeatures { header += featureNames }
    let sources = matrices.map(\.rows) + (includesFeatures ? [features] : [])
    let writer = try CSVWriter(url, header: ColumnNames.unique(header))
    // A few megabytes of numbers at a time.
    let block = max(1, (1 << 20) / max(1, sources.reduce(0) { $0 + $1.columns }))
    for start in stride(from: 0, to: features.rows, by: block) {
      let range = start..<min(start + block, features.rows)
      let ids = ids(range)
      var values: [[Float]] = []
      for source in sources { values.append(try Self.values(source, range)) }
      for row in range {
        let place = row - start
        var fields = [ids[place]] + columns.map { $0[row] }
        for (source, values) in zip(sources, values) {
          let isWhole = !source.file.elementType.isFloatingPoint
          for value in values[place * source.columns..<(place + 1) * source.columns] {
            fields.append(isWhole ? "\(Int(value))" : "\(value)")
          }
        }
        try writer.append(fields)
      }
    }
    try writer.finish()
  }

  private static func values(
    _ source: EmbeddingLayer, _ range: Range<Int>
  ) throws(ArrayFileError) -> [Float] {
    var values = [Float](repeating: 0, count: range.count * source.columns)
    try values.withUnsafeMutableBufferPointer { buffer throws(ArrayFileError) in
      guard let base = buffer.baseAddress else { return }
      try source.read(range, into: base)
    }
    return values
  }
}
