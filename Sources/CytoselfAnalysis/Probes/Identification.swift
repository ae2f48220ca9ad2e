/// How well predicted labels agree with true ones, with what chance would give beside it.
public struct Identification: Sendable, Equatable, Codable {
  /// What was asked: the label column.
  public let label: String
  /// How the labels were predicted.
  public let method: String
  /// The share predicted correctly.
  public let accuracy: Proportion
  /// The mean over true labels of the F1 score.
  public let macroF1: Double
  /// The labels among the predicted rows.
  public let classes: Int
  /// The accuracy of a guess drawn from the labels the predictor learned from.
  public let chance: Double
  /// The accuracy of always answering the label most frequent where the predictor learned.
  public let majority: Double
  /// The 95th percentile of the accuracy when predictions are shuffled among the rows.
  public let nullHigh: Double
  /// The share of shuffles, the observed one among them, with at least the observed accuracy.
  public let pValue: Double

  /// Scores predictions.
  ///
  /// - Parameters:
  ///   - predicted: label codes, one per row.
  ///   - truth: the true codes of the same rows.
  ///   - learned: the codes the predictor had, for the chance level.
  ///   - fields: the field of each row; nil gives Wilson's interval.
  ///   - seed: the seed of everything random.
  ///   - method: how the cells were named, for the output.
  ///   - label: the column of the labels.
  ///   - permutations: shuffles behind the p value.
  public init(
    label: String, method: String, predicted: [Int], truth: [Int], learned: [Int],
    fields: [Int]? = nil, permutations: Int = 999, seed: UInt64 = 0
  ) {
    precondition(predicted.count == truth.count, "One prediction per row.")
    self.label = label
    self.method = method
    let correct = zip(predicted, truth).map { $0 == $1 }
    let hits = correct.reduce(0) { $0 + ($1 ? 1 : 0) }
    accuracy =
      fields.map { Proportion(succeeded: correct, groups: $0, seed: seed) }
      ?? Proportion(successes: hits, trials: truth.count)
    classes = Set(truth).count
    macroF1 = Self.macroF1(predicted: predicted, truth: truth)

    var learnedShare: [Int: Double] = [:]
    for code in learned { learnedShare[code, default: 0] += 1 / Double(max(1, learned.count)) }
    let count = Double(max(1, truth.count))
    chance = truth.reduce(0) { $0 + (learnedShare[$1] ?? 0) } / count
    let most = learnedShare.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
    majority = truth.reduce(0) { $0 + ($1 == most ? 1 : 0) } / count

    var generator = SeededGenerator(seed: seed, stream: 0x9E57)
    var shuffled = predicted
    var null: [Int] = []
    for _ in 0..<permutations {
      generator.shuffle(&shuffled)
      null.append(zip(shuffled, truth).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) })
    }
    null.sort()
    let atLeast = null.reduce(1) { $0 + ($1 >= hits ? 1 : 0) }
    pValue = Double(atLeast) / Double(permutations + 1)
    nullHigh =
      null.isEmpty ? chance : Double(null[Int(0.95 * Double(permutations - 1))]) / count
  }

  /// The mean over the labels of the truth of 2 TP / (2 TP + FP + FN).
  static func macroF1(predicted: [Int], truth: [Int]) -> Double {
    var counts: [Int: (both: Int, predicted: Int, truth: Int)] = [:]
    for (guess, code) in zip(predicted, truth) {
      counts[code, default: (0, 0, 0)].truth += 1
      counts[guess, default: (0, 0, 0)].predicted += 1
      if guess == code { counts[code, default: (0, 0, 0)].both += 1 }
    }
    let present = counts.filter { $0.value.truth > 0 }.sorted { $0.key < $1.key }
    guard !present.isEmpty else { return 0 }
    let scores = present.map {
      2 * Double($0.value.both) / Double($0.value.predicted + $0.value.truth)
    }
    return scores.reduce(0, +) / Double(scores.count)
  }
}

extension Neighbors {
  /// For each row the label most frequent among its nearest `k`; ties go to the nearer neighbour.
  public func vote(_ labels: [Int], k: Int) -> [Int] {
    precondition(k >= 1 && k <= count, "A vote takes between one neighbour and all there are.")
    return (0..<rows).map { row in
      var votes: [Int: Int] = [:]
      let voters = indices(of: row).prefix(k).map { labels[Int($0)] }
      for label in voters { votes[label, default: 0] += 1 }
      let most = votes.values.max() ?? 0
      return voters.first { votes[$0] == most } ?? 0
    }
  }
}
