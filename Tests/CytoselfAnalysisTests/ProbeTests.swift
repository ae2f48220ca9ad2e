import CytoselfAnalysis
import Numerics
import Testing

@Suite struct ProbeTests {
  @Test func wilsonsIntervalAgreesWithTables() {
    // R: binom::binom.confint(8, 10, methods = "wilson")
    let share = Proportion(successes: 8, trials: 10)
    #expect(abs(share.low - 0.4901625) < 1e-6)
    #expect(abs(share.high - 0.9433178) < 1e-6)
    #expect(share.value == 0.8)
    let none = Proportion(successes: 0, trials: 0)
    #expect(none.low == 0 && none.high == 1 && none.value == 0)
  }

  private func identify(
    _ predicted: [Int], _ truth: [Int], units: [Int]? = nil, threads: Int = 2
  ) -> Identification {
    Identification(
      label: "protein", method: "test", names: ["a", "b", "c"], predicted: predicted,
      truth: truth, training: [0, 0, 0, 1], units: units, workers: Workers(threads))
  }

  @Test func identificationCountsWhatItSays() {
    let scores = identify([0, 0, 1, 2], [0, 1, 1, 1])
    #expect(scores.accuracy.value == 0.5)
    #expect(scores.cells == 4 && scores.trueClasses == 2)
    // F1 of a: 2/(2+1); of b: 2/(1+3); of c, which is given and never true: 0.
    let f1: Double = (2.0 / 3 + 2.0 / 4) / 3
    #expect(abs(scores.macroF1.value - f1) < 1e-12)
    let balanced: Double = (1 + 1.0 / 3) / 2
    #expect(abs(scores.balancedAccuracy.value - balanced) < 1e-12)
    #expect(scores.majority == 0.25)
    #expect(scores.classes.map(\.name) == ["a", "b", "c"])
    #expect(scores.classes.map(\.assigned) == [2, 1, 1])
    #expect(scores.classes[2].recall == nil && scores.classes[2].precision == 0)
    let pairs: [[Int]] = scores.confusion.map { [$0.truth, $0.assigned, $0.cells] }
    let counted: [[Int]] = [[0, 0, 1], [1, 0, 1], [1, 1, 1], [1, 2, 1]]
    #expect(pairs == counted)
    // A shuffle of the truth puts a under the two a's and c's as often as chance says.
    let expected = 5.0 / 16
    #expect(abs(scores.accuracy.chance - expected) < 0.02)
  }

