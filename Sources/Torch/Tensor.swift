import CTorch

/// An array of numbers on a device, with automatic differentiation.
///
/// A tensor is a reference to storage that libtorch owns. Operations return new tensors; those
/// whose name ends in an in-place verb (``add(_:scaledBy:)``, ``scale(by:)``, ``fill(with:)``,
/// ``copy(from:)``) write to the storage. It is not `Sendable`: a tensor stays on the thread that
/// made it, and data crosses threads as host buffers.
public final class Tensor {
  let handle: Handle

  /// Takes over one reference to a handle.
  init(owning handle: Handle) {
    self.handle = handle
  }

  deinit {
    ct_release(handle)
  }

  /// The size of every axis.
  public var shape: [Int] {
    (0..<ct_rank(handle)).map { Int(ct_size(handle, $0)) }
  }

  /// The number of axes.
  public var rank: Int { Int(ct_rank(handle)) }

  /// The number of elements.
  public var count: Int { Int(ct_count(handle)) }

  /// The type of the elements.
  public var elementType: TensorElementType {
    guard let type = TensorElementType(rawValue: ct_type(handle)) else {
      preconditionFailure("A tensor has an element type that this library never makes.")
    }
    return type
  }

  /// Where the elements are.
  public var device: Device {
    Device(kind: ct_device_kind(handle), index: ct_device_index(handle))
  }

  /// Whether the elements lie in C order without gaps.
  public var isContiguous: Bool { ct_is_contiguous(handle) != 0 }

  /// The number of tensors alive in this process, for leak checks.
  public static var liveCount: Int { Int(ct_live_tensors()) }
}

/// The type of a tensor's elements.
public enum TensorElementType: Int32, Sendable, CaseIterable {
  /// True or false.
  case bool = 0
  /// Unsigned 8-bit integers.
  case uint8 = 1
  /// Signed 8-bit integers.
  case int8 = 2
  /// Signed 16-bit integers.
  case int16 = 3
  /// Signed 32-bit integers.
  case int32 = 4
  /// Signed 64-bit integers.
  case int64 = 5
  /// IEEE half precision.
  case float16 = 6
  /// The upper half of a float32.
  case bfloat16 = 7
  /// IEEE single precision.
  case float32 = 8
  /// IEEE double precision.
  case float64 = 9

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}
