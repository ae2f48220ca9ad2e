/// The codes of a codebook in a tree, codes that are alike side by side.
///
/// The rows of Pearson's correlation matrix are joined by average linkage of their euclidean
/// distances, as upstream and `seaborn.clustermap` do.
public struct CodeTree: Sendable, Equatable {
  /// Pearson's correlation between codes, [codes, codes]; NaN is 0.
  public let correlation: PearsonMatrix
  /// The tree of codes.
  public let linkage: AverageLinkage
  /// The codes from one side of the tree to the other: the features of a spectrum.
  public let order: FeatureOrder

  /// The number of codes.
  public var codes: Int { correlation.size }

  /// Codes that are alike when the same proteins use them.
  ///
  /// - Parameters:
  ///   - histograms: how often proteins use each code.
  ///   - source: what to call the data in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` with under two proteins.
  public init(
    _ histograms: CodeHistograms, source: String = "the data", workers: Workers = Workers()
  ) throws(AnalysisError) {
    guard histograms.proteins.count >= 2 else {
      throw .tooFew(
        what: "proteins in \(source)", found: histograms.proteins.count, needed: 2,
        advice: "Codes are compared by how proteins use them: choose another --labels column, or "
          + "take the order of features from elsewhere with --leaf-order or --codebook.")
    }
    self.init(
      PearsonMatrix(
        columnsOf: histograms.values, rows: histograms.proteins.count, columns: histograms.codes,
        workers: workers), workers: workers)
  }

  /// Codes that are alike when their vectors are.
  ///
  /// - Parameters:
  ///   - vectors: the vector of each code, [codes, width].
  ///   - source: what to call the codebook in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` with under two codes or under two numbers a code, `.notFinite`.
  public init(
    codebook vectors: Matrix, source: String = "the codebook", workers: Workers = Workers()
  ) throws(AnalysisError) {
    guard vectors.rows >= 2, vectors.columns >= 2 else {
      throw .tooFew(
        what: vectors.rows < 2 ? "codes in \(source)" : "numbers of a code in \(source)",
        found: min(vectors.rows, vectors.columns), needed: 2,
        advice: "Codes are compared by the correlation of their vectors.")
    }
    try vectors.requireFinite(source: source)
    var columns = [Double](repeating: 0, count: vectors.values.count)
    for code in 0..<vectors.rows {
      for number in 0..<vectors.columns {
        columns[number * vectors.rows + code] = Double(vectors[code, number])
      }
    }
    self.init(
      PearsonMatrix(
        columnsOf: columns, rows: vectors.columns, columns: vectors.rows, workers: workers),
      workers: workers)
  }

  private init(_ correlation: PearsonMatrix, workers: Workers) {
    self.correlation = correlation
    linkage = AverageLinkage(
      correlation.values, rows: correlation.size, columns: correlation.size, workers: workers)
    order = FeatureOrder(linkage)
  }
}
