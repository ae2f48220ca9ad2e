import CytoselfAnalysis
import Numerics
import Testing

/// Probes against scikit-learn, by tools/reference/probe_goldens.py.
@Suite struct ProbeGoldenTests {
  /// The content of probes.json.
  private struct Numbers: Decodable {
    struct Logistic: Decodable {
      let seed: UInt64
      let count: Int
      let columns: Int
      let classes: Int
      let c: Double
      let coefficients: [[Double]]
      let intercepts: [Double]
      let probabilities: [[Double]]
      let predicted: [Int]
      let accuracy: Double
      let balanced_accuracy: Double
      let macro_f1: Double
      /// Precision, recall and F1 of each class.
      let per_class: [[Double]]
    }
    struct Nearest: Decodable {
      let one: [Int]
      let three: [Int]
      let tied: [Bool]
    }
    struct Precisions: Decodable {
      let values: [Double]
      let mean: Double
    }
    struct Ridge: Decodable {
      let predicted: [Double]
      let r2: Double
    }
    let logistic: [Logistic]
    let nearest: Nearest
    let precisions: Precisions
    let ridge: Ridge
    let shares: [String: [Double]]
    let p_values: [Double]
    let false_discovery_rates: [Double]
  }

  /// Largest difference of weights and probabilities from scikit-learn's, whose fit is in double.
  private static let fitTolerance = 2e-4
  private static let roundingTolerance = 1e-9
  private static let floatTolerance = 1e-5

  private let numbers: Numbers

  init() throws { numbers = try Goldens.load("probes.json", as: Numbers.self) }

  /// The rows that the script draws.
  private func cells(
    _ seed: UInt64, _ count: Int, _ columns: Int, _ classes: Int
  ) -> (matrix: Matrix, labels: [Int]) {
    var generator = SplitMix64(seed: seed, stream: 0)
    var values: [Float] = []
    for cell in 0..<count {
      for column in 0..<columns {
        let noise = generator.unit() + generator.unit() + generator.unit() - 1.5
        let shift = column % classes == cell % classes ? 0.7 : 0.0
        values.append(Float((noise + shift) * Double(1 + column % 4) + Double(3 * (column % 3))))
      }
    }
    return (
      Matrix(rows: count, columns: columns, values: values), (0..<count).map { $0 % classes }
    )
  }

