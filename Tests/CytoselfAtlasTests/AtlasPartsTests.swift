import CytoselfAtlas
import Foundation
import Testing

/// The parts that an atlas is made of.
@Suite struct AtlasPartsTests {
  @Test func theCurveVisitsEverySquareAndNeverJumps() {
    // The squares of one corner of the grid are visited one after the other.
    var places: [(place: UInt32, x: Int, y: Int)] = []
    for x in 0..<64 {
      for y in 0..<64 { places.append((HilbertOrder.place(x: UInt32(x), y: UInt32(y)), x, y)) }
    }
    places.sort { $0.place < $1.place }
    #expect(places.map(\.place) == Array(0..<4096))
    for (one, next) in zip(places, places.dropFirst()) {
      #expect(abs(one.x - next.x) + abs(one.y - next.y) == 1)
    }
    #expect(
      Set([0, 65_535].flatMap { x in [0, 65_535].map { HilbertOrder.place(x: x, y: $0) } }).count
        == 4)
  }

  @Test func picturesKeepTheMeanOfCrops() {
    let crop = (0..<30 * 20).map { Float($0 % 20 + $0 / 20) }
    for side in [8, 20, 24] {
      let scaling = CropScaling(height: 30, width: 20, side: side)
      var picture = [Float](repeating: 0, count: side * side)
      crop.withUnsafeBufferPointer { scaling.scaled($0, into: &picture) }
      // The centre square: rows 5 to 24.
      let center = (5..<25).flatMap { row in (0..<20).map { crop[row * 20 + $0] } }
      let mean = center.reduce(0, +) / 400
      #expect(abs(picture.reduce(0, +) / Float(side * side) - mean) < 1e-3, "\(side)")
      #expect(abs(picture[0] - 5) < 2.5)
      if side == 20 { #expect(picture == center) }
    }
  }

  @Test func onePixelInAThousandMayBeHot() {
    var picture = (0..<48 * 48).map { Float($0 % 7) }
    picture[100] = 1000
    picture[200] = -1000
    let range = CropScaling.range(of: picture)
    #expect(range.low == 0 && range.high == 6)
    #expect(CropScaling.range(of: [3, 3, 3]) == (3, 3))
  }

  @Test func picturesAreTakenFromEveryGroupInTurn() {
    let groups = [UInt16](repeating: 0, count: 900) + [UInt16](repeating: 1, count: 10) + [.max]
    let chosen = PictureChoice.rows(of: groups, most: 50)
    #expect(chosen.count == 50 && chosen == chosen.sorted())
    #expect(chosen.count { $0 >= 900 && $0 < 910 } == 10)
    #expect(chosen.contains(910))
    #expect(PictureChoice.rows(of: groups, most: 911) == groups.indices.map { Int32($0) })
  }
}
