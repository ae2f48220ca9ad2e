public import ArrayFiles

/// What a user can get wrong in asking for simulated cells.
public enum SimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A pattern whose name is not known.
  case unknownPattern(String)
  /// The same pattern asked for twice.
  case repeatedPattern(String)
  /// An option outside what it can be.
  case outOfRange(option: String, value: String, allowed: String)
  /// The folder to write to is there and holds something.
  case folderNotEmpty(String)
  /// The folder cannot be made or written to.
  case cannotWrite(path: String, reason: String)

  /// The sort of this failure.
  public var kind: FailureKind {
    switch self {
    case .unknownPattern, .repeatedPattern, .outOfRange, .folderNotEmpty: .usage
    case .cannotWrite: .inputOutput
    }
  }

  /// One or two sentences for the user.
  public var description: String {
    switch self {
    case .unknownPattern(let name):
      let known = CellStructure.allCases.map(\.rawValue).joined(separator: ", ")
      return "No pattern is called '\(name)'. Use one of \(known), or several of them, each once, "
        + "joined by '+', as in nucleoplasm+cytoplasm."
    case .repeatedPattern(let name):
      return "The pattern '\(name)' is asked for twice. Name each pattern once."
    case .outOfRange(let option, let value, let allowed):
      return "\(option) is \(value), but must be \(allowed)."
    case .folderNotEmpty(let path):
      return "\(path) exists and is not empty. Choose another folder, or remove it first."
    case .cannotWrite(let path, let reason):
      return "\(path) cannot be written: \(reason). Check the path, its permissions and the space "
        + "left on the disk."
    }
  }
}
