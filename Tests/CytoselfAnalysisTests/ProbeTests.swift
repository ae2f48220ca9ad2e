import CytoselfAnalysis
import Testing

@Suite struct ProbeTests {
  @Test func wilsonsIntervalAgreesWithTables() {
    // R: binom::binom.confint(8, 10, methods = "wilson")
    let share = Proportion(successes: 8, trials: 10)
    #expect(abs(share.low - 0.4901625) < 1e-6)
    #expect(abs(share.high - 0.9433178) < 1e-6)
    #expect(share.value == 0.8)
    let none = Proportion(successes: 0, trials: 0)
    #expect(none.low == 0 && none.high == 1 && none.value == 0)
  }

  @Test func wholeFieldsWidenTheInterval() {
    // Ten fields of twenty cells, all right or all wrong: ten trials, not two hundred.
    let succeeded = (0..<200).map { ($0 / 20) % 2 == 0 }
    let byField = Proportion(succeeded: succeeded, groups: (0..<200).map { $0 / 20 })
    let byCell = Proportion(successes: 100, trials: 200)
    #expect(byField.value == byCell.value)
    #expect(byField.high - byField.low > 2 * (byCell.high - byCell.low))
    #expect(Proportion(succeeded: succeeded, groups: [Int](repeating: 0, count: 200)) == byCell)
  }

  @Test func identificationCountsWhatItSays() {
    let scores = Identification(
      label: "protein", method: "test", predicted: [0, 0, 1, 2], truth: [0, 1, 1, 1],
      learned: [0, 0, 0, 1])
    #expect(scores.accuracy.successes == 2)
    #expect(scores.classes == 2)
    // F1 of label 0: 2/(2+1); of label 1: 2/(1+3).
    #expect(abs(scores.macroF1 - (2.0 / 3 + 2.0 / 4) / 2) < 1e-12)
    #expect(abs(scores.chance - (0.75 + 3 * 0.25) / 4) < 1e-12)
    #expect(scores.majority == 0.25)
  }

  @Test func votesGoToTheMostFrequentThenTheNearest() {
    let neighbors = Neighbors(
      rows: 2, count: 4, indices: [0, 1, 2, 3, 3, 2, 1, 0],
      distances: [Float](repeating: 1, count: 8), method: "exact")
    #expect(neighbors.vote([5, 7, 7, 5], k: 4) == [5, 5])
    #expect(neighbors.vote([5, 7, 7, 5], k: 3) == [7, 7])
  }

  /// Proteins at places of their own; each field of view shifts its cells.
  private func cells(fieldShift: Float) -> (
    embedding: Matrix, proteins: [String], fields: [String], split: [String]
  ) {
    var generator = SeededGenerator(seed: 77)
    var values: [Float] = []
    var proteins: [String] = []
    var fields: [String] = []
    var split: [String] = []
    for protein in 0..<6 {
      for field in 0..<4 {
        let shift = (0..<5).map { _ in fieldShift * Float(generator.normal()) }
        for _ in 0..<12 {
          for axis in 0..<5 {
            values.append(
              (axis == protein % 5 ? 4 : 0) + (protein == 5 && axis == 0 ? 4 : 0) + shift[axis]
                + 0.3 * Float(generator.normal()))
          }
          proteins.append("protein\(protein)")
          fields.append("p\(protein)f\(field)")
          split.append(field == 3 ? "test" : "train")
        }
      }
    }
    return (Matrix(rows: proteins.count, columns: 5, values: values), proteins, fields, split)
  }

  @Test func heldOutFieldsAreIdentified() throws {
    let (embedding, proteins, fields, split) = cells(fieldShift: 0.2)
    let probe = try HeldOutProbe(
      embedding, labels: [("protein", proteins)], split: split, fields: ("field", fields))
    #expect(probe.heldOut == "test")
    #expect(probe.askingCells == 72 && probe.referenceCells == 216)
    #expect(probe.askingFields == 6)
    let nearest = try #require(probe.nearest.first)
    #expect(nearest.accuracy.value > 0.9)
    #expect(abs(nearest.chance - 1.0 / 6) < 1e-9)
    #expect(nearest.pValue <= 0.001)
    let retrieval = try #require(probe.retrieval.first)
    #expect(retrieval.accuracy.value > 0.9)
  }

  @Test func retrievalDoesNotLookInTheCellsOwnField() throws {
    // Fields far apart and proteins without effect: within the field all would be right.
    let (_, proteins, fields, split) = cells(fieldShift: 0)
    var generator = SeededGenerator(seed: 5)
    var places: [String: [Float]] = [:]
    for field in fields where places[field] == nil {
      places[field] = (0..<5).map { _ in 50 * Float(generator.normal()) }
    }
    let values = fields.flatMap { places[$0] ?? [] }
    let noise = values.map { $0 + Float(generator.normal()) }
    let probe = try HeldOutProbe(
      Matrix(rows: fields.count, columns: 5, values: noise), labels: [("protein", proteins)],
      split: split, fields: ("field", fields))
    #expect(try #require(probe.retrieval.first).accuracy.value < 0.6)
  }

  @Test func cellsWithoutALabelDoNotAsk() throws {
    var (embedding, proteins, fields, split) = cells(fieldShift: 0.2)
    for row in 0..<48 { proteins[row] = "" }
    let probe = try HeldOutProbe(
      embedding, labels: [("protein", proteins)], split: split, fields: ("field", fields))
    #expect(probe.nearest.first?.accuracy.trials == 60)
    split = split.map { _ in "train" }
    #expect(throws: AnalysisError.self) {
      try HeldOutProbe(embedding, labels: [("protein", proteins)], split: split)
    }
  }
}
