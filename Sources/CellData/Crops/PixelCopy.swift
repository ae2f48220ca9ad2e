/// Copies one channel of a crop, converted, multiplied and turned.
///
/// - Returns: whether every pixel was a finite number.
@inline(__always)
func copyPixels<P: Pixel>(
  _ type: P.Type, from base: UnsafeRawPointer, _ walk: PixelWalk, factor: Float,
  to output: UnsafeMutablePointer<Float>
) -> Bool {
  let source = base.assumingMemoryBound(to: P.self)
  var flags: UInt32 = 0
  for row in 0..<walk.rows {
    let line = source + (walk.start + row * walk.rowStep)
    let target = output + row * walk.columns
    if walk.columnStep == 1 {
      // The compiler turns this one into vector instructions.
      for column in 0..<walk.columns {
        let pixel = line[column]
        let value = pixel.float * factor
        flags |= pixel.notFinite | value.notFinite
        target[column] = value
      }
    } else {
      let step = walk.columnStep
      for column in 0..<walk.columns {
        let pixel = line[column &* step]
        let value = pixel.float * factor
        flags |= pixel.notFinite | value.notFinite
        target[column] = value
      }
    }
  }
  return flags & 0x8000_0000 == 0
}
