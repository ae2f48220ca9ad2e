/// The kind of number an array file holds.
public enum ElementType: String, Sendable, CaseIterable, Codable {
  /// One byte, zero or not.
  case bool
  /// Whole numbers without sign, 8 bits.
  case uint8
  /// Whole numbers with sign, 8 bits.
  case int8
  /// Whole numbers without sign, 16 bits.
  case uint16
  /// Whole numbers with sign, 16 bits.
  case int16
  /// Whole numbers without sign, 32 bits.
  case uint32
  /// Whole numbers with sign, 32 bits.
  case int32
  /// Whole numbers without sign, 64 bits.
  case uint64
  /// Whole numbers with sign, 64 bits.
  case int64
  /// IEEE 754 half precision.
  case float16
  /// The upper half of a float32.
  case bfloat16
  /// IEEE 754 single precision.
  case float32
  /// IEEE 754 double precision.
  case float64

  /// The bytes one element takes.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Whether the elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: true
    default: false
    }
  }
}
