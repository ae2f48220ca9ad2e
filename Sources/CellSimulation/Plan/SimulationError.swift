public import ArrayFiles

/// What can be wrong with the settings of a simulation.
public enum SimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A pattern whose name is not known.
  case unknownPattern(String)
  /// The same pattern twice.
  case repeatedPattern(String)
  /// An option outside what it can be.
  case outOfRange(option: String, value: String, allowed: String)

  /// The sort of this failure: every one is a wrong option.
  public var kind: FailureKind { .usage }

  /// One or two sentences for the user.
  public var description: String {
    switch self {
    case .unknownPattern(let name):
      let known = CellStructure.allCases.map(\.rawValue).joined(separator: ", ")
      return "No pattern is called '\(name)'. Use one of \(known), or several of them, each once, "
        + "joined by '+', as in nucleoplasm+cytoplasm."
    case .repeatedPattern(let name):
      return "The pattern '\(name)' is given twice. Name each pattern once."
    case .outOfRange(let option, let value, let allowed):
      return "\(option) is \(value), but must be \(allowed)."
    }
  }
}
