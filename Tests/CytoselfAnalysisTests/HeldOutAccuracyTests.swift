import CytoselfAnalysis
import Testing

@Suite struct HeldOutAccuracyTests {
  @Test func separateClassesAreNamed() throws {
    let matrix = randomMatrix(rows: 90, columns: 5, seed: 4)
    var values = matrix.values
    let labels = (0..<90).map { $0 % 3 }
    for row in 0..<90 { values[row * 5 + labels[row]] += 40 }
    let found = try HeldOutAccuracy(
      Matrix(rows: 90, columns: 5, values: values), labels: labels, training: Array(0..<60),
      heldOut: Array(60..<90))
    #expect(found == HeldOutAccuracy(nearest: 1, logistic: 1))
  }

  @Test func noiseIsNearChance() throws {
    let matrix = randomMatrix(rows: 900, columns: 4, seed: 5)
    let labels = (0..<900).map { ($0 * 7 + $0 / 13) % 3 }
    let found = try HeldOutAccuracy(
      matrix, labels: labels, training: Array(0..<600), heldOut: Array(600..<900))
    #expect(abs(found.nearest - 1 / 3) < 0.1)
    #expect(abs(found.logistic - 1 / 3) < 0.1)
  }

  @Test func scaleMattersToDistancesUnlessStandardised() throws {
    // The second column has another unit and says nothing.
    var values: [Float] = []
    let noise = randomMatrix(rows: 80, columns: 1, seed: 6).values
    let labels = (0..<80).map { $0 % 2 }
    for row in 0..<80 { values += [Float(labels[row]) * 10 + noise[row] * 0.1, noise[row] * 1e5] }
    let matrix = Matrix(rows: 80, columns: 2, values: values)
    func nearest(_ standardizes: Bool) throws -> Double {
      try HeldOutAccuracy(
        matrix, labels: labels, training: Array(0..<60), heldOut: Array(60..<80),
        standardizes: standardizes
      ).nearest
    }
    #expect(try nearest(true) == 1)
    #expect(try nearest(false) < 0.9)
  }

  @Test func tooFewRowsAreRefused() {
    let matrix = randomMatrix(rows: 6, columns: 2, seed: 1)
    #expect(throws: AnalysisError.self) {
      try HeldOutAccuracy(
        matrix, labels: [0, 1, 0, 1, 0, 1], training: [0, 1, 2], heldOut: [3, 4, 5])
    }
  }
}
