/// How often proteins use each code of a codebook: a mean histogram per protein.
public struct CodeHistograms: Sendable, Equatable {
  /// The proteins, sorted.
  public let proteins: [String]
  /// The number of cells of each protein.
  public let cellCounts: [Int]
  /// The number of codes.
  public let codes: Int
  /// The mean count of each code in a cell of each protein, [proteins, codes].
  public let values: [Double]

  /// A table of histograms.
  ///
  /// - Parameters:
  ///   - proteins: the name of each row.
  ///   - cellCounts: the number of cells behind each row.
  ///   - values: [proteins, codes] in C order.
  ///   - codes: the number of codes.
  ///   - source: what to call the data in messages.
  /// - Throws: `AnalysisError.tooFew` without a protein or with under two codes, `.notFinite`.
  public init(
    proteins: [String], cellCounts: [Int], values: [Double], codes: Int,
    source: String = "the data"
  ) throws(AnalysisError) {
    precondition(
      values.count == proteins.count * codes && cellCounts.count == proteins.count,
      "Each protein has one histogram and one count.")
    guard !proteins.isEmpty else {
      throw .tooFew(
        what: "proteins in \(source)", found: 0, needed: 1,
        advice: "Choose another --labels column.")
    }
    guard codes >= 2 else {
      throw .tooFew(
        what: "codes in \(source)", found: codes, needed: 2,
        advice: "Choose a layer of code histograms or code numbers, such as vqindhist1.")
    }
    let bad = (0..<proteins.count).filter { row in
      values[row * codes..<(row + 1) * codes].contains { !$0.isFinite }
    }
    if !bad.isEmpty {
      throw .notFinite(source: source, rows: Array(bad.prefix(10)), count: bad.count)
    }
    self.proteins = proteins
    self.cellCounts = cellCounts
    self.codes = codes
    self.values = values
  }

  /// The histogram of a protein, by its place in `proteins`.
  public func histogram(of protein: Int) -> [Double] {
    Array(values[protein * codes..<(protein + 1) * codes])
  }
}
