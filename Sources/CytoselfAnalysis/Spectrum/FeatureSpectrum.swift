/// How the codes of a codebook are used: a histogram per protein, and codes used alike side by side.
public struct FeatureSpectrum: Sendable, Equatable {
  /// The proteins, sorted.
  public let proteins: [String]
  /// The number of cells of each protein.
  public let cellCounts: [Int]
  /// The number of codes.
  public let codes: Int
  /// The mean code histogram of each protein, [proteins, codes].
  public let histograms: [Double]
  /// Pearson's correlation between codes over proteins, [codes, codes]; NaN is 0.
  public let correlation: PearsonMatrix
  /// The tree of codes, by the euclidean distance of their rows of the correlation.
  public let linkage: AverageLinkage
  /// The codes in the order of the tree: the features of a spectrum.
  public let leafOrder: [Int]

  /// The spectrum of a table [proteins, codes] of histograms.
  ///
  /// - Throws: `AnalysisError.tooFew` with under two proteins or codes, `.notFinite`.
  public init(
    proteins: [String], cellCounts: [Int], histograms: [Double], codes: Int,
    source: String = "the data", workers: Workers = Workers()
  ) throws(AnalysisError) {
    precondition(
      histograms.count == proteins.count * codes && cellCounts.count == proteins.count,
      "Each protein has one histogram and one count.")
    guard proteins.count >= 2 else {
      throw .tooFew(
        what: "proteins in \(source)", found: proteins.count, needed: 2,
        advice: "Codes are compared by how proteins use them: choose another --label column.")
    }
    guard codes >= 2 else {
      throw .tooFew(
        what: "codes in \(source)", found: codes, needed: 2,
        advice: "Choose a layer of code histograms or code indices, such as vqindhist1.")
    }
    let bad = (0..<proteins.count).filter { row in
      histograms[row * codes..<(row + 1) * codes].contains { !$0.isFinite }
    }
    if !bad.isEmpty {
      throw .notFinite(source: source, rows: Array(bad.prefix(10)), count: bad.count)
    }
    self.proteins = proteins
    self.cellCounts = cellCounts
    self.codes = codes
    self.histograms = histograms
    correlation = PearsonMatrix(
      columnsOf: histograms, rows: proteins.count, columns: codes, workers: workers)
    linkage = AverageLinkage(correlation.values, rows: codes, columns: codes, workers: workers)
    leafOrder = linkage.leafOrder
  }

  /// The spectrum of cells: their histograms averaged over each protein.
  ///
  /// - Parameters:
  ///   - layer: code histograms [cells, codes], or code indices [cells, ...] to be counted.
  ///   - labels: the protein of each cell; cells without one are left out.
  ///   - countsCodes: whether the layer holds code indices.
  ///   - codeCount: the size of the codebook, if the layer holds indices; nil takes the largest + 1.
  ///   - workers: the threads.
  /// - Throws: as the other initialiser; `AnalysisError.badFile` for an index that is none; what
  ///   reading throws.
  public init<Source: RowSource>(
    _ layer: Source, labels: [String], countsCodes: Bool, codeCount: Int? = nil,
    workers: Workers = Workers()
  ) throws {
    let grouping = Grouping(labels)
    let present = grouping.names.indices.filter { !grouping.names[$0].isEmpty }
    var places: [Int: Int] = [:]
    for (place, code) in present.enumerated() { places[code] = place }
    var counts = [Int](repeating: 0, count: present.count)
    let codes = try countsCodes ? codeCount ?? Self.largestCode(in: layer) + 1 : layer.columns
    var sums = [Double](repeating: 0, count: present.count * codes)
    try layer.forEachBlock { rows, block in
      for (offset, row) in rows.enumerated() {
        guard let place = places[grouping.codes[row]] else { continue }
        counts[place] += 1
        for column in 0..<layer.columns {
          let value = block[offset * layer.columns + column]
          if countsCodes {
            guard value >= 0, value < Float(codes), value == value.rounded() else {
              throw AnalysisError.badFile(
                path: layer.name, problem: "row \(row) holds the code \(value)",
                expected: "whole numbers from 0 to \(codes - 1)")
            }
            sums[place * codes + Int(value)] += 1
          } else {
            sums[place * codes + column] += Double(value)
          }
        }
      }
    }
    for place in present.indices {
      for code in 0..<codes { sums[place * codes + code] /= Double(max(1, counts[place])) }
    }
    try self.init(
      proteins: present.map { grouping.names[$0] }, cellCounts: counts, histograms: sums,
      codes: codes, source: layer.name, workers: workers)
  }

  /// A histogram in the order of the features.
  public func ordered(_ histogram: [Double]) -> [Double] {
    precondition(histogram.count == codes, "A histogram has a value for each code.")
    return leafOrder.map { histogram[$0] }
  }

  /// The spectrum of a protein, by its place in `proteins`.
  public func spectrum(of protein: Int) -> [Double] {
    ordered(Array(histograms[protein * codes..<(protein + 1) * codes]))
  }

  private static func largestCode<Source: RowSource>(in layer: Source) throws -> Int {
    var largest: Float = 0
    try layer.forEachBlock { _, block in
      for value in block where value > largest { largest = value }
    }
    guard largest < 1_000_000 else {
      throw AnalysisError.badFile(
        path: layer.name, problem: "the largest code is \(largest)",
        expected: "code indices below a million")
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
