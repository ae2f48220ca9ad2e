import Numerics

/// Predicted and true label codes of rows, counted for all of them, for draws and for shuffles.
struct LabelTally {
  let predicted: [Int]
  let truth: [Int]
  let classes: Int
  let counts: Counts

  /// The three numbers for each label that all scores are made of.
  struct Counts {
    /// Rows of each label that were given it.
    var correct: [Int]
    /// Rows of each label.
    var truth: [Int]
    /// Rows that were given each label.
    var predicted: [Int]

    init(classes: Int) {
      correct = [Int](repeating: 0, count: classes)
      truth = correct
      predicted = correct
    }

    /// Accuracy, balanced accuracy and macro F1.
    ///
    /// - Parameter all: the counts of all rows, for counts of a draw: labels of which the draw has no
    ///   row do not count as missed.
    func scores(drawnFrom all: Counts? = nil) -> [Double] {
      var (hits, rows, present, named) = (0, 0, 0, 0)
      var (recalls, harmonic) = (0.0, 0.0)
      for label in truth.indices where truth[label] + predicted[label] > 0 {
        if truth[label] == 0, let all, all.truth[label] > 0 { continue }
        hits += correct[label]
        rows += truth[label]
        named += 1
        harmonic += 2 * Double(correct[label]) / Double(truth[label] + predicted[label])
        guard truth[label] > 0 else { continue }
        present += 1
        recalls += Double(correct[label]) / Double(truth[label])
      }
      guard rows > 0 else { return [0, 0, 0] }
      return [
        Double(hits) / Double(rows), recalls / Double(present), harmonic / Double(named),
      ]
    }

    /// The share of each label's rows that were given it, NaN where it has none.
    var recalls: [Double] {
      zip(correct, truth).map { $1 > 0 ? Double($0) / Double($1) : .nan }
    }

    func score(
      of label: Int, name: String, recallBounds: (low: Double, high: Double)
    ) -> Identification.ClassScore {
      let (hits, has, given) = (correct[label], truth[label], predicted[label])
      // Draws of whole fields may all agree: then the number of cells sets the width.
      let single = Proportion(successes: hits, trials: has)
      return Identification.ClassScore(
        name: name, cells: has, assigned: given, correct: hits,
        recall: has > 0 ? Double(hits) / Double(has) : nil,
        recallLow: has > 0 ? min(recallBounds.low, single.low) : nil,
        recallHigh: has > 0 ? max(recallBounds.high, single.high) : nil,
        precision: given > 0 ? Double(hits) / Double(given) : nil,
        f1: 2 * Double(hits) / Double(max(1, has + given)))
    }
  }

  init(predicted: [Int], truth: [Int], classes: Int) {
    self.predicted = predicted
    self.truth = truth
    self.classes = classes
    var counts = Counts(classes: classes)
    for (guess, label) in zip(predicted, truth) {
      counts.truth[label] += 1
      counts.predicted[guess] += 1
      if guess == label { counts.correct[label] += 1 }
    }
    self.counts = counts
  }

  /// The 95 % intervals of the three scores, then of the recall of each label.
  func intervals(
    _ units: SamplingUnits, sampling: Sampling, workers: Workers
  ) -> [(low: Double, high: Double)] {
    units.intervals(resamples: sampling.resamples, seed: sampling.seed, workers: workers) { drawn in
      var drawnCounts = Counts(classes: classes)
      for unit in drawn {
        for row in units.members[unit] {
          drawnCounts.truth[truth[row]] += 1
          drawnCounts.predicted[predicted[row]] += 1
          if truth[row] == predicted[row] { drawnCounts.correct[truth[row]] += 1 }
        }
      }
      return drawnCounts.scores(drawnFrom: counts) + drawnCounts.recalls
    }
  }

  /// The three scores with the labels of units shuffled, for each shuffle.
  ///
  /// Every row of a unit has the same label.
  func null(
    _ units: SamplingUnits, sampling: Sampling, workers: Workers
  ) -> [[Double]] {
    let labels = units.members.map { truth[$0[0]] }
    return workers.map(sampling.permutations) { permutation in
      var generator = SplitMix64(
        seed: sampling.seed, stream: 0x5AFF_0000 + UInt64(permutation))
      var shuffled = labels
      generator.shuffle(&shuffled)
      var shuffledCounts = Counts(classes: classes)
      shuffledCounts.predicted = counts.predicted
      for (rows, label) in zip(units.members, shuffled) {
        shuffledCounts.truth[label] += rows.count
        for row in rows where predicted[row] == label { shuffledCounts.correct[label] += 1 }
      }
      return shuffledCounts.scores()
    }
  }

  /// How often each pair of labels occurs, by their places among those present.
  func pairs(_ present: [Int]) -> [Identification.Confusion] {
    var places = [Int](repeating: 0, count: classes)
    for (place, label) in present.enumerated() { places[label] = place }
    var counts: [Int: Int] = [:]
    for (guess, label) in zip(predicted, truth) {
      counts[places[label] * classes + places[guess], default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map {
      Identification.Confusion(
        truth: $0.key / classes, assigned: $0.key % classes, cells: $0.value)
    }
  }
}
