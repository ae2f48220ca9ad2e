public import CytoselfAnalysis

extension Dendrogram {
  /// The tree of an average linkage; its leaves are in the linkage's own order.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the linkage is not one tree.
  public init(_ linkage: AverageLinkage) throws(FigureError) {
    try self.init(
      joints: linkage.joins.map { Joint(first: $0.first, second: $0.second, height: $0.distance) })
  }
}

extension ClusteredHeatMap {
  /// The correlation of codes with the tree that orders them.
  ///
  /// - Parameters:
  ///   - codes: the tree of codes.
  ///   - title: the title of the figure.
  /// - Throws: ``FigureError`` of kind `badData` if the linkage is not one tree.
  public init(_ codes: CodeTree, title: String = "Correlation of codes") throws(FigureError) {
    let tree = try Dendrogram(codes.linkage)
    let count = codes.codes
    let names = count <= 96 ? (0..<count).map(String.init) : []
    self.init(
      rows: count, columns: count, values: codes.correlation.values.map { Float($0) },
      rowTree: tree, columnTree: tree, rowNames: names, columnNames: names, title: title,
      valueName: "Pearson r", rowTitle: "\(Numeral.grouped(count)) codes",
      columnTitle: "\(Numeral.grouped(count)) codes in the order of the tree", range: -1...1)
  }
}

extension SpectrumFigure {
  /// Marks the clusters of codes behind the spectra, numbered I, II, … from the left.
  ///
  /// - Parameters:
  ///   - count: how many clusters the tree is cut into.
  ///   - codes: the tree that gave the spectra their order.
  public mutating func showClusters(_ count: Int, of codes: CodeTree) {
    bands = codes.linkage.clusters(count).enumerated().map { (Numeral.roman($0 + 1), $1) }
  }
}

extension GroupMap {
  /// Draws the centroids and sizes of a cluster score on the map, and its numbers below it.
  ///
  /// Scores of other than two dimensions have no place on the map and give the numbers alone.
  public mutating func show(_ score: ClusterScore) {
    marks = score.clusters.compactMap { cluster in
      guard cluster.centroid.count == 2 else { return nil }
      return Mark(
        name: cluster.name, x: Float(cluster.centroid[0]), y: Float(cluster.centroid[1]),
        radius: Float(cluster.size))
    }
    note =
      "Cluster score \(Numeral.readable(score.perAxis)) per axis, "
      + "\(Numeral.readable(score.pooled)) pooled; circles: median centroid and median distance"
  }
}

extension AccuracyBars {
  /// What held-out cells tell of their labels, with chance and confidence intervals.
  public init(_ probe: HeldOutProbe, title: String = "Held-out cells") {
    self.init(
      (probe.nearest + probe.retrieval).map { result in
        let accuracy = result.accuracy
        return Bar(
          name: "\(result.label), \(result.method)", value: accuracy.value, chance: result.chance,
          interval: accuracy.low <= accuracy.high ? accuracy.low...accuracy.high : nil)
      }, title: title)
  }
}
