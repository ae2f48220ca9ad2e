/// A number images are stored as.
protocol Pixel: BitwiseCopyable {
  /// The value as a float32; any finite number where `isFinite` is not zero.
  var float: Float { get }
  /// Zero in its top bit if the value is a finite number, one if not.
  var notFinite: UInt32 { get }
}

extension Float: Pixel {
  @inline(__always) var float: Float { self }
  // Adding one to an exponent of all ones carries into the sign bit, which was cleared before.
  @inline(__always) var notFinite: UInt32 { (bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
}

extension Double: Pixel {
  @inline(__always) var float: Float { Float(self) }
  @inline(__always) var notFinite: UInt32 { Float(self).notFinite }
}

extension UInt8: Pixel {
  @inline(__always) var float: Float { Float(self) }
  @inline(__always) var notFinite: UInt32 { 0 }
}

extension UInt16: Pixel {
  @inline(__always) var float: Float { Float(self) }
  @inline(__always) var notFinite: UInt32 { 0 }
}

/// A byte that stands for 0 to 1; divided rather than multiplied by an inverse, so that it is to the
/// last bit the value that `array / 255` has in NumPy.
struct UnitByte: Pixel {
  let byte: UInt8
  @inline(__always) var float: Float { Float(byte) / 255 }
  @inline(__always) var notFinite: UInt32 { 0 }
}

/// Two bytes that stand for 0 to 1, as `array / 65535`.
struct UnitWord: Pixel {
  let word: UInt16
  @inline(__always) var float: Float { Float(word) / 65535 }
  @inline(__always) var notFinite: UInt32 { 0 }
}

/// A float16 as bits: Swift's own type is not there on every machine, and without hardware support
/// it converts by a call per number.
struct HalfBits: Pixel {
  let bits: UInt16
  // Exponent and fraction moved to their places in a float32, then the difference of the exponent
  // biases (127 - 15) put right by an exact product, which holds for subnormal numbers too.
  @inline(__always) var float: Float {
    let magnitude = Float(bitPattern: UInt32(bits & 0x7FFF) << 13) * 0x1p112
    return Float(bitPattern: magnitude.bitPattern | UInt32(bits & 0x8000) << 16)
  }
  @inline(__always) var notFinite: UInt32 { UInt32((bits & 0x7FFF) &+ 0x0400) << 16 }
}

/// A truth value: zero, or one for anything else.
struct BoolByte: Pixel {
  let byte: UInt8
  @inline(__always) var float: Float { byte == 0 ? 0 : 1 }
  @inline(__always) var notFinite: UInt32 { 0 }
}
