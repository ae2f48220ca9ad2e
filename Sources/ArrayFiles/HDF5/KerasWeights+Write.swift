public import Foundation

extension KerasWeights {
  /// A layer to write: its name and its weights in order, each named as Keras names it, such as
  /// `conv_1/kernel:0`.
  public typealias LayerSource = (name: String, weights: [Safetensors.Source])

  /// Writes weights that `model.load_weights(path)` of Keras 2 opens.
  ///
  /// The layout is the one h5py writes by default, which every version of HDF5 reads. The same
  /// weights give the same bytes.
  ///
  /// - Throws: `inputOutput` when the folder does not exist or the disk is full or fails.
  public static func write(
    _ layers: [LayerSource], kerasVersion: String = "2.15.0", to url: URL
  ) throws(ArrayFileError) {
    precondition(Set(layers.map(\.name)).count == layers.count, "Layer names must differ.")
    let writer = try HDF5Writer(url)
    for layer in layers {
      try writer.group(layer.name)
      for weight in layer.weights {
        try writer.dataset(
          "\(layer.name)/\(weight.name)", weight.elementType, shape: weight.shape,
          bytes: weight.bytes)
      }
      try list(layer.weights.map(\.name), "weight_names", of: layer.name, in: writer)
    }
    try list(layers.map(\.name), "layer_names", of: "/", in: writer)
    try writer.fixedAttribute("backend", ["tensorflow"], single: true, of: "/")
    try writer.fixedAttribute("keras_version", [kerasVersion], single: true, of: "/")
    try writer.finish()
  }

  /// Keras splits lists of names that are longer than this.
  private static let longestList = 64_512

  /// Writes a list of names, split as Keras does when it is too long for one attribute.
  private static func list(
    _ names: [String], _ attribute: String, of path: String, in writer: HDF5Writer
  ) throws(ArrayFileError) {
    let width = max(names.map(\.utf8.count).max() ?? 1, 1)
    let most = max((longestList - 200) / width, 1)
    guard names.count > most else {
      try writer.fixedAttribute(attribute, names, of: path)
      return
    }
    for (part, start) in stride(from: 0, to: names.count, by: most).enumerated() {
      let piece = Array(names[start..<min(start + most, names.count)])
      try writer.fixedAttribute("\(attribute)\(part)", piece, of: path)
    }
  }
}
