import CytoselfAnalysis
import CytoselfFigures
import Testing

@Suite struct AnalysisResultTests {
  @Test func treesKeepTheLinkagesOrder() throws {
    var generator = SplitMix(seed: 21)
    let rows = 24
    let places = (0..<rows).map { _ in Double.random(in: 0...1, using: &generator) }
    var distances: [Double] = []
    for a in 0..<rows { for b in 0..<rows { distances.append(abs(places[a] - places[b])) } }
    let linkage = AverageLinkage(distances: distances, rows: rows)
    #expect(try Dendrogram(linkage).leafOrder == linkage.leafOrder)
  }
}
