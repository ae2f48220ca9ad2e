import CMatrixKernels
import Numerics

/// Moves points until near ones in the graph are near in the map: UMAP's sampled gradient descent.
///
/// Within a half pass a row sees itself where it is now and the others where they were when it began,
/// so blocks of rows run on any number of threads and the bytes stay the same. umap-learn moves both
/// ends of an edge when it is due; here each end moves itself, in twice as many passes with half as
/// many pushes. Both ends of an edge move in the same half: two rows far from all others, strongly
/// joined, that moved in turns would leap over each other and out of the map.
package struct LayoutOptimizer {
  let curve: MembershipCurve
  let epochs: Int
  /// How many random points push a row away for each neighbour that pulls.
  let negativeRate: Double
  /// The step at the first epoch; it falls to 0 linearly.
  let rate: Double
  let seed: UInt64
  let workers: Workers

  package init(
    curve: MembershipCurve, epochs: Int, negativeRate: Double, rate: Double, seed: UInt64,
    workers: Workers
  ) {
    self.curve = curve
    self.epochs = epochs
    self.negativeRate = negativeRate
    self.rate = rate
    self.seed = seed
    self.workers = workers
  }

  /// Moves the rows of `positions`, [rows, dimensions].
  ///
  /// - Parameters:
  ///   - anchors: the points that pull and push, [points, dimensions], if not the rows themselves.
  ///   - graph: for each row the points that pull it.
  ///   - progress: called with the share done.
  package func run(
    _ positions: [Float], anchors: [Float]? = nil, dimensions: Int, graph: SparseGraph,
    progress: ((Double) -> Void)? = nil
  ) -> [Float] {
    precondition((1...64).contains(dimensions), "A map has 1 to 64 dimensions.")
    var moving = positions
    var others = anchors ?? positions
    let edges = EdgeSchedule(graph, epochs: epochs)
    let rooms = (0..<workers.count).map { _ in
      ScratchRoom(Int(cytoself_layout_room(Int64(edges.mostInBlock))))
    }
    let passes = anchors == nil ? 2 * epochs : epochs
    moving.withUnsafeMutableBufferPointer { moving in
      others.withUnsafeMutableBufferPointer { others in
        guard let points = moving.baseAddress, let seen = others.baseAddress else { return }
        for turn in 0..<passes * EdgeSchedule.parts {
          let pass = turn / EdgeSchedule.parts
          if anchors == nil { seen.update(from: points, count: moving.count) }
          var layout = cytoself_layout()
          layout.a = Float(curve.a)
          layout.b = Float(curve.b)
          layout.step = Float(rate * (1 - Double(pass) / Double(passes)))
          layout.dimensions = Int64(dimensions)
          layout.points = points
          layout.others = UnsafePointer(seen)
          layout.other_count = Int64(others.count / dimensions)
          layout.moves_others = anchors == nil ? 1 : 0
          layout.pushes = anchors == nil ? negativeRate / 2 : negativeRate
          edges.lend(to: &layout)
          workers.forEach(edges.blocks) { block, worker in
            var generator = SplitMix64(
              seed: seed, stream: UInt64(turn) << 32 | UInt64(block) + 1)
            let range = edges.part(turn % EdgeSchedule.parts, block: block)
            withUnsafePointer(to: layout) { layout in
              cytoself_layout_edges(
                layout, Int64(range.lowerBound), Int64(range.upperBound), Float(pass + 1),
                generator.next(), rooms[worker].numbers)
            }
          }
          progress?(Double(turn + 1) / Double(passes * EdgeSchedule.parts))
        }
      }
    }
    return moving
  }
}

/// When each edge of a graph pulls next, in passes; the strongest pulls in every pass.
private final class EdgeSchedule {
  /// How often in a pass the positions of the other rows are refreshed.
  static let parts = 2

  /// The most edges of a part of a block.
  let mostInBlock: Int
  /// Where each part of each block begins.
  private let starts: [Int]
  private let rows: UnsafeMutablePointer<Int32>
  private let columns: UnsafeMutablePointer<Int32>
  private let intervals: UnsafeMutablePointer<Float>
  private let nextPulls: UnsafeMutablePointer<Float>

