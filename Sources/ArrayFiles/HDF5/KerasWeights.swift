public import Foundation

/// The weights in a Keras `.h5` file, layer by layer in the order Keras lists them.
///
/// Names of layers and weights carry numbers that differ from session to session; match them by
/// their order. Files of `save_weights` and of `save` (group `model_weights`) are read, and lists of
/// names that Keras split because they were too long.
public struct KerasWeights: Sendable {
  /// A layer and its weights.
  public struct Layer: Sendable {
    /// The name of the layer.
    public let name: String
    /// Its weights in order; none for a layer without.
    public let arrays: [NamedArray]
  }

  /// Where the file is.
  public let url: URL
  /// The layers in the order of `layer_names`.
  public let layers: [Layer]
  /// The version of Keras that wrote the file, if it says.
  public let kerasVersion: String?

  /// All weights in the order of the file.
  public var arrays: [NamedArray] { layers.flatMap(\.arrays) }

  private static let mostNames = 100_000

  /// Opens a file.
  ///
  /// - Throws: `badData` when it is damaged, no Keras file, or leads to other files.
  public init(_ url: URL) throws(ArrayFileError) {
    let mapped = try MappedFile(url)
    let file = try HDF5File(mapped)
    self.url = url
    var group = file.root
    if try file.attribute("layer_names", of: group) == nil,
      try file.attribute("layer_names0", of: group) == nil
    {
      guard let inner = try file.find("model_weights", in: group) else {
        var isNewer = false
        for name in Self.newer where try file.find(name, in: group) != nil { isNewer = true }
        throw Self.noLayers(url, isNewer: isNewer)
      }
      group = inner
    }
    kerasVersion = try Self.names("keras_version", file, group)?.first
    guard let layerNames = try Self.names("layer_names", file, group) else {
      throw Self.noLayers(url, isNewer: false)
    }
    var layers: [Layer] = []
    var total = 0
    var count = 0
    for name in layerNames {
      func missing(_ problem: String) -> ArrayFileError {
        ArrayFileError(.badData, url, place: "layer '\(name.prefix(200))'", problem: problem)
      }
      guard let layer = try file.find(name, in: group) else {
        throw missing("is listed, not there")
      }
      guard let weightNames = try Self.names("weight_names", file, layer) else {
        throw missing("lacks its weight_names")
      }
      var arrays: [NamedArray] = []
      count += weightNames.count
      guard count <= Self.mostNames else { throw missing("lists more weights than make sense") }
      for weight in weightNames {
        guard let object = try file.find(weight, in: layer) else {
          throw missing("lists the weight '\(weight.prefix(200))', which is not there")
        }
        let array = try HDF5Dataset(file, object, name: weight).array()
        total += array.byteCount
        guard total <= max(1 << 20, mapped.byteCount) * ZipArchive.highestExpansion else {
          throw missing("holds more than the file can honestly hold")
        }
        arrays.append(array)
      }
      layers.append(Layer(name: name, arrays: arrays))
    }
    self.layers = layers
  }

  /// Groups at the top of a `.weights.h5` file of Keras 3, which numbers weights and lists no layers.
  private static let newer = ["_layer_checkpoint_dependencies", "layers", "vars"]

  /// What to do about a file that lists no layers.
  private static func noLayers(_ url: URL, isNewer: Bool) -> ArrayFileError {
    isNewer
      ? ofKeras3(url)
      : ArrayFileError(
        .badData, url, problem: "is an HDF5 file without the layer_names of Keras weights",
        advice: "Save the weights with model.save_weights(path)")
  }

  /// What to do about a file in a layout of Keras 3, `.weights.h5` or `.keras`.
  static func ofKeras3(_ url: URL) -> ArrayFileError {
    ArrayFileError(
      .badData, url, problem: "has the layout of Keras 3, in which weights have no names",
      advice: "Load it in Keras 3 and save the whole model with model.save('model.h5'), or save the"
        + " weights in Keras 2 (environment variable TF_USE_LEGACY_KERAS=1) under a name in .h5 that"
        + " does not end in .weights.h5")
  }

  /// A list of names in one attribute, or split over `name0`, `name1` and so on.
  private static func names(
    _ name: String, _ file: HDF5File, _ object: Int
  ) throws(ArrayFileError) -> [String]? {
    if let whole = try file.attribute(name, of: object) { return try whole.strings() }
    var result: [String]?
    var part = 0
    while part < mostNames, (result?.count ?? 0) <= mostNames,
      let piece = try file.attribute("\(name)\(part)", of: object)
    {
      result = (result ?? []) + (try piece.strings())
      part += 1
    }
    return result
  }
}
