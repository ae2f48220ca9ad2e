import CytoselfAnalysis
import Numerics
import Testing

@Suite struct ConfounderTests {
  /// Cells of three labels in twelve fields, whose first column is brightness.
  private func cells(brightness: Float) -> (
    embedding: Matrix, light: [Double], area: [Double], labels: [String], fields: [String]
  ) {
    var generator = SplitMix64(seed: 11, stream: 0)
    var values: [Float] = []
    var light: [Double] = []
    var area: [Double] = []
    var labels: [String] = []
    var fields: [String] = []
    for cell in 0..<360 {
      let (label, field) = (cell / 120, cell / 30)
      let shine = Float(generator.normal())
      light.append(Double(shine))
      area.append(100 + generator.unit())
      labels.append("l\(label)")
      fields.append("f\(field)")
      values.append(brightness * shine + 0.3 * Float(generator.normal()))
      for axis in 1..<4 {
        values.append((axis == label + 1 ? 2 : 0) + 0.5 * Float(generator.normal()))
      }
    }
    return (Matrix(rows: 360, columns: 4, values: values), light, area, labels, fields)
  }

  private func check(_ brightness: Float) throws -> ConfounderCheck {
    let (embedding, light, area, labels, fields) = cells(brightness: brightness)
    let folds = try HeldOutFolds(
      holdingOut: .fields, groups: Grouping(fields).codes, labels: labels, column: "label")
    return try ConfounderCheck(
      embedding, covariates: [("light", light), ("area", area)], label: ("label", labels),
      field: ("field", fields), folds: folds, sampling: Sampling(resamples: 200))
  }

  @Test func whatExplainsTheEmbeddingIsFound() throws {
    let found = try check(3)
    let shares = Dictionary(
      uniqueKeysWithValues: found.explained.map { ($0.name, $0) })
    #expect(
      found.explained.map(\.name) == [
        "light", "area", "all 2 together", "label", "label beyond these", "field",
        "field beyond label",
      ])
    let light = try #require(shares["light"])
    #expect(light.share.adjusted > 0.6 && light.pValue == 0.005)
    #expect((light.nullHigh ?? 1) < 0.03)
    // What does not matter has a share near 0, and fields explain nothing beyond labels.
    #expect(abs(try #require(shares["area"]).share.adjusted) < 0.02)
    #expect(try #require(shares["area"]?.pValue) > 0.05)
    #expect(abs(try #require(shares["field beyond label"]).share.adjusted) < 0.03)
    #expect(try #require(shares["label beyond these"]).share.adjusted > 0.15)
    // Without the adjustment twelve fields would seem to explain more than three labels.
    #expect(
      try #require(shares["field"]).share.share > (try #require(shares["label"]).share.share))
    #expect(found.told.map(\.name) == ["light", "area"])
    #expect(found.told[0].r2 > 0.9 && found.told[0].low > 0.8)
    #expect(found.told[0].interval == "bootstrap over fields")
    #expect(found.told[1].r2 < 0.1)
  }

  @Test func withoutBrightnessItExplainsNothing() throws {
    let found = try check(0)
    #expect(abs(found.explained[0].share.adjusted) < 0.02)
    #expect(found.told[0].r2 < 0.1)
  }

  @Test func tooFewCellsAreRefused() {
    let (embedding, light, _, labels, _) = cells(brightness: 1)
    let few = light.indices.map { $0 < 9 ? light[$0] : .nan }
    #expect {
      try ConfounderCheck(
        embedding, covariates: [("light", few)], label: ("label", labels), field: nil, folds: nil)
    } throws: {
      "\($0)".hasPrefix("9 cells of the embedding that have a label and every covariate")
    }
  }
}
