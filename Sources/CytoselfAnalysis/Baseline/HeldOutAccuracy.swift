/// Balanced accuracy of two classifiers on held-out rows: the shortest account of what features tell.
///
/// The five nearest training rows vote on the numbers as they are, and a logistic regression is fitted
/// to standardised ones, at most 200 principal components of them. Balanced accuracy is the mean over
/// the classes of the share of their held-out rows that were named rightly.
public struct HeldOutAccuracy: Codable, Equatable, Sendable {
  /// The vote of the five nearest rows.
  public let nearest: Double
  /// Logistic regression.
  public let logistic: Double

  private static let voters = 5
  private static let mostColumns = 256
  private static let components = 200

  /// Accuracies as they were found.
  public init(nearest: Double, logistic: Double) {
    self.nearest = nearest
    self.logistic = logistic
  }

  /// Fits to some rows and classifies others.
  ///
  /// - Parameters:
  ///   - features: `[rows, columns]`.
  ///   - labels: the class of each row.
  ///   - training: the rows that classifiers are fitted to.
  ///   - heldOut: the rows that are classified.
  ///   - standardizes: whether distances are between standardised columns, for numbers of several units.
  ///   - workers: the threads.
  /// - Throws: `AnalysisError.tooFew` where the training rows have one class or fewer than six rows;
  ///   `.notFinite`.
  public init(
    _ features: Matrix, labels: [Int], training: [Int], heldOut: [Int],
    standardizes: Bool = false, workers: Workers = Workers()
  ) throws(AnalysisError) {
    precondition(labels.count == features.rows, "Every row has a label.")
    try features.requireFinite(source: "the features")
    guard training.count > Self.voters, !heldOut.isEmpty else {
      throw .tooFew(
        what: "training rows", found: training.count, needed: Self.voters + 1,
        advice: "Use more cells.")
    }
    let scaled = Standardization(features, rows: training).apply(
      features, rows: Array(0..<features.rows), padding: 0)
    let truth = heldOut.map { labels[$0] }
    let compared = standardizes ? scaled : features
    let near = try ExactNeighbors(workers: workers).search(
      compared.selecting(heldOut), in: compared.selecting(training), count: Self.voters,
      source: "the features")
    nearest = Self.balancedAccuracy(
      near.vote(training.map { labels[$0] }, k: Self.voters), truth: truth)
    let inputs = Self.reduced(scaled, training: training, workers: workers)
    let model = try LogisticRegression(
      inputs, rows: training, labels: labels, workers: workers)
    logistic = Self.balancedAccuracy(model.predict(inputs, rows: heldOut), truth: truth)
  }

  private static func reduced(
    _ features: Matrix, training: [Int], workers: Workers
  ) -> Matrix {
    guard features.columns > mostColumns else { return features }
    let found = PrincipalComponents(
      features.selecting(training), count: min(components, training.count - 1), workers: workers)
    return found.transform(features, workers: workers)
  }

  /// The mean over the classes of the truth of the share of their rows named rightly.
  static func balancedAccuracy(_ predicted: [Int], truth: [Int]) -> Double {
    var hits: [Int: (right: Int, all: Int)] = [:]
    for (guess, label) in zip(predicted, truth) {
      hits[label, default: (0, 0)].all += 1
      if guess == label { hits[label, default: (0, 0)].right += 1 }
    }
    guard !hits.isEmpty else { return 0 }
    return hits.values.reduce(0) { $0 + Double($1.right) / Double($1.all) } / Double(hits.count)
  }
}
