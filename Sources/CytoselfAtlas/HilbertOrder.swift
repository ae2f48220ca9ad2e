import CytoselfAnalysis

/// Cells in the order of a Hilbert curve over a map, so that cells that lie together follow each other.
///
/// A view of a part of the map then touches few sheets of pictures and few blocks of data.
package enum HilbertOrder {
  /// Bits of a coordinate: a grid of 65,536 x 65,536 squares.
  private static let bits = 16

  /// The rows of a map, those along the curve first; rows of one square stay in their order.
  ///
  /// - Parameter map: positions; of more than two axes the first two count.
  static func rows(of map: AtlasMap) -> [Int32] {
    let places = (0..<map.positions.rows).map { row -> UInt32 in
      let x = UInt32(map.quantized(row, axis: 0))
      let y = map.dimensions > 1 ? UInt32(map.quantized(row, axis: 1)) : 0
      return place(x: x, y: y)
    }
    return places.indices.map { Int32($0) }
      .sorted { (places[Int($0)], $0) < (places[Int($1)], $1) }
  }

  /// The place on the curve of a square (J. Skilling, "Programming the Hilbert curve", 2004, in two
  /// dimensions).
  package static func place(x: UInt32, y: UInt32) -> UInt32 {
    var (x, y) = (x, y)
    var place: UInt32 = 0
    var side: UInt32 = 1 << UInt32(bits - 1)
    while side > 0 {
      let right: UInt32 = x & side > 0 ? 1 : 0
      let upper: UInt32 = y & side > 0 ? 1 : 0
      place = place << 2 | (3 * right) ^ upper
      // Each quarter holds the curve turned: it is turned back.
      if upper == 0 {
        if right == 1 {
          x = side &- 1 &- (x & (side &- 1))
          y = side &- 1 &- (y & (side &- 1))
        }
        (x, y) = (y, x)
      }
      side >>= 1
    }
    return place
  }
}
