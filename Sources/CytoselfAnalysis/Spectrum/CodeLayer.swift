/// A layer of code histograms or of code numbers, read as one histogram per cell.
public struct CodeLayer<Source: RowSource>: Sendable where Source: Sendable {
  /// The layer, [cells, codes] or [cells, positions].
  public let source: Source
  /// The number of codes.
  public let codes: Int
  /// Whether the layer holds code numbers, to be counted.
  public let holdsCodes: Bool

  /// A layer of histograms, or of code numbers.
  ///
  /// - Parameters:
  ///   - source: code histograms [cells, codes], or code numbers [cells, ...].
  ///   - holdsCodes: whether the layer holds code numbers.
  ///   - codes: the size of the codebook, if the layer holds code numbers; nil takes the largest + 1.
  /// - Throws: `AnalysisError.badFile` for a largest code of a million or more; what reading throws.
  public init(_ source: Source, holdsCodes: Bool, codes: Int? = nil) throws {
    self.source = source
    self.holdsCodes = holdsCodes
    self.codes =
      try holdsCodes ? codes ?? Self.largestCode(in: source) + 1 : source.columns
  }

  /// The histogram of one cell.
  ///
  /// - Parameter row: the row of the cell, from 0.
  /// - Returns: a count for each code.
  /// - Throws: `AnalysisError.badFile` for a number that is no code; what reading throws.
  public func histogram(ofCell row: Int) throws -> [Double] {
    precondition((0..<source.rows).contains(row), "The layer has \(source.rows) cells.")
    var values = [Float](repeating: 0, count: source.columns)
    try values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { try source.read(row..<row + 1, into: base) }
    }
    var histogram = [Double](repeating: 0, count: codes)
    try values.withUnsafeBufferPointer { try add($0, row: row, to: &histogram, at: 0) }
    return histogram
  }

  /// The mean histogram of the cells of each protein.
  ///
  /// - Parameter labels: the protein of each cell; cells without one are left out.
  /// - Throws: `AnalysisError.badFile` for a number that is no code, `.notFinite` naming the
  ///   proteins' rows, `.tooFew` where no cell has a protein; what reading throws.
  public func means(of labels: [String]) throws -> CodeHistograms {
    precondition(labels.count == source.rows, "Every cell has a label, empty or not.")
    let grouping = Grouping(labels)
    let present = grouping.names.indices.filter { !grouping.names[$0].isEmpty }
    var places: [Int: Int] = [:]
    for (place, code) in present.enumerated() { places[code] = place }
    var counts = [Int](repeating: 0, count: present.count)
    var sums = [Double](repeating: 0, count: present.count * codes)
    try source.forEachBlock { rows, block in
      for (offset, row) in rows.enumerated() {
        guard let place = places[grouping.codes[row]] else { continue }
        counts[place] += 1
        let cell = UnsafeBufferPointer(
          rebasing: block[offset * source.columns..<(offset + 1) * source.columns])
        try add(cell, row: row, to: &sums, at: place * codes)
      }
    }
    for place in present.indices {
      for code in 0..<codes { sums[place * codes + code] /= Double(max(1, counts[place])) }
    }
    return try CodeHistograms(
      proteins: present.map { grouping.names[$0] }, cellCounts: counts, values: sums,
      codes: codes, source: source.name)
  }

  /// Adds the histogram of one cell to sums that start at a place.
  private func add(
    _ cell: UnsafeBufferPointer<Float>, row: Int, to sums: inout [Double], at start: Int
  ) throws {
    guard holdsCodes else {
      for (code, value) in cell.enumerated() { sums[start + code] += Double(value) }
      return
    }
    for value in cell {
      guard value >= 0, value < Float(codes), value == value.rounded() else {
        throw AnalysisError.badFile(
          path: source.name, problem: "row \(row) holds the code \(value)",
          expected: "whole numbers from 0 to \(codes - 1)")
      }
      sums[start + Int(value)] += 1
    }
  }

  private static func largestCode(in layer: Source) throws -> Int {
    var largest: Float = 0
    try layer.forEachBlock { _, block in
      for value in block where value > largest { largest = value }
    }
    guard largest < 1_000_000 else {
      throw AnalysisError.badFile(
        path: layer.name, problem: "the largest code is \(largest)",
        expected: "code numbers below a million")
    }
    return Int(largest)
  }
}

extension RowSource {
  /// Calls `body` with ranges of rows and their values, at most about 16 MB at a time.
  func forEachBlock(
    _ body: (_ rows: Range<Int>, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let size = max(1, min(max(1, rows), (4 << 20) / max(1, columns)))
    var block = [Float](repeating: 0, count: size * columns)
    for start in stride(from: 0, to: rows, by: size) {
      let range = start..<min(rows, start + size)
      try block.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        try read(range, into: base)
        try body(range, UnsafeBufferPointer(rebasing: buffer[0..<range.count * columns]))
      }
    }
  }
}
