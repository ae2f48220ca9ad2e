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

/// A Swift number that can be written to an array file as it lies in memory.
public protocol ArrayElement: BitwiseCopyable, Sendable {
  /// The element type it is stored as.
  static var elementType: ElementType { get }
}

extension Bool: ArrayElement {
  /// Stored as one byte.
  public static var elementType: ElementType { .bool }
}
extension UInt8: ArrayElement {
  /// Stored as `uint8`.
  public static var elementType: ElementType { .uint8 }
}
extension Int8: ArrayElement {
  /// Stored as `int8`.
  public static var elementType: ElementType { .int8 }
}
extension UInt16: ArrayElement {
  /// Stored as `uint16`.
  public static var elementType: ElementType { .uint16 }
}
extension Int16: ArrayElement {
  /// Stored as `int16`.
  public static var elementType: ElementType { .int16 }
}
extension UInt32: ArrayElement {
  /// Stored as `uint32`.
  public static var elementType: ElementType { .uint32 }
}
extension Int32: ArrayElement {
  /// Stored as `int32`.
  public static var elementType: ElementType { .int32 }
}
extension UInt64: ArrayElement {
  /// Stored as `uint64`.
  public static var elementType: ElementType { .uint64 }
}
extension Int64: ArrayElement {
  /// Stored as `int64`.
  public static var elementType: ElementType { .int64 }
}
extension Float: ArrayElement {
  /// Stored as `float32`.
  public static var elementType: ElementType { .float32 }
}
extension Double: ArrayElement {
  /// Stored as `float64`.
  public static var elementType: ElementType { .float64 }
}
