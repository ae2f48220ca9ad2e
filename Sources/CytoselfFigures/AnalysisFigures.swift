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
  /// The correlation of codes in the order of their clusters, from a feature spectrum.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the linkage is not one tree.
  public init(_ spectrum: FeatureSpectrum, title: String = "Correlation of codes")
    throws(FigureError)
  {
    let tree = try Dendrogram(spectrum.linkage)
    let codes = spectrum.correlation.size
    let names = codes <= 96 ? (0..<codes).map(String.init) : []
    self.init(
      rows: codes, columns: codes, values: spectrum.correlation.values.map { Float($0) },
      rowTree: tree, columnTree: tree, rowNames: names, columnNames: names, title: title,
      valueName: "Pearson r", rowTitle: "code", columnTitle: "code", range: -1...1)
  }
}

extension SpectrumFigure {
  /// The spectra of some proteins, codes in the order of their clusters.
  ///
  /// - Throws: ``FigureError`` of kind `usage` if a protein is not in the table.
  public init(_ spectrum: FeatureSpectrum, proteins: [String]) throws(FigureError) {
    var chosen: [Spectrum] = []
    for name in proteins {
      guard let row = spectrum.proteins.firstIndex(of: name) else {
        throw FigureError(
          .usage,
          "There is no spectrum of \(FigureText.printable(name, limit: 40)); the table has "
            + "\(spectrum.proteins.count) proteins.")
      }
      chosen.append(Spectrum(name: name, values: spectrum.spectrum(of: row).map { Float($0) }))
    }
    self.init(chosen)
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
