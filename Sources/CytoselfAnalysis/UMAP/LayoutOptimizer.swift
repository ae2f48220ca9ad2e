import CMatrixKernels

/// Moves points until near ones in the graph are near in the map: UMAP's sampled gradient descent.
///
/// Rows are cut into blocks of a fixed size. Within an epoch a block sees its own rows where they are
/// now and the others where they were when the epoch began, so blocks run on any number of threads
/// and the bytes stay the same. A pull moves both ends, as in umap-learn, where both are in one
/// block; where they are not, each end's block pulls it twice as often instead.
struct LayoutOptimizer {
  let curve: MembershipCurve
  let epochs: Int
  /// How many random points push a row away for each neighbour that pulls.
  let negativeRate: Double
  /// The step at the first epoch; it falls to 0 linearly.
  let rate: Double
  let seed: UInt64
  let workers: Workers

  /// Rows of a block.
  static let blockRows = 1024

  /// Moves the rows of `positions`, [rows, dimensions].
  ///
  /// - Parameters:
  ///   - anchors: the points that pull and push, [points, dimensions], if not the rows themselves.
  ///   - graph: for each row the points that pull it.
  ///   - progress: called with the number of epochs done.
  func run(
    _ positions: [Float], anchors: [Float]? = nil, dimensions: Int, graph: SparseGraph,
    progress: ((Int) -> Void)? = nil
  ) -> [Float] {
    precondition((1...64).contains(dimensions), "A map has 1 to 64 dimensions.")
    let rows = positions.count / dimensions
    var moving = positions
    var others = anchors ?? positions
    let edges = EdgeSchedule(
      graph, epochs: epochs, negativeRate: negativeRate, movesOthers: anchors == nil)
    moving.withUnsafeMutableBufferPointer { moving in
      others.withUnsafeMutableBufferPointer { others in
        guard let points = moving.baseAddress, let seen = others.baseAddress else { return }
        for epoch in 0..<epochs {
          if anchors == nil { seen.update(from: points, count: moving.count) }
          var layout = cytoself_layout()
          layout.a = Float(curve.a)
          layout.b = Float(curve.b)
          layout.step = Float(rate * (1 - Double(epoch) / Double(epochs)))
          layout.dimensions = Int64(dimensions)
          layout.points = points
          layout.others = UnsafePointer(seen)
          layout.other_count = Int64(others.count / dimensions)
          layout.moves_others = anchors == nil ? 1 : 0
          edges.lend(to: &layout)
          workers.forEachRange(of: rows, size: Self.blockRows) { range, _ in
            var generator = SeededGenerator(
              seed: seed, stream: UInt64(epoch) << 32 | UInt64(range.lowerBound) + 1)
            withUnsafePointer(to: layout) { layout in
              cytoself_layout_rows(
                layout, Int64(range.lowerBound), Int64(range.upperBound), Float(epoch + 1),
                generator.next())
            }
          }
          progress?(epoch + 1)
        }
      }
    }
    return moving
  }
}

/// When each edge of a graph pulls and pushes next, in epochs.
private final class EdgeSchedule {
  private let starts: UnsafeMutablePointer<Int64>
  private let columns: UnsafeMutablePointer<Int32>
  private let pullIntervals: UnsafeMutablePointer<Float>
  private let pushIntervals: UnsafeMutablePointer<Float>
  private let nextPulls: UnsafeMutablePointer<Float>
  private let nextPushes: UnsafeMutablePointer<Float>

  /// The edges strong enough to pull at least once; the strongest pulls in every epoch.
  init(_ graph: SparseGraph, epochs: Int, negativeRate: Double, movesOthers: Bool) {
    let strongest = graph.weights.max() ?? 1
    let weakest = strongest / Float(max(1, epochs))
    let kept = graph.weights.reduce(0) { $0 + ($1 >= weakest ? 1 : 0) }
    starts = .allocate(capacity: graph.rows + 1)
    columns = .allocate(capacity: max(1, kept))
    pullIntervals = .allocate(capacity: max(1, kept))
    pushIntervals = .allocate(capacity: max(1, kept))
    nextPulls = .allocate(capacity: max(1, kept))
    nextPushes = .allocate(capacity: max(1, kept))
    var place = 0
    starts.initialize(to: 0)
    for row in 0..<graph.rows {
      for entry in graph.entries(of: row) where graph.weights[entry] >= weakest {
        let interval = strongest / graph.weights[entry]
        let other = Int(graph.columns[entry])
        let crosses =
          movesOthers && row / LayoutOptimizer.blockRows != other / LayoutOptimizer.blockRows
        // A rate of 0 pushes never.
        let push = negativeRate > 0 ? interval / Float(negativeRate) : .infinity
        let pull = crosses ? interval / 2 : interval
        (columns + place).initialize(to: Int32(other))
        (pullIntervals + place).initialize(to: pull)
        (pushIntervals + place).initialize(to: push)
        (nextPulls + place).initialize(to: pull)
        (nextPushes + place).initialize(to: push)
        place += 1
      }
      (starts + row + 1).initialize(to: Int64(place))
    }
  }

  deinit {
    starts.deallocate()
    columns.deallocate()
    pullIntervals.deallocate()
    pushIntervals.deallocate()
    nextPulls.deallocate()
    nextPushes.deallocate()
  }

  func lend(to layout: inout cytoself_layout) {
    layout.starts = UnsafePointer(starts)
    layout.columns = UnsafePointer(columns)
    layout.pull_interval = UnsafePointer(pullIntervals)
    layout.push_interval = UnsafePointer(pushIntervals)
    layout.next_pull = nextPulls
    layout.next_push = nextPushes
  }
}
