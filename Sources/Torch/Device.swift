import CTorch

/// A place where tensors live and operations run.
public enum Device: Sendable, Hashable, CustomStringConvertible {
  /// The processor.
  case cpu
  /// An NVIDIA (or ROCm) accelerator, counted from 0.
  case cuda(Int)
  /// The accelerator of an Apple machine.
  case mps

  /// The device of a name, if this machine has it.
  ///
  /// - Parameter name: `cpu`, `mps`, `cuda` (the first) or `cuda:N`.
  /// - Throws: ``TorchError/unknownDevice(name:available:)``.
  public init(_ name: String) throws(TorchError) {
    let parsed: Device? =
      switch name {
      case "cpu": .cpu
      case "mps": .mps
      case "cuda": .cuda(0)
      default:
        name.hasPrefix("cuda:") ? Int(name.dropFirst(5)).map(Device.cuda) : nil
      }
    guard let parsed, Device.available.contains(parsed) else {
      throw .unknownDevice(name: name, available: Device.available.map(\.description))
    }
    self = parsed
  }

  init(kind: Int32, index: Int32) {
    switch kind {
    case Int32(CT_CUDA): self = .cuda(Int(index))
    case Int32(CT_MPS): self = .mps
    default: self = .cpu
    }
  }

  var kind: Int32 {
    switch self {
    case .cpu: Int32(CT_CPU)
    case .cuda: Int32(CT_CUDA)
    case .mps: Int32(CT_MPS)
    }
  }

  var index: Int32 {
    if case .cuda(let index) = self { Int32(index) } else { 0 }
  }

  /// The name that ``init(_:)`` reads.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    case .mps: "mps"
    }
  }

  /// The devices of this machine, the processor first.
  public static var available: [Device] {
    let cuda = (0..<Int(ct_device_count(Int32(CT_CUDA)))).map(Device.cuda)
    return [.cpu] + cuda + (ct_device_count(Int32(CT_MPS)) > 0 ? [.mps] : [])
  }
}
