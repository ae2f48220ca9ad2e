/// A fitted map: the rows it was made of and where they lie, and so a place for new rows.
public struct UMAPMap: Sendable, Equatable {
  /// The choices it was made with.
  public let settings: UMAPSettings
  /// The curve of memberships in the map.
  public let curve: MembershipCurve
  /// The rows it was fitted to.
  public let data: Matrix
  /// Where they lie, [rows, dimensions].
  public let positions: Matrix
  /// The size of a neighbourhood: `settings.neighbors`, or all rows where there are fewer.
  public let neighborsUsed: Int
  /// How the neighbours were found.
  public let neighborMethod: String
  /// The share of true neighbours that a sample found; nil where the search was exact.
  public let neighborRecall: Double?
  /// The reduction that made `data` of wider rows; new rows of that width go through it first.
  public var reduction: PrincipalComponents?

  init(
    settings: UMAPSettings, curve: MembershipCurve, data: Matrix, positions: Matrix,
    neighborsUsed: Int, neighborMethod: String, neighborRecall: Double?
  ) {
    self.settings = settings
    self.curve = curve
    self.data = data
    self.positions = positions
    self.neighborsUsed = neighborsUsed
    self.neighborMethod = neighborMethod
    self.neighborRecall = neighborRecall
  }

  /// Places new rows among the fitted ones, which stay where they are.
  ///
  /// A row starts at the mean of its neighbours' places, weighted by membership, and a short layout
  /// with a quarter of the step follows, as in umap-learn.
  /// - Returns: Positions, [queries, dimensions].
  /// - Throws: `AnalysisError.mismatch` where the widths differ, `.notFinite`, `.noDirection`.
  public func transform(
    _ queries: Matrix, source: String = "the data", workers: Workers = Workers(),
    progress: ((UMAP.Stage, Double) -> Void)? = nil
  ) throws(AnalysisError) -> Matrix {
    try queries.requireFinite(source: source)
    var queries = queries
    if let reduction, queries.columns == reduction.means.count {
      queries = reduction.transform(queries, workers: workers)
    }
    progress?(.neighbors, 0)
    let search = NeighborSearch(metric: settings.metric, seed: settings.seed, workers: workers)
    let neighbors = try search.search(
      queries, in: data, count: min(neighborsUsed, data.rows), source: source)
    progress?(.graph, 0)
    let smooth = SmoothDistances(neighbors, leavingOutSelf: false, fromNearest: false)
    let dimensions = settings.dimensions
    var starts = [0]
    var columns: [Int32] = []
    var weights: [Float] = []
    var start: [Float] = []
    for row in 0..<queries.rows {
      var place = [Double](repeating: 0, count: dimensions)
      var total = 0.0
      for (index, distance) in zip(neighbors.indices(of: row), neighbors.distances(of: row)) {
        let weight = smooth.membership(row: row, distance: distance)
        columns.append(index)
        weights.append(weight)
        total += Double(weight)
        for axis in 0..<dimensions {
          place[axis] += Double(weight) * Double(positions[Int(index), axis])
        }
      }
      starts.append(columns.count)
      start += place.map { Float(total > 0 ? $0 / total : 0) }
    }
    let graph = SparseGraph(starts: starts, columns: columns, weights: weights)
    let epochs = settings.epochs.map { $0 / 3 } ?? (queries.rows <= 10_000 ? 100 : 30)
    let optimizer = LayoutOptimizer(
      curve: curve, epochs: epochs, negativeRate: settings.negativeRate, rate: settings.rate / 4,
      seed: settings.seed, workers: workers)
    let placed = optimizer.run(
      start, anchors: positions.values, dimensions: dimensions, graph: graph
    ) { progress?(.layout, $0) }
    return Matrix(rows: queries.rows, columns: dimensions, values: placed)
  }
}
