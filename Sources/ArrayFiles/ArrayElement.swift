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
