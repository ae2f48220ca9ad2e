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
      probe.scores.map { score in
        let estimate = score.estimate
        return Bar(
          name: "\(score.method): \(score.score)", value: estimate.value, chance: estimate.chance,
          interval: estimate.low <= estimate.high ? estimate.low...estimate.high : nil)
      }, title: title, valueName: "score")
  }

  /// How much of an embedding covariates, labels and fields explain.
  public init(_ check: ConfounderCheck, title: String = "What explains the embedding") {
    self.init(
      check.explained.map { found in
        Bar(
          name: found.name, value: found.share.adjusted, chance: found.nullHigh.map { max(0, $0) })
      }, title: title, valueName: "adjusted share of variance",
      scoreName: "share", chanceName: "shuffled")
  }
}

extension ConfusionMatrix {
  /// Which classes held-out cells were taken for.
  ///
  /// - Parameters:
  ///   - found: the answers of a probe.
  ///   - most: the most classes shown; of more, those with most cells.
  ///   - title: the title of the figure.
  public init(_ found: Identification, most: Int = 60, title: String? = nil) {
    let all = found.classes.indices
    let shown = all.sorted {
      (-found.classes[$0].cells, $0) < (-found.classes[$1].cells, $1)
    }.prefix(most).sorted()
    var places = [Int?](repeating: nil, count: all.count)
    for (place, index) in shown.enumerated() { places[index] = place }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: shown.count), count: shown.count)
    for pair in found.confusion {
      if let row = places[pair.truth], let column = places[pair.assigned] {
        counts[row][column] = pair.cells
      }
    }
    let some = shown.count < all.count ? ", the \(shown.count) largest of \(all.count) classes" : ""
    self.init(
      names: shown.map { found.classes[$0].name }, counts: counts,
      title: title ?? "\(found.label) by \(found.method)\(some)")
  }
}
