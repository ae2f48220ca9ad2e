/// Running means of loss parts over the cells of an epoch.
///
/// Every part is weighted by the cells of its batch, so a short last batch does not count for more
/// than its cells. (Upstream averages over batches.)
struct MetricMeans: Codable, Equatable, Sendable {
  private var names: [String] = []
  private var sums: [Double] = []
  private(set) var weight = 0.0

  /// Adds the parts of one batch of `count` cells.
  mutating func add(_ metrics: [History.Metric], count: Int) {
    if names.isEmpty {
      names = metrics.map(\.name)
      sums = metrics.map { _ in 0 }
    }
    precondition(names == metrics.map(\.name), "Every batch of a phase has the same loss parts.")
    for (index, metric) in metrics.enumerated() { sums[index] += metric.value * Double(count) }
    weight += Double(count)
  }

  /// The means, in the order of the parts.
  var metrics: [History.Metric] {
    zip(names, sums).map { .init(name: $0, value: weight > 0 ? $1 / weight : .nan) }
  }
}
