import Numerics

/// Runs the probes of one column of labels over the rounds of a hold-out.
struct ProbeRunner {
  let folds: HeldOutFolds
  let grouping: Grouping
  let column: String
  let units: HeldOutProbe.Units?
  let settings: HeldOutProbe.Settings
  let source: String
  let workers: Workers

  /// What a probe predicts for every test cell.
  struct Answers {
    let predicted: [Int]
    let identification: Identification
    var hasConverged = true
  }

  private var unitName: String { units?.name ?? "cells" }

  /// Logistic regression, fitted anew in every round.
  func logistic(_ rows: Matrix, name: String) throws(AnalysisError) -> Answers {
    var predicted: [Int] = []
    var hasConverged = true
    var most = 0
    var used = 0
    for (round, fold) in folds.folds.enumerated() {
      let training = sample(fold.train, round: round)
      let model = try LogisticRegression(
        rows, rows: training, labels: grouping.codes, settings: settings.logistic,
        workers: workers)
      predicted += model.predict(rows, rows: fold.test)
      hasConverged = hasConverged && model.hasConverged
      if fold.train.count > most { (most, used) = (fold.train.count, training.count) }
    }
    let method = used < most ? "\(name) on \(used) of \(most.counted("cell"))" : name
    return Answers(
      predicted: predicted, identification: identify(predicted, method: method),
      hasConverged: hasConverged)
  }

  /// A sample of the training cells, with the same share of each class, at least one cell.
  private func sample(_ rows: [Int], round: Int) -> [Int] {
    guard rows.count > settings.mostTeaching else { return rows }
    var generator = SplitMix64(
      seed: settings.sampling.seed, stream: 0x5A3_0000 + UInt64(round))
    let share = Double(settings.mostTeaching) / Double(rows.count)
    return Dictionary(grouping: rows) { grouping.codes[$0] }.sorted { $0.key < $1.key }
      .flatMap { _, members in
        let count = max(1, Int((Double(members.count) * share).rounded()))
        return generator.sample(count, of: members.count).map { members[$0] }
      }
  }

  /// The vote of the nearest training cells.
  ///
  /// - Parameter name: what follows the name of the method.
  func votes(_ embedding: Matrix, of name: String = "") throws(AnalysisError) -> Answers {
    let search = NeighborSearch(
      metric: settings.metric, seed: settings.sampling.seed, workers: workers)
    var predicted: [Int] = []
    var voters = settings.neighbors
    var how: Set<String> = []
    for fold in folds.folds {
      voters = min(voters, fold.train.count)
      let near = try search.search(
        embedding.selecting(fold.test), in: embedding.selecting(fold.train), count: voters,
        source: source)
      predicted += near.vote(fold.train.map { grouping.codes[$0] }, k: voters)
      how.insert(near.summary)
    }
    let exact = how == ["exact"] ? "" : " (\(how.sorted().joined(separator: "; ")))"
    return Answers(
      predicted: predicted,
      identification: identify(
        predicted, method: "\(voters) nearest cells" + name + exact))
  }

  private func identify(_ predicted: [Int], method: String) -> Identification {
    let tested = folds.testRows
    return Identification(
      label: column, method: method, names: grouping.names, predicted: predicted,
      truth: tested.map { grouping.codes[$0] },
      training: folds.folds.flatMap { fold in fold.train.map { grouping.codes[$0] } },
      units: units.map { units in tested.map { units.codes[$0] } }, unitName: unitName,
      sampling: settings.sampling, workers: workers)
  }

  /// Single cells; nil where no cell has another of its label outside its unit.
  func retrieval(_ embedding: Matrix, rows: [Int]) throws(AnalysisError) -> Retrieval? {
    guard settings.includesSameUnit || hasMatches(rows) else { return nil }
    return try Retrieval(
      embedding, column: column, labels: grouping, queryRows: folds.testRows, rows: rows,
      units: units?.codes, unitName: unitName,
      settings: .init(
        metric: settings.metric, mostQueries: settings.mostQueries,
        includesSameUnit: settings.includesSameUnit, sampling: settings.sampling),
      source: source, workers: workers)
  }

