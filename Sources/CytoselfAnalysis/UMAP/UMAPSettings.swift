/// The choices of a map, with umap-learn's names in parentheses.
public struct UMAPSettings: Sendable, Equatable, Codable {
  /// Rows in a neighbourhood, the row itself counted (`n_neighbors`).
  public var neighbors = 15
  /// The least distance of points in the map (`min_dist`).
  public var minDistance = 0.1
  /// The scale of the map (`spread`).
  public var spread = 1.0
  /// How rows are compared.
  public var metric = Metric.euclidean
  /// Passes of the layout (`n_epochs`); nil takes 500 up to 10,000 rows and 200 beyond.
  public var epochs: Int?
  /// Axes of the map, 1...64 (`n_components`).
  public var dimensions = 2
  /// The seed of every random choice.
  public var seed: UInt64 = 0
  /// Random points that push for each that pulls (`negative_sample_rate`).
  public var negativeRate = 5.0
  /// The first step of the layout (`learning_rate`).
  public var rate = 1.0

  /// umap-learn's defaults, and the seed 0.
  public init() {}

  /// Checks every value.
  ///
  /// - Throws: `AnalysisError.badOption` naming the option of the command line.
  public func validate() throws(AnalysisError) {
    if neighbors < 2 {
      throw .badOption(name: "--neighbors", value: "\(neighbors)", expected: "at least 2")
    }
    if !(minDistance >= 0 && minDistance <= spread) {
      throw .badOption(
        name: "--min-dist", value: "\(minDistance)",
        expected: "a number from 0 to the spread, \(spread)")
    }
    if !(spread > 0 && spread.isFinite) {
      throw .badOption(name: "--spread", value: "\(spread)", expected: "a number above 0")
    }
    if let epochs, epochs < 0 {
      throw .badOption(name: "--epochs", value: "\(epochs)", expected: "0 or more")
    }
    if !(1...64).contains(dimensions) {
      throw .badOption(name: "--dimensions", value: "\(dimensions)", expected: "1 to 64")
    }
  }
}
