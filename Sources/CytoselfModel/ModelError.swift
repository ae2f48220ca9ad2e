/// What is wrong with a model's configuration or with what it is asked for.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting that cannot be; `key` names it as in `config.yaml`.
  case setting(key: String, value: String, expected: String)
  /// A crop size at which the levels do not shrink, with the smallest that works.
  case imageSize(found: Int, levels: [Int], smallest: Int)
  /// A layer name that this model does not have.
  case unknownLayer(name: String, known: [String])
  /// Images whose shape is not the model's.
  case imageShape(found: [Int], channels: Int, size: Int)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .setting(let key, let value, let expected):
      "model setting '\(key)' is \(value); it must be \(expected)."
    case .imageSize(let found, let levels, let smallest):
      "crops of \(found) x \(found) pixels cannot work: the levels would have sides "
        + levels.map(String.init).joined(separator: ", ")
        + ", and each must be smaller than the one before; any size from \(smallest) pixels works."
    case .unknownLayer(let name, let known):
      "this model has no layer '\(name)'; it has: \(known.joined(separator: ", "))."
    case .imageShape(let found, let channels, let size):
      "images of shape \(found) do not fit a model for [batch, \(channels), \(size), \(size)] "
        + "([batch, channel, height, width])."
    }
  }
}
