/// Uniform manifold approximation and projection: a map of rows in which near ones are near.
///
/// L. McInnes, J. Healy and J. Melville, 2018. The stages and constants are umap-learn's; the same
/// data, settings and seed give the same bytes on any number of threads.
public struct UMAP: Sendable {
  /// The choices.
  public let settings: UMAPSettings
  /// The threads.
  public let workers: Workers

  /// A projection with some settings.
  ///
  /// - Throws: `AnalysisError.badOption`.
  public init(_ settings: UMAPSettings = UMAPSettings(), workers: Workers = Workers())
    throws(AnalysisError)
  {
    try settings.validate()
    self.settings = settings
    self.workers = workers
  }

  /// The fewest rows a map can be made of.
  public static let fewestRows = 4

  /// Fits a map to rows.
  ///
  /// - Parameters:
  ///   - source: what to call the data in messages.
  ///   - progress: called with the stage and the share done of it.
  ///   - data: the rows, `[rows, columns]`.
  /// - Throws: `AnalysisError.tooFew` under 4 rows, `.notFinite`, `.noDirection`.
  public func fit(
    _ data: Matrix, source: String = "the data", progress: ((Stage, Double) -> Void)? = nil
  ) throws(AnalysisError) -> UMAPMap {
    guard data.rows >= Self.fewestRows else {
      throw .tooFew(
        what: "rows in \(source)", found: data.rows, needed: Self.fewestRows,
        advice: "A map of so few cells says nothing; embed more.")
    }
    progress?(.neighbors, 0)
    let size = min(settings.neighbors, data.rows)
    let search = NeighborSearch(metric: settings.metric, seed: settings.seed, workers: workers)
    let neighbors = try search.search(data, count: size - 1, source: source)
    progress?(.graph, 0)
    let smooth = SmoothDistances(neighbors)
    let graph = SparseGraph(fuzzy: neighbors, smooth: smooth)
    progress?(.start, 0)
    let start = SpectralStart(
      graph, data: data, dimensions: settings.dimensions, seed: settings.seed)
    let curve = MembershipCurve(minDistance: settings.minDistance, spread: settings.spread)
    let epochs = settings.epochs ?? (data.rows <= 10_000 ? 500 : 200)
    let optimizer = LayoutOptimizer(
      curve: curve, epochs: epochs, negativeRate: settings.negativeRate, rate: settings.rate,
      seed: settings.seed, workers: workers)
    let positions = optimizer.run(
      start.positions, dimensions: settings.dimensions, graph: graph
    ) { progress?(.layout, $0) }
    return UMAPMap(
      settings: settings, curve: curve, data: data,
      positions: Matrix(rows: data.rows, columns: settings.dimensions, values: positions),
      neighborsUsed: size, neighborMethod: neighbors.method, neighborRecall: neighbors.recall)
  }

  /// The steps of a fit, in order.
  public enum Stage: String, Sendable {
    /// Finding each row's nearest others.
    case neighbors
    /// Weighing them.
    case graph
    /// Finding where the layout begins.
    case start
    /// Moving the points.
    case layout
  }
}
