/// What is wrong with a model's configuration or with a request to the model.
public enum ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A setting that cannot be; `key` names it as in `config.yaml`.
  case setting(key: String, value: String, expected: String)
  /// A crop size at which the levels do not shrink, with the smallest that works.
  case imageSize(found: Int, levels: [Int], smallest: Int)
  /// A layer name that this model does not have.
  case unknownLayer(name: String, known: [String])
  /// Images whose shape is not the model's.
  case imageShape(found: [Int], channels: Int, size: Int)
  /// Tensors that are not those of such a model; the text says what does not fit.
  case foreignTensors(String)
  /// Tensors from which the crop size cannot be inferred; the text says why.
  case cropSizeUnknown(String)
  /// A crop size that does not fit the tensors.
  case cropSize(found: Int, fitting: ClosedRange<Int>)
  /// Weights of Keras, which cannot be brought to or from the tensors of the model.
  case keras(String)
  /// A map that holds NaN or infinite numbers for an image of the batch, counted from 0.
  case notFinite(layer: String, image: Int)
  /// A part of the model that cannot be kept as it is.
  case part(name: String, known: [String])

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
    case .foreignTensors(let reason):
      "these tensors do not make a cytoself model: \(reason)."
    case .cropSizeUnknown(let reason):
      "the crop size cannot be inferred from the tensors: \(reason); give it with --crop-size, in pixels."
    case .cropSize(let found, let fitting):
      "crops of \(found) pixels do not fit the classifiers of these weights, which need "
        + (fitting.count == 1
          ? "\(fitting.lowerBound)" : "\(fitting.lowerBound) to \(fitting.upperBound)") + "."
    case .keras(let reason):
      "weights of Keras (.h5): \(reason)."
    case .notFinite(let layer, let image):
      "\(layer) of image \(image) of the batch has NaN or infinite numbers: weights or pixels are too"
        + " large to be computed with."
    case .part(let name, let known):
      "this model has no part '\(name)'; it has: \(known.joined(separator: ", "))."
    }
  }
}
