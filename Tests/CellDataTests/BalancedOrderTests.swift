import Numerics
import CellData
import Testing

@Suite struct BalancedOrderTests {
  /// Three classes of different sizes, each in four fields of its own.
  private static let labels: [Int32] = (0..<96).map { $0 < 60 ? 0 : $0 < 84 ? 1 : 2 }
  private static let fields: [Int32] = (0..<96).map { Int32(labels[$0] * 10) + Int32($0 % 4) }

  private func places(_ count: Int, batch: Int, seed: UInt64 = 3, perClass: Int = 4) -> [Int] {
    let order = BalancedOrder(
      labels: Self.labels, fields: Self.fields, cellsPerClass: perClass)
    var generator = SplitMix64(seed: seed)
    return order.places(count, batchSize: batch, generator: &generator).map(Int.init)
  }

  @Test func classesAreEquallyOften() {
    let places = places(96, batch: 12)
    #expect(places.count == 96)
    for start in stride(from: 0, to: 96, by: 12) {
      let batch = places[start..<start + 12].map { Self.labels[$0] }
      #expect(Dictionary(grouping: batch) { $0 }.mapValues(\.count) == [0: 4, 1: 4, 2: 4])
    }
  }

  @Test func cellsOfAClassInABatchAreOfDifferentFields() {
    let places = places(96, batch: 12)
    for start in stride(from: 0, to: 96, by: 4) {
      #expect(Set(places[start..<start + 4].map { Self.fields[$0] }).count == 4)
    }
  }

  @Test func everyCellOfAClassComesBeforeAnyComesTwice() {
    let places = places(288, batch: 12)
    let smallest = places.filter { Self.labels[$0] == 2 }
    #expect(Set(smallest.prefix(12)).count == 12)
    let largest = places.filter { Self.labels[$0] == 0 }
    #expect(Set(largest.prefix(60)).count == 60)
  }

  @Test func dependsOnTheSeedAlone() {
    #expect(places(48, batch: 8) == places(48, batch: 8))
    #expect(places(48, batch: 8) != places(48, batch: 8, seed: 4))
  }

  @Test func batchesSmallerThanTheClassesTakeTurns() {
    let places = places(60, batch: 2, perClass: 2)
    let counts = Dictionary(grouping: places) { Self.labels[$0] }.mapValues(\.count)
    #expect(counts == [0: 20, 1: 20, 2: 20])
  }

  @Test func balancedBatchesAreAllFull() throws {
    let data = try ReleasedData([[5], [6]]).open()
    let loader = BatchLoader(
      data, rows: Array(0..<11), labels: try data.labelBook(),
      options: .init(batchSize: 4, shuffles: true, cellsPerClass: 2))
    #expect(loader.cellsPerEpoch == 12)
    let stream = loader.batches(epoch: 0)
    var batches: [Batch] = []
    while let batch = try stream.next() { batches.append(batch) }
    #expect(batches.map(\.count) == [4, 4, 4])
    #expect(batches.allSatisfy { Set($0.labels).count == 2 })
    // A run that is resumed sees the batches it would have seen.
    let rest = loader.batches(epoch: 0, from: 1)
    #expect(try rest.next()?.rows == batches[1].rows)
  }
}
