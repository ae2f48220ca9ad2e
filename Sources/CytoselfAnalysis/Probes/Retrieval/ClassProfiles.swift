extension Identification {
  /// Whether the mean of a class's held-out units is nearest to the mean of its other units.
  ///
  /// Of two sets of mean profiles, one of held-out units (fields or proteins) and one of the others,
  /// each held-out profile is given the class of the nearest other one: top-1 retrieval of the same
  /// protein, a trial for each protein.
  ///
  /// - Parameters:
  ///   - embedding: a row per cell, [cells, columns].
  ///   - column: the label column, for the output.
  ///   - labels: the labels as codes of `labels.names`.
  ///   - queryRows: the cells of the held-out profiles.
  ///   - reference: the cells of the other profiles.
  ///   - metric: how distances are measured.
  ///   - sampling: resamples, shuffles and their seed.
  ///   - source: what to call the cells in messages.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` where fewer than two classes have both, `.noDirection`.
  public static func profiles(
    _ embedding: Matrix, column: String, labels: Grouping, queryRows: [Int], reference: [Int],
    metric: Metric = .euclidean, sampling: Sampling = Sampling(), source: String,
    workers: Workers = Workers()
  ) throws(AnalysisError) -> Identification {
    let rowsOfClass = Dictionary(grouping: queryRows) { labels.codes[$0] }
    let otherRows = Dictionary(grouping: reference) { labels.codes[$0] }
    let gallery = otherRows.keys.sorted()
    let classes = rowsOfClass.keys.filter { otherRows[$0] != nil }.sorted()
    try HeldOutFolds.requireClasses(
      classes.count, what: "classes of '\(column)' on both sides of the held-out units")
    func means(_ classes: [Int], _ rows: [Int: [Int]]) -> Matrix {
      Matrix(
        rows: classes.count, columns: embedding.columns,
        values: classes.flatMap { UnitProfiles.mean(embedding, rows[$0] ?? []) })
    }
    let near = try ExactNeighbors(metric: metric, workers: workers).search(
      means(classes, rowsOfClass), in: means(gallery, otherRows), count: 1, source: source)
    return Identification(
      label: column, method: "nearest mean profile", names: labels.names,
      predicted: near.indices.map { gallery[Int($0)] }, truth: classes, training: gallery,
      sampling: sampling, workers: workers)
  }
}
