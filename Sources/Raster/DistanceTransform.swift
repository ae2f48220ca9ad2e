/// The working memory of ``DistanceMap`` for one size of image, reused from image to image.
///
/// The method is that of Meijster, Roerdink and Hesselink (2000, doi:10.1007/0-306-47025-X_36):
/// distances along columns, then the lower envelope of parabolas along every row. All numbers are
/// whole until the last square root, so the result is exact.
public final class DistanceTransform {
  private let width: Int
  private let height: Int
  private let infinity: Int32
  private let columns: UnsafeMutablePointer<Int32>
  private let sites: UnsafeMutablePointer<Int32>
  private let starts: UnsafeMutablePointer<Int32>

  /// Working memory for masks of `width` x `height` pixels, each side between 1 and 20,000.
  public init(width: Int, height: Int) {
    precondition(
      (1...20_000).contains(width) && (1...20_000).contains(height),
      "A distance map needs sides between 1 and 20,000 pixels.")
    self.width = width
    self.height = height
    infinity = Int32(width + height)
    columns = .allocate(capacity: width * height)
    sites = .allocate(capacity: width)
    starts = .allocate(capacity: width)
  }

  deinit {
    columns.deallocate()
    sites.deallocate()
    starts.deallocate()
  }

  /// Fills `result` with the signed distances that ``DistanceMap/signed(_:width:height:)`` states.
  public func signed(
    _ mask: UnsafeBufferPointer<Bool>, into result: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      mask.count == width * height && result.count == mask.count,
      "A mask and its distance map need the size the working memory was made for.")
    fill(mask, target: true, sign: 1, into: result)
    fill(mask, target: false, sign: -1, into: result)
  }

  /// Writes `sign` times the distance to the nearest pixel equal to `target` into all others.
  func fill(
    _ mask: UnsafeBufferPointer<Bool>, target: Bool, sign: Float,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    measureColumns(mask, target: target)
    let farthest = Float(width * width + height * height).squareRoot()
    for row in 0..<height {
      let heights = columns + row * width
      let last = lowerEnvelope(heights)
      var region = last
      for column in stride(from: width - 1, through: 0, by: -1) {
        while region > 0, Int(starts[region]) > column { region -= 1 }
        let index = row * width + column
        guard mask[index] != target else { continue }
        let offset = column - Int(sites[region])
        let rise = Int(heights[Int(sites[region])])
        result[index] =
          sign
          * (rise >= Int(infinity)
            ? farthest : Self.root(offset * offset + rise * rise))
      }
    }
  }

  /// The distance of every pixel to the nearest target above or below it.
  private func measureColumns(_ mask: UnsafeBufferPointer<Bool>, target: Bool) {
    for column in 0..<width { columns[column] = mask[column] == target ? 0 : infinity }
    for row in 1..<max(height, 1) {
      let above = columns + (row - 1) * width
      let here = columns + row * width
      for column in 0..<width {
        here[column] =
          mask[row * width + column] == target ? 0 : min(above[column] + 1, infinity)
      }
    }
    for row in stride(from: height - 2, through: 0, by: -1) {
      let below = columns + (row + 1) * width
      let here = columns + row * width
      for column in 0..<width { here[column] = min(here[column], below[column] + 1) }
    }
  }

  /// The parabolas that are lowest somewhere along a row: `sites` and where each `starts` to be so.
  private func lowerEnvelope(_ heights: UnsafeMutablePointer<Int32>) -> Int {
    var last = 0
    sites[0] = 0
    starts[0] = 0
    for column in 1..<max(width, 1) {
      let rise = Int(heights[column])
      // Inside a run of targets no parabola is lowest at a pixel that is not one.
      if rise == 0, heights[column - 1] == 0, column + 1 < width, heights[column + 1] == 0 {
        continue
      }
      while last >= 0 {
        let from = Int(starts[last]) - Int(sites[last])
        let old = Int(heights[Int(sites[last])])
        let new = Int(starts[last]) - column
        if from * from + old * old > new * new + rise * rise { last -= 1 } else { break }
      }
      if last < 0 {
        last = 0
        sites[0] = Int32(column)
        starts[0] = 0
        continue
      }
      // Where the new parabola overtakes the last one, rounded down.
      let site = Int(sites[last])
      let old = Int(heights[site])
      let difference = column * column - site * site + rise * rise - old * old
      let crossing = 1 + floorDivide(difference, 2 * (column - site))
      if crossing < width {
        last += 1
        sites[last] = Int32(column)
        starts[last] = Int32(crossing)
      }
    }
    return last
  }

  /// The square root of a whole number; below 2^24 single precision holds the number exactly.
  @inline(__always)
  private static func root(_ square: Int) -> Float {
    square < 1 << 24 ? Float(square).squareRoot() : Float(Double(square).squareRoot())
  }

  @inline(__always)
  private func floorDivide(_ numerator: Int, _ denominator: Int) -> Int {
    let quotient = numerator / denominator
    return numerator % denominator < 0 ? quotient - 1 : quotient
  }
}
