import Numerics

/// How far apart classes lie in a map, in units of their own size.
///
/// Each class has a centroid, the median on each axis, and a size, the median distance to it. The
/// score is the spread of the centroids over the median size. Shifting the map changes nothing in the
/// score per axis; the pooled one, which upstream computes, is kept for comparison.
public struct ClusterScore: Sendable, Equatable, Codable {
  /// One class.
  public struct Cluster: Sendable, Equatable, Codable {
    /// Its label.
    public let name: String
    /// The number of its points.
    public let count: Int
    /// The median of its points on each axis.
    public let centroid: [Double]
    /// The median distance of its points to the centroid.
    public let size: Double
  }

  /// The classes, sorted by name.
  public let clusters: [Cluster]
  /// The median size of a class.
  public let medianSize: Double
  /// The standard deviation of centroids on each axis, averaged, over the median size.
  public let perAxis: Double
  /// The standard deviation of all centroid coordinates together over the median size.
  public let pooled: Double

  /// Scores a map.
  ///
  /// - Parameters:
  ///   - map: positions, [cells, axes].
  ///   - labels: the class of each cell; cells without one, or with one of `ignoring`, are left out.
  ///   - ignoring: classes that are left out.
  /// - Throws: `AnalysisError.tooFew` with under two classes, or where the classes have no size.
  public init(
    _ map: Matrix, labels: [String], ignoring: Set<String> = []
  ) throws(AnalysisError) {
    precondition(labels.count == map.rows, "Every point has a label.")
    let grouping = Grouping(labels)
    let members = grouping.members
    var clusters: [Cluster] = []
    for (index, name) in grouping.names.enumerated()
    where !name.isEmpty && !ignoring.contains(name) {
      let centroid = (0..<map.columns).map { axis in
        Median.of(members[index].map { Double(map[$0, axis]) })
      }
      let distances = members[index].map { row -> Double in
        var square = 0.0
        for axis in 0..<map.columns {
          let difference = Double(map[row, axis]) - centroid[axis]
          square += difference * difference
        }
        return square.squareRoot()
      }
      clusters.append(
        Cluster(
          name: name, count: members[index].count, centroid: centroid,
          size: Median.of(distances)))
    }
    guard clusters.count >= 2 else {
      throw .tooFew(
        what: "classes", found: clusters.count, needed: 2,
        advice: "A cluster score compares classes: choose another --labels column.")
    }
    let size = Median.of(clusters.map(\.size))
    guard size > 0 else {
      throw .tooFew(
        what: "classes with more than one place", found: clusters.filter { $0.size > 0 }.count,
        needed: clusters.count / 2 + 1,
        advice: "The median class has no size, so distances cannot be measured in it.")
    }
    let axes = (0..<map.columns).map { axis in clusters.map { $0.centroid[axis] } }
    self.clusters = clusters
    medianSize = size
    perAxis = axes.map(Self.deviation).reduce(0, +) / Double(axes.count) / size
    pooled = Self.deviation(axes.flatMap { $0 }) / size
  }

  /// The standard deviation, dividing by the number of values.
  static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count)).squareRoot()
  }
}
