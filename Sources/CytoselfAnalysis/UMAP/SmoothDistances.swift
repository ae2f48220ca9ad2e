import Foundation

/// The local scale of each row: where its neighbourhood begins and how fast it fades.
///
/// L. McInnes, J. Healy and J. Melville, "UMAP: Uniform Manifold Approximation and Projection for
/// Dimension Reduction", 2018, section 3.1; the constants are those of umap-learn.
public struct SmoothDistances: Sendable, Equatable {
  /// For each row the width sigma of its neighbourhood.
  public let sigmas: [Float]
  /// For each row the distance rho to its nearest neighbour that is not at distance 0.
  public let rhos: [Float]

  /// A sigma is at least this share of the mean distance.
  static let smallestShare = 1e-3

  /// Finds sigma such that sum over neighbours of exp(-max(0, d - rho) / sigma) = log2(k + 1).
  ///
  /// - Parameters:
  ///   - neighbors: the k nearest other rows of each row. umap-learn counts the row itself among its
  ///     `n_neighbors`, so k is one less.
  ///   - leavingOutSelf: whether `neighbors` leave out a row itself, at distance 0. False for new rows,
  ///     whose first neighbour umap-learn takes in its place.
  ///   - fromNearest: whether rho is the nearest distance; otherwise it is 0, as for new rows.
  public init(_ neighbors: Neighbors, leavingOutSelf: Bool = true, fromNearest: Bool = true) {
    let size = neighbors.count + (leavingOutSelf ? 1 : 0)
    let target = log2(Double(size))
    let counted = leavingOutSelf ? 0 : 1
    let meanOfAll =
      neighbors.distances.reduce(0.0) { $0 + Double($1) } / Double(max(1, neighbors.rows * size))
    var sigmas = [Float](repeating: 0, count: neighbors.rows)
    var rhos = [Float](repeating: 0, count: neighbors.rows)
    for row in 0..<neighbors.rows {
      let distances = neighbors.distances(of: row).map(Double.init)
      let rho = fromNearest ? distances.first { $0 > 0 } ?? 0 : 0
      var low = 0.0
      var high = Double.infinity
      var sigma = 1.0
      for _ in 0..<64 {
        var sum = 0.0
        for distance in distances.dropFirst(counted) {
          let beyond = distance - rho
          sum += beyond > 0 ? exp(-beyond / sigma) : 1
        }
        if abs(sum - target) < 1e-5 { break }
        if sum > target {
          high = sigma
          sigma = (low + high) / 2
        } else {
          low = sigma
          sigma = high.isInfinite ? sigma * 2 : (low + high) / 2
        }
      }
      let mean = rho > 0 ? distances.reduce(0, +) / Double(size) : meanOfAll
      sigmas[row] = Float(max(sigma, Self.smallestShare * mean))
      rhos[row] = Float(rho)
    }
    self.sigmas = sigmas
    self.rhos = rhos
  }

  /// How strongly a row belongs with a neighbour at a distance, 0...1.
  func membership(row: Int, distance: Float) -> Float {
    let beyond = distance - rhos[row]
    guard beyond > 0, sigmas[row] > 0 else { return 1 }
    return exp(-beyond / sigmas[row])
  }
}
