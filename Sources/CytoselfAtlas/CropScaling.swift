/// From the pixels of a crop to those of its small picture.
package struct CropScaling {
  /// Rows of the crop.
  package let height: Int
  /// Columns of the crop.
  package let width: Int
  /// Pixels of a side of the picture.
  package let side: Int
  /// The pixels of the crop that lie under each pixel of the picture along one axis, with their shares.
  private let columns: [[(place: Int, share: Float)]]
  private let rows: [[(place: Int, share: Float)]]

  /// The centre square of crops, reduced or enlarged to a side.
  package init(height: Int, width: Int, side: Int) {
    self.height = height
    self.width = width
    self.side = side
    let extent = min(height, width)
    columns = Self.shares(extent: extent, start: (width - extent) / 2, side: side)
    rows = Self.shares(extent: extent, start: (height - extent) / 2, side: side)
  }

  /// Each pixel of the picture covers a stretch of the crop: pixels count by how much of them it covers.
  private static func shares(
    extent: Int, start: Int, side: Int
  ) -> [[(place: Int, share: Float)]] {
    let step = Double(extent) / Double(side)
    return (0..<side).map { index in
      let (low, high) = (Double(index) * step, Double(index + 1) * step)
      let places = Int(low)..<min(extent, max(Int(low) + 1, Int(high.rounded(.up))))
      return places.compactMap { place in
        let share = (min(high, Double(place + 1)) - max(low, Double(place))) / step
        return share > 0 ? (start + place, Float(share)) : nil
      }
    }
  }

  /// The picture of a channel, `[side, side]`, in units of the crop.
  package func scaled(_ crop: UnsafeBufferPointer<Float>, into picture: inout [Float]) {
    if height == side, width == side {
      for index in 0..<side * side { picture[index] = crop[index] }
      return
    }
    for y in 0..<side {
      for x in 0..<side {
        var sum: Float = 0
        for (row, rowShare) in rows[y] {
          for (column, share) in columns[x] { sum += crop[row * width + column] * rowShare * share }
        }
        picture[y * side + x] = sum
      }
    }
  }

  /// The range a picture is stretched from: one pixel in a thousand may lie outside on either side, so
  /// that hot ones darken nothing.
  package static func range(of picture: [Float]) -> (low: Float, high: Float) {
    let rank = picture.count / 1000
    var low = [Float](repeating: .infinity, count: rank + 1)
    var high = [Float](repeating: -.infinity, count: rank + 1)
    for value in picture {
      // The smallest so far, descending; the largest so far, ascending.
      if value < low[0] {
        var place = 0
        while place < rank, low[place + 1] > value {
          low[place] = low[place + 1]
          place += 1
        }
        low[place] = value
      }
      if value > high[0] {
        var place = 0
        while place < rank, high[place + 1] < value {
          high[place] = high[place + 1]
          place += 1
        }
        high[place] = value
      }
    }
    return (low[0], max(low[0], high[0]))
  }
}