  /// Whether some test cell has one of its label in another unit.
  private func hasMatches(_ rows: [Int]) -> Bool {
    let unit = units?.codes ?? Array(grouping.codes.indices)
    var seen: [Int: Set<Int>] = [:]
    for row in rows { seen[grouping.codes[row], default: []].insert(unit[row]) }
    return folds.testRows.contains { (seen[grouping.codes[$0]]?.count ?? 0) > 1 }
  }

  /// Means of held-out units against means of the others.
  ///
  /// With a split these are the test and the training cells; else every class's units are dealt out
  /// to the two sides in turn. Nil where fewer than two classes have both sides.
  func profiles(_ embedding: Matrix, everyone: [Int]) throws(AnalysisError) -> Identification? {
    var sides = (queries: folds.testRows, reference: folds.folds.first?.train ?? [])
    if folds.unit != .split {
      let codes = units?.codes ?? Array(grouping.codes.indices)
      var generator = SplitMix64(seed: settings.sampling.seed, stream: 0x5A4)
      var seen: [Int: Set<Int>] = [:]
      for row in everyone { seen[grouping.codes[row], default: []].insert(codes[row]) }
      var isQuery: Set<[Int]> = []
      for (label, units) in seen.sorted(by: { $0.key < $1.key }) {
        var order = units.sorted()
        generator.shuffle(&order)
        for unit in order.prefix(order.count / 2) { isQuery.insert([label, unit]) }
      }
      func isHeldOut(_ row: Int) -> Bool { isQuery.contains([grouping.codes[row], codes[row]]) }
      sides = (everyone.filter(isHeldOut), everyone.filter { !isHeldOut($0) })
    }
    let both = Set(sides.queries.map { grouping.codes[$0] })
      .intersection(sides.reference.map { grouping.codes[$0] })
    guard both.count >= 2 else { return nil }
    return try Identification.profiles(
      embedding, column: column, labels: grouping, queryRows: sides.queries,
      reference: sides.reference, metric: settings.metric, sampling: settings.sampling,
      source: source, workers: workers)
  }

  /// Mean profiles of units, class by class; nil where no units are known.
  func profileRetrieval(
    _ embedding: Matrix, rows: [Int]
  ) throws(AnalysisError) -> ProfileRetrieval? {
    guard let units else { return nil }
    return try ProfileRetrieval(
      embedding, column: column, labels: grouping, queryRows: folds.testRows, rows: rows,
      units: units.codes, unitName: units.name,
      metric: settings.metric, sampling: settings.sampling, source: source, workers: workers)
  }

  /// What a reader must know.
  func warnings(_ logistic: Answers, training: Set<Int>) -> [String] {
    var warnings: [String] = []
    if folds.unit == .split, let units {
      let trained = Set(training.map { units.codes[$0] })
      let both = Set(folds.testRows.map { units.codes[$0] }).intersection(trained)
      if !both.isEmpty {
        warnings.append(
          "\(both.count) \(unitName) have cells both in the test set and in the training set: "
            + "a probe may recognise the \(unitName.dropLast()), and the numbers are too high")
      }
    } else if units == nil {
      warnings.append(
        "no fields of view are known (--field COLUMN): cells of one image may be on both sides, and "
          + "the numbers and intervals flatter")
    }
    let known = Set(training.map { grouping.codes[$0] })
    let unknown = Set(folds.testRows.map { grouping.codes[$0] }).subtracting(known)
    if !unknown.isEmpty {
      let some = unknown.sorted().prefix(5).map { grouping.names[$0] }.joined(separator: ", ")
      warnings.append(
        "\(unknown.count) test classes have no training cell and cannot be predicted (\(some)"
          + "\(unknown.count > 5 ? ", ..." : ""))")
    }
    if !logistic.hasConverged {
      warnings.append("logistic regression did not come to its end: its numbers may be too low")
    }
    return warnings
  }
}
