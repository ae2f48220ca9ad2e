import CIgraph
import Foundation

/// Communities of a weighted graph, by the Leiden method on modularity with a resolution.
///
/// V. Traag, L. Waltman and N. van Eck, "From Louvain to Leiden", 2019; igraph computes it. What is
/// maximised is the sum over pairs in one community of `w_ij - resolution k_i k_j / 2m`, as in scanpy
/// (`RBConfigurationVertexPartition` of leidenalg).
public struct Leiden: Sendable, Equatable {
  /// Larger finds more and smaller communities; 1 is plain modularity.
  public var resolution: Double
  /// The same graph, resolution and seed give the same communities.
  public var seed: UInt64
  /// Passes at most; it ends when one improves nothing, mostly after two to ten.
  public var iterations: Int

  /// igraph's random numbers belong to the process, so one search runs at a time.
  private static let oneAtATime = NSLock()

  /// The version of igraph, such as `0.10.2`.
  public static var igraphVersion: String { String(cString: ci_version()) }

  /// A search.
  ///
  /// - Throws: `AnalysisError.badOption` for a resolution that is not above 0.
  public init(resolution: Double = 1, seed: UInt64 = 0, iterations: Int = 100)
    throws(AnalysisError)
  {
    guard resolution > 0, resolution.isFinite else {
      throw .badOption(name: "--resolution", value: "\(resolution)", expected: "above 0")
    }
    self.resolution = resolution
    self.seed = seed
    self.iterations = iterations
  }

  /// The communities of a symmetric graph; the largest has the number 0.
  ///
  /// - Throws: `AnalysisError.failed` when igraph cannot finish, for instance for lack of memory.
  public func communities(of graph: SparseGraph) throws(AnalysisError) -> Partition {
    var membership = [Int32](repeating: 0, count: graph.rows)
    var quality = 0.0
    let code = Self.oneAtATime.withLock {
      ci_leiden(
        Int64(graph.rows), graph.starts, graph.columns, graph.weights, resolution, seed,
        Int64(iterations), &membership, &quality)
    }
    guard code == 0 else {
      throw .failed(what: "Leiden clustering", reason: String(cString: ci_message(code)))
    }
    return Partition(membership.map(Int.init), quality: quality)
  }
}
