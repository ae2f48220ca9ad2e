/// IEEE 754 half precision by integer arithmetic: the same on every machine, and fast where the
/// compiler has no instruction for it.
public enum HalfPrecision {
  /// The exact single-precision value of a half.
  @inlinable @inline(__always)
  public static func float(_ half: UInt16) -> Float {
    let sign = UInt32(half & 0x8000) << 16
    let magnitude = UInt32(half & 0x7FFF) << 13
    // Move the exponent from bias 15 to bias 127 by a product, which also settles subnormals.
    let scaled = Float(bitPattern: magnitude) * Float(bitPattern: (254 - 15) << 23)
    let special: UInt32 = half & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
    return Float(bitPattern: scaled.bitPattern | sign | special)
  }

  /// The nearest half, ties to even; too large becomes infinity.
  @inlinable @inline(__always)
  public static func half(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7FFF_FFFF
    if magnitude >= 0x4780_0000 {  // 65536 and above, infinity, not a number
      return sign | (magnitude > 0x7F80_0000 ? 0x7E00 : 0x7C00)
    }
    if magnitude < 0x3880_0000 {  // below the smallest normal half
      // Adding 0.5 lines the last bit of the half up with the last bit of the float.
      let lined = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: lined.bitPattern &- Float(0.5).bitPattern)
    }
    let odd = (magnitude >> 13) & 1
    let rounded = magnitude &- (112 << 23) &+ 0xFFF &+ odd
    return sign | UInt16(truncatingIfNeeded: rounded >> 13)
  }
}
