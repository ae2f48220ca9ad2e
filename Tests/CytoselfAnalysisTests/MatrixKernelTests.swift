import CInstructionSet
import CMatrixKernels
import CytoselfAnalysis
import Foundation
import Numerics
import Testing

/// The kernels of the analysis with the instructions of this process, against double precision.
@Suite struct MatrixKernelTests {
  @Test func theVariableLimitsTheInstructions() {
    let widest = cytoself_instruction_set_within(nil)
    #expect(cytoself_instruction_set_within("default") == cytoself_portable)
    #expect(
      cytoself_instruction_set_within("avx2").rawValue
        == min(widest.rawValue, cytoself_avx2.rawValue))
    #expect(cytoself_instruction_set_within("avx512") == widest)
    #expect(cytoself_instruction_set_within("another word") == widest)
  }

  @Test func theProcessFollowsTheVariable() {
    let allowed = ProcessInfo.processInfo.environment["ATEN_CPU_CAPABILITY"]
    #expect(cytoself_chosen_instruction_set() == cytoself_instruction_set_within(allowed))
  }

  /// Sizes that leave parts of tiles, panels and vectors over.
  @Test(arguments: [(1, 1, 1), (7, 33, 5), (200, 65, 300)])
  func productsAreThoseOfDoublePrecision(rows: Int, columns: Int, inner: Int) {
    var random = SplitMix64(seed: 5)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        values: (0..<rows * columns).map { _ in Float(random.normal()) })
    }
    let (a, b) = (matrix(rows, inner), matrix(inner, columns))
    let product = Matrix.product(a, b, workers: Workers(1))
    for row in 0..<rows {
      for column in 0..<columns {
        let exact = (0..<inner).reduce(0.0) { $0 + Double(a[row, $1]) * Double(b[$1, column]) }
        #expect(abs(Double(product[row, column]) - exact) < 1e-5 * Double(inner + 1))
      }
    }
  }

  @Test(arguments: [1, 8, 27, 256]) func distancesAreThoseOfDoublePrecision(count: Int) {
    var random = SplitMix64(seed: 6)
    let a = (0..<count).map { _ in random.uniform() }
    let b = (0..<count).map { _ in random.uniform() }
    let exact = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
    #expect(abs(Double(cytoself_squared_distance(a, b, Int64(count))) - exact) < 1e-6 * (exact + 1))
    let dot = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(Double(cytoself_dot(a, b, Int64(count))) - dot) < 1e-6 * (dot + 1))
  }
}
