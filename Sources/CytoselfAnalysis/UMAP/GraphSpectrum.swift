import Foundation
import Numerics

/// The smoothest vectors on a connected graph.
///
/// They are eigenvectors of D^(-1/2) W D^(-1/2) with the largest eigenvalues after the first, which is
/// known: those of the normalised Laplacian with the smallest. Found by Lanczos' iteration, started
/// anew from the best vectors of each round (K. Wu and H. Simon, "Thick-restart Lanczos method for
/// large symmetric eigenvalue problems", 2000).
package struct GraphSpectrum {
  /// Eigenvalues of the normalised Laplacian, smallest first, without the 0.
  package let eigenvalues: [Double]
  /// Eigenvectors of unit length, one after another.
  package let vectors: [[Double]]
  /// The largest norm of M v - lambda v.
  package let residual: Double

  package init(
    _ graph: SparseGraph, count: Int, tolerance: Double = 1e-4, rounds: Int = 12, seed: UInt64
  ) {
    let rows = graph.rows
    let operation = NormalizedGraph(graph)
    let wanted = min(count, rows - 1)
    let size = min(rows - 1, max(2 * wanted + 1, 32))
    let kept = min(size - 1, wanted + 6)
    var generator = SplitMix64(seed: seed, stream: 0x5BEC)

    var basis: [[Double]] = []
    var projected = [Double](repeating: 0, count: size * size)
    var next = (0..<rows).map { _ in generator.normal() }
    operation.removeFirst(&next)
    scale(&next, by: 1 / length(next))

    var values: [Double] = []
    var vectors: [[Double]] = []
    var residual = Double.infinity
    for round in 0..<rounds {
      var tail = 0.0
      while basis.count < size {
        basis.append(next)
        let last = basis.count - 1
        var image = operation.apply(next)
        operation.removeFirst(&image)
        for pass in 0..<2 {
          for (index, vector) in basis.enumerated() {
            let overlap = innerProduct(vector, image)
            add(vector, times: -overlap, to: &image)
            if pass == 0 {
              projected[index * size + last] = overlap
              projected[last * size + index] = overlap
            }
          }
        }
        tail = length(image)
        if tail < 1e-12 {
          // The basis spans an invariant space: continue with a fresh direction.
          image = (0..<rows).map { _ in generator.normal() }
          operation.removeFirst(&image)
          for _ in 0..<2 {
            for vector in basis { add(vector, times: -innerProduct(vector, image), to: &image) }
          }
          tail = 0
        }
        let imageLength = length(image)
        scale(&image, by: imageLength > 0 ? 1 / imageLength : 0)
        next = image
      }
      let small = SymmetricEigen(projected, size: size)
      residual = (0..<wanted).map { abs(tail * small.vectors[$0 * size + size - 1]) }.max() ?? 0
      let done = residual <= tolerance || round == rounds - 1 || size == rows - 1
      let keeping = done ? wanted : kept
      let rotated = (0..<keeping).map { index -> [Double] in
        var vector = [Double](repeating: 0, count: rows)
        for (place, old) in basis.enumerated() {
          add(old, times: small.vectors[index * size + place], to: &vector)
        }
        return vector
      }
      if done {
        values = Array(small.values.prefix(wanted))
        vectors = rotated
        break
      }
      basis = rotated
      projected = [Double](repeating: 0, count: size * size)
      for index in 0..<keeping { projected[index * size + index] = small.values[index] }
    }
    eigenvalues = values.map { 1 - $0 }
    self.vectors = vectors
    self.residual = residual
  }
}

/// D^(-1/2) W D^(-1/2) of a symmetric graph.
private struct NormalizedGraph {
  private let graph: SparseGraph
  private let scales: [Double]
  /// The eigenvector of the eigenvalue 1: the square roots of the degrees.
  private let first: [Double]

  init(_ graph: SparseGraph) {
    self.graph = graph
    let degrees = (0..<graph.rows).map { row in
      graph.entries(of: row).reduce(0.0) { $0 + Double(graph.weights[$1]) }
    }
    scales = degrees.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    let total = degrees.reduce(0, +).squareRoot()
    first = degrees.map { total > 0 ? $0.squareRoot() / total : 0 }
  }

  func apply(_ vector: [Double]) -> [Double] {
    var scaled = vector
    for row in scaled.indices { scaled[row] *= scales[row] }
    var image = [Double](repeating: 0, count: vector.count)
    graph.columns.withUnsafeBufferPointer { columns in
      graph.weights.withUnsafeBufferPointer { weights in
        for row in image.indices {
          var sum = 0.0
          for entry in graph.entries(of: row) {
            sum += Double(weights[entry]) * scaled[Int(columns[entry])]
          }
          image[row] = sum * scales[row]
        }
      }
    }
    return image
  }

  func removeFirst(_ vector: inout [Double]) {
    add(first, times: -innerProduct(first, vector), to: &vector)
  }
}
