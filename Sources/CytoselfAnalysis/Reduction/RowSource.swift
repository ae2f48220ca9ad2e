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

extension RowSource {
  /// Checks that every number is finite, and squares of differences too, reading a block of rows at a time.
  ///
  /// - Throws: `AnalysisError.notFinite` naming the rows, `.badFile` as ``NumberRange``, and what reading
  ///   throws.
  public func requireFinite() throws {
    let size = max(1, (4 << 20) / max(1, columns))
    var block = [Float](repeating: 0, count: min(rows, size) * columns)
    var found: [Int] = []
    var count = 0
    var numbers = NumberRange()
    for start in stride(from: 0, to: rows, by: size) {
      let range = start..<Swift.min(rows, start + size)
      try block.withUnsafeMutableBufferPointer { values throws(Failure) in
        guard let base = values.baseAddress else { return }
        try read(range, into: base)
        for row in range {
          let line = UnsafeMutableBufferPointer(
            rebasing: values[(row - start) * columns..<(row - start + 1) * columns])
          numbers.look(at: line, row: row)
          guard !Self.isFinite(line) else { continue }
          count += 1
          if found.count < 10 { found.append(row) }
        }
      }
    }
    if count > 0 { throw AnalysisError.notFinite(source: name, rows: found, count: count) }
    try numbers.check(source: name)
  }

  /// Whether every number is finite: 0 times any other number is not 0.
  private static func isFinite(_ values: UnsafeMutableBufferPointer<Float>) -> Bool {
    var sums = SIMD16<Float>(repeating: 0)
    var index = 0
    while index + 16 <= values.count {
      for lane in 0..<16 { sums[lane] += values[index + lane] * 0 }
      index += 16
    }
    while index < values.count {
      sums[0] += values[index] * 0
      index += 1
    }
    return sums == SIMD16(repeating: 0)
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