  @Test func wholeFieldsWidenTheInterval() {
    // Ten fields of twenty cells, all right or all wrong: ten trials, not two hundred.
    let truth: [Int] = (0..<200).map { ($0 / 40) % 2 }
    var predicted: [Int] = truth
    for cell in 0..<200 where (cell / 20) % 2 == 1 { predicted[cell] = 1 - truth[cell] }
    let byField = identify(predicted, truth, units: (0..<200).map { $0 / 20 })
    let byCell = identify(predicted, truth)
    #expect(byField.accuracy.value == byCell.accuracy.value)
    #expect(byField.units == 10 && byField.accuracy.interval == "bootstrap over fields")
    #expect(byCell.accuracy.interval == "wilson")
    #expect(
      byField.accuracy.high - byField.accuracy.low
        > 2 * (byCell.accuracy.high - byCell.accuracy.low))
    // Two fields are too few to be drawn from.
    let two = identify(predicted, truth, units: (0..<200).map { $0 / 100 })
    #expect(two.accuracy.interval == "wilson")
  }

  @Test func drawsWithoutAClassDoNotCountItAsMissed() {
    // Four fields of two classes: some draws hold one class alone, and cells given the other one.
    let truth: [Int] = (0..<80).map { $0 / 40 }
    var predicted: [Int] = truth
    for cell in stride(from: 0, to: 80, by: 10) { predicted[cell] = 1 - truth[cell] }
    let scores = identify(predicted, truth, units: (0..<80).map { $0 / 20 })
    #expect(abs(scores.macroF1.value - 0.9) < 1e-9)
    #expect(scores.macroF1.low > 0.8, "\(scores.macroF1.low)")
  }

  @Test func allRightIsNotCertain() {
    let truth = (0..<60).map { $0 / 20 }
    let scores = identify(truth, truth, units: (0..<60).map { $0 / 5 })
    #expect(scores.accuracy.value == 1 && scores.accuracy.high == 1)
    #expect(scores.accuracy.low < 0.95)
    #expect(scores.classes.allSatisfy { ($0.recallLow ?? 1) < 0.9 })
  }

  @Test func labelsOfWholeFieldsAreShuffled() {
    // Four wells of two classes, all told: of six ways to give the labels to the wells one is right.
    let truth = (0..<400).map { $0 / 200 }
    let scores = identify(truth, truth, units: (0..<400).map { $0 / 100 })
    #expect(scores.shuffled == "fields")
    #expect(scores.accuracy.pValue > 0.1 && scores.accuracy.pValue < 0.25)
    #expect(identify(truth, truth).accuracy.pValue <= 0.001)
    // Fields that hold both classes say nothing against shuffling cells.
    let mixed = identify(truth, truth, units: (0..<400).map { $0 % 4 })
    #expect(mixed.shuffled == "cells" && mixed.accuracy.pValue <= 0.001)
  }

  @Test func threadsChangeNothing() {
    var generator = SplitMix64(seed: 3, stream: 0)
    let truth: [Int] = (0..<300).map { _ in generator.next(below: 3) }
    var predicted: [Int] = []
    for label in truth {
      predicted.append(generator.next(below: 3) == 0 ? label : generator.next(below: 3))
    }
    let units = (0..<300).map { $0 / 10 }
    #expect(
      identify(predicted, truth, units: units, threads: 1)
        == identify(predicted, truth, units: units, threads: 3))
    let matrix = randomMatrix(rows: 500, columns: 7, seed: 4)
    var labels: [Int] = []
    for row in 0..<500 {
      labels.append(matrix[row, 0] + matrix[row, 1] > 0.3 ? 1 : row % 5 == 0 ? 2 : 0)
    }
    let fits = [1, 3].map { threads in
      try? LogisticRegression(
        matrix, rows: Array(0..<500), labels: labels, workers: Workers(threads)
      ).weights
    }
    #expect(fits[0] != nil && fits[0] == fits[1])
  }

  @Test func votesGoToTheMostFrequentThenTheNearest() {
    let neighbors = Neighbors(
      rows: 2, count: 4, indices: [0, 1, 2, 3, 3, 2, 1, 0],
      distances: [Float](repeating: 1, count: 8), method: "exact")
    #expect(neighbors.vote([5, 7, 7, 5], k: 4) == [5, 5])
    #expect(neighbors.vote([5, 7, 7, 5], k: 3) == [7, 7])
  }

  @Test func oneClassCannotBeTold() {
    let matrix = randomMatrix(rows: 10, columns: 2, seed: 1)
    #expect(throws: AnalysisError.self) {
      try LogisticRegression(
        matrix, rows: Array(0..<10), labels: [Int](repeating: 4, count: 10))
    }
  }

  @Test func constantColumnsAndHugeScalesAreFitted() throws {
    var matrix = randomMatrix(rows: 200, columns: 4, seed: 2)
    let labels = (0..<200).map { matrix[$0, 1] > 0 ? 1 : 0 }
    for row in 0..<200 {
      matrix[row, 0] = 1e6
      matrix[row, 1] = matrix[row, 1] * 1e-6
      matrix[row, 2] = matrix[row, 2] * 1e8 + 1e9
    }
    let model = try LogisticRegression(matrix, rows: Array(0..<200), labels: labels)
    #expect(model.hasConverged)
    let right = zip(model.predict(matrix, rows: Array(0..<200)), labels).count { $0 == $1 }
    #expect(right > 190)
  }
}
