/// One of the eight flips and rotations of a square (the dihedral group of order eight).
///
/// A pixel moves to another place and keeps its value: nothing is interpolated. Read as: flip left
/// and right first if `isMirrored`, then turn counter-clockwise by `quarterTurns` times 90 degrees.
public struct Orientation: Sendable, Hashable, CaseIterable {
  /// Counter-clockwise turns of 90 degrees, 0 to 3, done after the flip.
  public let quarterTurns: Int
  /// Whether left and right are exchanged before the turns.
  public let isMirrored: Bool

  /// Makes an orientation; turns are taken modulo four.
  public init(quarterTurns: Int, isMirrored: Bool) {
    self.quarterTurns = ((quarterTurns % 4) + 4) % 4
    self.isMirrored = isMirrored
  }

  /// The orientation that changes nothing.
  public static let identity = Orientation(quarterTurns: 0, isMirrored: false)

  /// All eight: the four turns, then the four turns of the mirror image.
  public static let allCases = [false, true].flatMap { mirrored in
    (0..<4).map { Orientation(quarterTurns: $0, isMirrored: mirrored) }
  }

  /// The four that keep the shape of a rectangle: identity, half turn, and the two flips.
  public static let rectangleCases = allCases.filter { $0.quarterTurns % 2 == 0 }

  /// Whether height and width are exchanged.
  public var swapsSides: Bool { quarterTurns % 2 == 1 }

  /// The orientation that undoes this one.
  public var inverse: Orientation {
    isMirrored ? self : Orientation(quarterTurns: 4 - quarterTurns, isMirrored: false)
  }

  /// The orientation that has the effect of this one and then of `next`.
  public func then(_ next: Orientation) -> Orientation {
    let own = next.isMirrored ? -quarterTurns : quarterTurns
    return Orientation(
      quarterTurns: own + next.quarterTurns, isMirrored: isMirrored != next.isMirrored)
  }

  /// Where the pixels of the turned image come from, as steps through the memory of the source.
  ///
  /// - Parameters:
  ///   - height: rows of the source.
  ///   - width: columns of the source.
  ///   - rowStride: elements from one source row to the next.
  ///   - columnStride: elements from one source column to the next.
  /// - Returns: the element of the top left output pixel, and the steps from one output row, and one
  ///   output column, to the next.
  func walk(
    height: Int, width: Int, rowStride: Int, columnStride: Int
  ) -> (start: Int, rowStep: Int, columnStep: Int) {
    // Flip first, in source coordinates.
    var start = isMirrored ? (width - 1) * columnStride : 0
    var row = rowStride
    var column = isMirrored ? -columnStride : columnStride
    var (rows, columns) = (height, width)
    for _ in 0..<quarterTurns {
      // Turned counter-clockwise, the last column read downwards becomes the first row.
      start += (columns - 1) * column
      (row, column) = (-column, row)
      (rows, columns) = (columns, rows)
    }
    return (start, row, column)
  }

  /// Turns an image, or every channel of it.
  ///
  /// - Parameters:
  ///   - image: `[channel, height, width]` in C order.
  ///   - channels: number of channels.
  ///   - height: rows of the image given.
  ///   - width: columns of the image given.
  /// - Returns: the turned image, `[channel, width, height]` where the sides are swapped.
  public func apply(
    to image: [Float], channels: Int = 1, height: Int, width: Int
  ) -> [Float] {
    precondition(
      image.count == channels * height * width,
      "An image of \(channels) x \(height) x \(width) pixels was given \(image.count).")
    let (rows, columns) = swapsSides ? (width, height) : (height, width)
    let path = walk(height: height, width: width, rowStride: width, columnStride: 1)
    return [Float](unsafeUninitializedCapacity: image.count) { output, count in
      var next = 0
      for channel in 0..<channels {
        let start = channel * height * width + path.start
        for row in 0..<rows {
          for column in 0..<columns {
            output[next] = image[start + row * path.rowStep + column * path.columnStep]
            next += 1
          }
        }
      }
      count = next
    }
  }
}
