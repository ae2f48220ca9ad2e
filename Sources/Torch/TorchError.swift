/// What libtorch refused to do.
public enum TorchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// libtorch raised an error; `message` is its own text without the C++ stack trace.
  case backend(message: String)
  /// The machine has no memory left for a result.
  case outOfMemory(message: String)
  /// A device name that is not `cpu`, `mps`, `cuda` or `cuda:N`, or that this machine lacks.
  case unknownDevice(name: String, available: [String])

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .backend(let message): "libtorch: \(message)"
    case .outOfMemory(let message):
      "\(message). Use a smaller batch (--batch-size) or a machine with more memory."
    case .unknownDevice(let name, let available):
      "device '\(name)' is not available here; choose one of: \(available.joined(separator: ", "))."
    }
  }
}
