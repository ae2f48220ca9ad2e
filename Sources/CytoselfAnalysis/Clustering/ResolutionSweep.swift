import Foundation

/// How well the communities of a graph agree with known groups, over resolutions and seeds.
///
/// The protein-level analysis of the OpenCell paper (N. Cho and others, *Science* 2022) chooses the
/// resolution in this way: the agreement with annotations is highest at the scale of compartments.
public struct ResolutionSweep: Sendable, Equatable {
  /// What one resolution gave, over the seeds.
  public struct Point: Sendable, Equatable {
    /// The resolution.
    public let resolution: Double
    /// The number of communities for each seed.
    public let communities: [Int]
    /// The adjusted Rand index for each seed, over the rows with a known group.
    public let adjustedRandIndex: [Double]
    /// The adjusted mutual information for each seed, over the same rows.
    public let adjustedMutualInformation: [Double]
  }

  /// One entry for each resolution, ascending.
  public let points: [Point]
  /// The rows with a known group.
  public let comparedRows: Int

  /// Runs every resolution with every seed.
  ///
  /// - Parameters:
  ///   - graph: symmetric.
  ///   - groups: the known group of each row; nil or an empty text where none is known.
  ///   - resolutions: all above 0.
  ///   - seeds: how many seeds, counted up from `seed`.
  ///   - progress: called with the share that is done.
  ///   - seed: the seed of everything random.
  /// - Throws: `AnalysisError.tooFew` with under two known groups, or where no two rows share one, and as
  ///   ``Leiden``.
  public init(
    _ graph: SparseGraph, groups: [String?], resolutions: [Double], seeds: Int, seed: UInt64 = 0,
    progress: (Double) -> Void = { _ in }
  ) throws(AnalysisError) {
    precondition(groups.count == graph.rows, "Every row has a group or nil.")
    let rows = groups.indices.filter { groups[$0]?.isEmpty == false }
    let known = Grouping(rows.map { groups[$0] ?? "" })
    guard known.names.count >= 2 else {
      throw .tooFew(
        what: "known groups", found: known.names.count, needed: 2,
        advice: "Agreement needs rows of different groups: choose another --compare column.")
    }
    // Every row a cluster of its own would agree perfectly, and say nothing.
    guard known.names.count < rows.count else {
      throw .tooFew(
        what: "of \(rows.count) rows with a known group share it with another", found: 0, needed: 2,
        advice: "Agreement needs groups of two or more: choose another --compare column.")
    }
    var points: [Point] = []
    let sorted = resolutions.sorted()
    for (place, resolution) in sorted.enumerated() {
      var counts: [Int] = []
      var agreements: [PartitionAgreement] = []
      for offset in 0..<seeds {
        let leiden = try Leiden(resolution: resolution, seed: seed &+ UInt64(offset))
        let partition = try leiden.communities(of: graph)
        counts.append(partition.sizes.count)
        agreements.append(PartitionAgreement(rows.map { partition.codes[$0] }, known.codes))
        progress(
          (Double(place) + Double(offset + 1) / Double(seeds)) / Double(sorted.count))
      }
      points.append(
        Point(
          resolution: resolution, communities: counts,
          adjustedRandIndex: agreements.map(\.adjustedRandIndex),
          adjustedMutualInformation: agreements.map(\.adjustedMutualInformation)))
    }
    self.points = points
    comparedRows = rows.count
  }

  /// The resolution with the highest mean adjusted Rand index.
  public var best: Point? {
    points.max { Self.mean($0.adjustedRandIndex) < Self.mean($1.adjustedRandIndex) }
  }

  /// The mean of some numbers.
  public static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }

  /// Resolutions spaced evenly on a logarithmic scale, both ends among them.
  public static func logarithmic(from low: Double, to high: Double, count: Int) -> [Double] {
    guard count > 1 else { return [low] }
    let step = log10(high / low) / Double(count - 1)
    return (0..<count).map { low * pow(10, Double($0) * step) }
  }
}