  /// Rows of a block, whose places stay in the first-level cache.
  private static let blockRows = 1024

  /// The edges strong enough to pull at least once in `epochs`, a block of rows at a time.
  init(_ graph: SparseGraph, epochs: Int) {
    let strongest = graph.weights.max() ?? 1
    let weakest = strongest / Float(max(1, epochs))
    let kept = graph.weights.reduce(0) { $0 + ($1 >= weakest ? 1 : 0) }
    rows = .allocate(capacity: max(1, kept))
    columns = .allocate(capacity: max(1, kept))
    intervals = .allocate(capacity: max(1, kept))
    nextPulls = .allocate(capacity: max(1, kept))
    var starts = [0]
    for first in stride(from: 0, to: graph.rows, by: Self.blockRows) {
      let block = first..<min(graph.rows, first + Self.blockRows)
      for part in 0..<Self.parts {
        var place = starts[starts.count - 1]
        for (row, entry) in Self.spread(graph, rows: block, part: part, weakest: weakest) {
          let interval = strongest / graph.weights[entry]
          (rows + place).initialize(to: row)
          (columns + place).initialize(to: graph.columns[entry])
          (intervals + place).initialize(to: interval)
          (nextPulls + place).initialize(to: interval)
          place += 1
        }
        starts.append(place)
      }
    }
    self.starts = starts
    mostInBlock = zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0
  }

  /// The edges of a part of a block, those of one row as far from each other as they can be.
  private static func spread(
    _ graph: SparseGraph, rows: Range<Int>, part: Int, weakest: Float
  ) -> [(row: Int32, entry: Int)] {
    var edges: [(row: Int32, entry: Int)] = []
    var shares: [Double] = []
    for row in rows {
      let first = edges.count
      for entry in graph.entries(of: row)
      where graph.weights[entry] >= weakest && Self.part(row, Int(graph.columns[entry])) == part {
        edges.append((Int32(row), entry))
      }
      // Rows begin at places that differ, by the golden ratio.
      let start = (Double(row) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
      let count = Double(edges.count - first)
      for place in 0..<edges.count - first { shares.append((Double(place) + start) / count) }
    }
    // Sorted by counting, since there are as many places as edges.
    let places = shares.map { min(edges.count - 1, Int($0 * Double(edges.count))) }
    var next = [Int](repeating: 0, count: edges.count + 1)
    for place in places { next[place + 1] += 1 }
    for place in edges.indices { next[place + 1] += next[place] }
    var sorted = edges
    for (edge, place) in zip(edges, places) {
      sorted[next[place]] = edge
      next[place] += 1
    }
    return sorted
  }

  /// The part in which an edge pulls, the same for both of its ends.
  private static func part(_ row: Int, _ column: Int) -> Int {
    var mixed = UInt64(min(row, column)) << 32 | UInt64(max(row, column))
    mixed = (mixed ^ (mixed >> 31)) &* 0x9E37_79B9_7F4A_7C15
    return Int(mixed >> 40) % parts
  }

  deinit {
    rows.deallocate()
    columns.deallocate()
    intervals.deallocate()
    nextPulls.deallocate()
  }

  var blocks: Int { (starts.count - 1) / Self.parts }

  /// The edges of a part of a block.
  func part(_ part: Int, block: Int) -> Range<Int> {
    starts[Self.parts * block + part]..<starts[Self.parts * block + part + 1]
  }

  func lend(to layout: inout cytoself_layout) {
    layout.rows = UnsafePointer(rows)
    layout.columns = UnsafePointer(columns)
    layout.pull_interval = UnsafePointer(intervals)
    layout.next_pull = nextPulls
  }
}

/// Memory that one thread uses again and again.
private final class ScratchRoom {
  let numbers: UnsafeMutablePointer<Int32>

  init(_ count: Int) { numbers = .allocate(capacity: count) }

  deinit { numbers.deallocate() }
}
