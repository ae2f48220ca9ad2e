import CellData
import Testing

@Suite struct OrientationTests {
  /// Counter-clockwise by 90 degrees, written down as plainly as possible.
  func turned(_ image: [[Float]]) -> [[Float]] {
    let (rows, columns) = (image.count, image[0].count)
    return (0..<columns).map { y in (0..<rows).map { x in image[x][columns - 1 - y] } }
  }

  @Test func turnsAndFlipsMovePixelsWhereTheyShould() {
    let image: [[Float]] = [[1, 2, 3], [4, 5, 6]]
    for orientation in Orientation.allCases {
      var plain = orientation.isMirrored ? image.map { Array($0.reversed()) } : image
      for _ in 0..<orientation.quarterTurns { plain = turned(plain) }
      let result = orientation.apply(to: Array(image.joined()), height: 2, width: 3)
      #expect(result == Array(plain.joined()), "\(orientation)")
    }
    // One by hand: a quarter turn counter-clockwise brings the right column to the top.
    let quarter = Orientation(quarterTurns: 1, isMirrored: false)
    #expect(quarter.apply(to: [1, 2, 3, 4, 5, 6], height: 2, width: 3) == [3, 6, 2, 5, 1, 4])
  }

  @Test func theEightAreAGroup() {
    let image = (0..<2 * 7 * 7).map(Float.init)
    let all = Orientation.allCases
    #expect(Set(all).count == 8)
    #expect(Set(all.map { $0.apply(to: image, channels: 2, height: 7, width: 7) }).count == 8)
    for first in all {
      let once = first.apply(to: image, channels: 2, height: 7, width: 7)
      #expect(first.then(first.inverse) == .identity)
      #expect(first.inverse.apply(to: once, channels: 2, height: 7, width: 7) == image)
      for second in all {
        let both = first.then(second)
        #expect(all.contains(both))
        #expect(
          both.apply(to: image, channels: 2, height: 7, width: 7)
            == second.apply(to: once, channels: 2, height: 7, width: 7))
      }
    }
  }

  @Test func rectanglesKeepTheirShapeUnderFour() {
    #expect(Orientation.rectangleCases.count == 4)
    #expect(Orientation.rectangleCases.allSatisfy { !$0.swapsSides })
    #expect(Orientation(quarterTurns: -1, isMirrored: true).quarterTurns == 3)
  }
}
