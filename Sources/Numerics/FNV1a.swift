/// The 64-bit hash FNV-1a (Fowler, Noll and Vo, RFC 9923).
///
/// The same bytes give the same number in every process, which Swift's own `Hasher` does not. It is no
/// protection against chosen bytes.
public struct FNV1a: Sendable, Equatable {
  /// The hash of the bytes so far.
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of no bytes.
  public init() {}

  /// The hash of a text's UTF-8 bytes.
  public init(_ text: String) {
    for byte in text.utf8 { combine(byte) }
  }

  /// Adds a byte.
  public mutating func combine(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// Adds the bytes of a whole number, the lowest first.
  public mutating func combine<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { for byte in $0 { combine(byte) } }
  }

  /// Adds the bit patterns of numbers.
  public mutating func combine(_ numbers: [Float]) {
    var hash = value
    for number in numbers {
      var bits = number.bitPattern
      for _ in 0..<4 {
        hash = (hash ^ UInt64(bits & 0xFF)) &* 0x0000_0100_0000_01B3
        bits >>= 8
      }
    }
    value = hash
  }
}
