/// Rows of float32 numbers that may be too many for memory: read a block at a time.
public protocol RowSource: Sendable {
  /// What can go wrong while reading.
  associatedtype Failure: Error
  /// The number of rows.
  var rows: Int { get }
  /// The number of columns.
  var columns: Int { get }
  /// Where the rows come from, for messages.
  var name: String { get }
  /// Copies the rows of a range, [range.count, columns] in C order.
  ///
  /// Safe to call from several threads.
  func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws(Failure)
}

extension RowSource {
  /// The listed rows (all of them by default) as a matrix in memory.
  ///
  /// - Throws: what reading throws.
  public func matrix(rows list: [Int]? = nil) throws(Failure) -> Matrix {
    let count = list?.count ?? rows
    var values = [Float](repeating: 0, count: count * columns)
    try values.withUnsafeMutableBufferPointer { buffer throws(Failure) in
      guard let base = buffer.baseAddress else { return }
      guard let list else {
        try read(0..<rows, into: base)
        return
      }
      for (place, row) in list.enumerated() {
        try read(row..<row + 1, into: base + place * columns)
      }
    }
    return Matrix(rows: count, columns: columns, values: values)
  }
}

extension Matrix: RowSource {
  /// Where the rows come from, for messages.
  public var name: String { "the data" }

  /// Copies the rows of a range.
  public func read(_ range: Range<Int>, into target: UnsafeMutablePointer<Float>) throws(Never) {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress, !range.isEmpty else { return }
      target.update(from: base + range.lowerBound * columns, count: range.count * columns)
    }
  }
}
