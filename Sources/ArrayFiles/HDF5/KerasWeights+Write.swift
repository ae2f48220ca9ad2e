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
    var writer = try HDF5Writer(url, longestGroup: layers.count)
    var links: [(name: String, object: HDF5Writer.Object)] = []
    for layer in layers {
      let tree = try WeightTree(layer.weights, writer: &writer)
      let attributes = HDF5Writer.names("weight_names", layer.weights.map(\.name))
      links.append((layer.name, try tree.write(attributes: attributes, writer: &writer)))
    }
    let attributes =
      HDF5Writer.names("layer_names", layers.map(\.name)) + [
        HDF5Writer.text("backend", "tensorflow"), HDF5Writer.text("keras_version", kerasVersion),
      ]
    let root = try writer.group(links, attributes: attributes)
    try writer.finish(root: root)
  }
}

/// The weights of a layer as groups: `a/b/kernel:0` lies in group `b` in group `a`.
private struct WeightTree {
  private var groups: [String: WeightTree] = [:]
  private var datasets: [(name: String, object: HDF5Writer.Object)] = []

  init(_ weights: [Safetensors.Source], writer: inout HDF5Writer) throws(ArrayFileError) {
    for weight in weights {
      let object = try writer.dataset(weight)
      insert(object, path: weight.name.split(separator: "/").map(String.init)[...])
    }
  }

  private init() {}

  private mutating func insert(_ object: HDF5Writer.Object, path: ArraySlice<String>) {
    guard let first = path.first, path.count > 1 else {
      datasets.append((path.first ?? "", object))
      return
    }
    groups[first, default: WeightTree()].insert(object, path: path.dropFirst())
  }

  func write(
    attributes: [HDF5Writer.Message] = [], writer: inout HDF5Writer
  ) throws(ArrayFileError) -> HDF5Writer.Object {
    var links = datasets
    for (name, group) in groups.sorted(by: { $0.key < $1.key }) {
      links.append((name, try group.write(writer: &writer)))
    }
    return try writer.group(links, attributes: attributes)
  }
}
