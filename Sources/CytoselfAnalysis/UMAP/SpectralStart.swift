import Numerics

/// Where the layout begins: the graph's smoothest vectors, a component at a time.
struct SpectralStart {
  /// Positions, [rows, dimensions], each axis within 0...10.
  let positions: [Float]

  /// - Parameters:
  ///   - data: the rows the graph was made of, to place components relative to each other.
  ///   - dimensions: the number of axes.
  init(_ graph: SparseGraph, data: Matrix, dimensions: Int, seed: UInt64) {
    var generator = SplitMix64(seed: seed, stream: 0x57A7)
    let (component, count) = graph.components()
    var positions = [Double](repeating: 0, count: graph.rows * dimensions)
    if count == 1 {
      Self.embed(graph, rows: Array(0..<graph.rows), dimensions, seed, &generator, &positions)
      Self.spread(&positions, rows: Array(0..<graph.rows), dimensions, radius: 10)
    } else {
      var members = [[Int]](repeating: [], count: count)
      for (row, number) in component.enumerated() { members[number].append(row) }
      let centers = Self.centers(of: members, data: data, dimensions, seed, &generator)
      for (index, rows) in members.enumerated() {
        let local = Self.subgraph(graph, rows: rows)
        Self.embed(local, rows: rows, dimensions, seed, &generator, &positions)
        let nearest =
          centers.indices.filter { $0 != index }
          .map { Self.distance(centers[$0], centers[index]) }.min() ?? 1
        Self.spread(&positions, rows: rows, dimensions, radius: max(nearest, 1e-3) / 3)
        for row in rows {
          for axis in 0..<dimensions { positions[row * dimensions + axis] += centers[index][axis] }
        }
      }
      Self.spread(&positions, rows: Array(0..<graph.rows), dimensions, radius: 10)
    }
    // umap-learn's noise, which parts equal points, and its scale of 0...10 on each axis.
    for index in positions.indices { positions[index] += 1e-4 * generator.normal() }
    for axis in 0..<dimensions {
      var low = Double.infinity
      var high = -Double.infinity
      for row in 0..<graph.rows {
        low = min(low, positions[row * dimensions + axis])
        high = max(high, positions[row * dimensions + axis])
      }
      let scale = high > low ? 10 / (high - low) : 0
      for row in 0..<graph.rows {
        positions[row * dimensions + axis] = (positions[row * dimensions + axis] - low) * scale
      }
    }
    self.positions = positions.map(Float.init)
  }

  /// Writes the spectral coordinates of one connected graph; small ones get random places.
  private static func embed(
    _ graph: SparseGraph, rows: [Int], _ dimensions: Int, _ seed: UInt64,
    _ generator: inout SplitMix64, _ positions: inout [Double]
  ) {
    guard rows.count > 2 * dimensions + 2 else {
      for row in rows {
        for axis in 0..<dimensions {
          positions[row * dimensions + axis] = rows.count == 1 ? 0 : 2 * generator.unit() - 1
        }
      }
      return
    }
    let rounds = rows.count > 200_000 ? 2 : 12
    let spectrum = GraphSpectrum(graph, count: dimensions, rounds: rounds, seed: seed)
    for (axis, vector) in spectrum.vectors.enumerated() {
      for (place, row) in rows.enumerated() { positions[row * dimensions + axis] = vector[place] }
    }
  }

  /// Scales the rows so that the largest coordinate is `radius`.
  private static func spread(
    _ positions: inout [Double], rows: [Int], _ dimensions: Int, radius: Double
  ) {
    var largest = 0.0
    for row in rows {
      for axis in 0..<dimensions {
        largest = max(largest, positions[row * dimensions + axis].magnitude)
      }
    }
    guard largest > 0 else { return }
    for row in rows {
      for axis in 0..<dimensions { positions[row * dimensions + axis] *= radius / largest }
    }
  }

  /// A place for each component: the means of their rows on the means' principal axes.
  private static func centers(
    of members: [[Int]], data: Matrix, _ dimensions: Int, _ seed: UInt64,
    _ generator: inout SplitMix64
  ) -> [[Double]] {
    var means = Matrix(rows: members.count, columns: data.columns)
    for (index, rows) in members.enumerated() {
      for (column, mean) in data.selecting(rows).columnMeans().enumerated() {
        means[index, column] = Float(mean)
      }
    }
    let axes = PrincipalComponents(means, count: dimensions, seed: seed)
    let scores = axes.transform(means)
    var centers = (0..<members.count).map { index in
      (0..<dimensions).map { $0 < scores.columns ? Double(scores[index, $0]) : 0 }
    }
    let largest = centers.joined().map(\.magnitude).max() ?? 0
    for index in centers.indices {
      for axis in 0..<dimensions {
        centers[index][axis] =
          (largest > 0 ? centers[index][axis] * 10 / largest : 0) + 0.1 * generator.normal()
      }
    }
    return centers
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  /// The part of a graph among some rows, renumbered by their place in the list.
  private static func subgraph(_ graph: SparseGraph, rows: [Int]) -> SparseGraph {
    var places: [Int: Int] = [:]
    for (place, row) in rows.enumerated() { places[row] = place }
    var starts = [0]
    var columns: [Int32] = []
    var weights: [Float] = []
    for row in rows {
      for entry in graph.entries(of: row) {
        guard let place = places[Int(graph.columns[entry])] else { continue }
        columns.append(Int32(place))
        weights.append(graph.weights[entry])
      }
      starts.append(columns.count)
    }
    return SparseGraph(starts: starts, columns: columns, weights: weights)
  }
}