  @Test func logisticRegressionIsScikitLearns() throws {
    for golden in numbers.logistic {
      let (matrix, labels) = cells(golden.seed, golden.count, golden.columns, golden.classes)
      let half = golden.count / 2
      let asked = Array(half..<golden.count)
      let model = try LogisticRegression(
        matrix, rows: Array(0..<half), labels: labels,
        settings: .init(inverseRegularization: golden.c, tolerance: 2e-7))
      #expect(model.hasConverged, "\(model.gradient) after \(model.iterations) steps")
      var ours: [Double] = []
      let width = golden.columns + 1
      if golden.classes == 2 {
        // scikit-learn has one vector for two classes: the difference of ours.
        ours = (0..<width).map { model.weights[width + $0] - model.weights[$0] }
      } else {
        ours = model.weights
      }
      var theirs: [Double] = []
      for (row, intercept) in zip(golden.coefficients, golden.intercepts) {
        theirs += row + [intercept]
      }
      let weightError = largestDifference(ours, theirs)
      let chances = model.probabilities(matrix, rows: asked)
      let chanceError = largestDifference(
        chances.values.prefix(5 * golden.classes).map(Double.init),
        golden.probabilities.flatMap { $0 })
      print(
        "logistic regression, \(golden.classes) classes: \(model.iterations) steps, weights differ"
          + " by \(weightError), probabilities by \(chanceError)")
      #expect(weightError < Self.fitTolerance)
      #expect(chanceError < Self.fitTolerance)
      let predicted = model.predict(matrix, rows: asked)
      #expect(predicted == golden.predicted)

      let found = Identification(
        label: "class", method: "test", names: (0..<golden.classes).map(String.init),
        predicted: predicted, truth: asked.map { labels[$0] }, training: labels,
        sampling: Sampling(resamples: 20, permutations: 19))
      #expect(abs(found.accuracy.value - golden.accuracy) < Self.roundingTolerance)
      #expect(
        abs(found.balancedAccuracy.value - golden.balanced_accuracy) < Self.roundingTolerance)
      #expect(abs(found.macroF1.value - golden.macro_f1) < Self.roundingTolerance)
      for (place, score) in found.classes.enumerated() {
        #expect(
          abs((score.precision ?? 0) - golden.per_class[0][place]) < Self.roundingTolerance)
        #expect(abs((score.recall ?? 0) - golden.per_class[1][place]) < Self.roundingTolerance)
        #expect(abs(score.f1 - golden.per_class[2][place]) < Self.roundingTolerance)
      }
    }
  }

  @Test func nearestCellsVoteAsInScikitLearn() throws {
    let (matrix, labels) = cells(5, 240, 6, 3)
    let near = try ExactNeighbors().search(
      matrix.selecting(Array(120..<240)), in: matrix.selecting(Array(0..<120)), count: 3)
    #expect(near.vote(Array(labels.prefix(120)), k: 1) == numbers.nearest.one)
    let votes = near.vote(Array(labels.prefix(120)), k: 3)
    var compared = 0
    for place in votes.indices where !numbers.nearest.tied[place] {
      #expect(votes[place] == numbers.nearest.three[place])
      compared += 1
    }
    #expect(compared > 80)
  }

  @Test func averagePrecisionIsScikitLearns() throws {
    let (matrix, labels) = cells(6, 90, 4, 3)
    let retrieval = try Retrieval(
      matrix, column: "class", labels: Grouping(labels.map(String.init)),
      queryRows: Array(0..<90), rows: Array(0..<90), units: (0..<90).map { $0 / 6 },
      unitName: "fields", source: "test")
    #expect(
      abs(retrieval.averagePrecision.value - numbers.precisions.mean) < Self.floatTolerance)
    // One at a time, so that errors cannot cancel.
    for query in stride(from: 0, to: 90, by: 7) {
      let one = try Retrieval(
        matrix, column: "class", labels: Grouping(labels.map(String.init)), queryRows: [query],
        rows: Array(0..<90), units: (0..<90).map { $0 / 6 }, unitName: "fields",
        settings: .init(sampling: Sampling(resamples: 20, permutations: 19)), source: "test")
      #expect(
        abs(one.averagePrecision.value - numbers.precisions.values[query])
          < Self.floatTolerance)
    }
  }

  @Test func ridgeRegressionIsScikitLearns() {
    let (matrix, _) = cells(7, 200, 8, 4)
    let target = (0..<200).map {
      Double(matrix[$0, 0]) - 0.5 * Double(matrix[$0, 3]) + Double($0) / 50
    }
    let products = RidgeRegression.Products(
      matrix, rows: Array(0..<120), targets: [target, target.map { -2 * $0 }])
    let model = RidgeRegression(products, penalty: 10)
    let found = model.predict(matrix, rows: Array(120..<200))
    let first = stride(from: 0, to: 160, by: 2).map { found[$0] }
    let error = largestDifference(first, numbers.ridge.predicted)
    print("ridge regression: predictions differ by \(error)")
    #expect(error < Self.floatTolerance)
    #expect(
      largestDifference(first.map { -2 * $0 }, stride(from: 1, to: 160, by: 2).map { found[$0] })
        < Self.floatTolerance)
  }

  @Test func sharesOfVarianceAreThoseOfLeastSquares() throws {
    let (matrix, labels) = cells(8, 150, 5, 3)
    var generator = SplitMix64(seed: 9, stream: 0)
    let area = (0..<150).map { Double(matrix[$0, 1]) * 0.3 + generator.unit() }
    let intensity = (0..<150).map { _ in generator.unit() }
    let all = Array(0..<150)
    let cases: [(String, [Int]?, [[Double]])] = [
      ("area", nil, [area]), ("both", nil, [area, intensity]), ("label", labels, []),
      ("label_and_both", labels, [area, intensity]),
      // A covariate that says nothing new takes no parameter.
      ("repeated", nil, [area, area.map { 2 * $0 + 1 }]),
    ]
    for (name, groups, covariates) in cases {
      let golden = try #require(numbers.shares[name])
      let share = VarianceShare(matrix, rows: all, groups: groups, covariates: covariates)
      #expect(abs(share.share - golden[0]) < Self.roundingTolerance, "\(name)")
      #expect(abs(share.adjusted - golden[1]) < Self.roundingTolerance, "\(name)")
      #expect(share.parameters == Int(golden[2]), "\(name)")
    }
  }

  @Test func falseDiscoveryRatesAreSciPys() {
    #expect(
      largestDifference(falseDiscoveryRates(numbers.p_values), numbers.false_discovery_rates)
        < Self.roundingTolerance)
    #expect(falseDiscoveryRates([]).isEmpty)
  }
}
