public import Foundation

/// A file of weights in any of the formats that are read, recognised by content, not by name.
public struct WeightFile: Sendable {
  /// A format of weight files.
  public enum Format: String, Sendable, CaseIterable {
    /// safetensors
    case safetensors
    /// A file of `torch.save`: state dictionary, checkpoint or whole module.
    case torch
    /// Keras weights in HDF5; match them by their order, not by their names.
    case keras
  }

  /// What else a file holds beside tensors by name.
  public enum Content: Sendable {
    /// Free text under `__metadata__`.
    case safetensors(Safetensors)
    /// What was saved, its optimiser and history.
    case torch(TorchFile)
    /// The layers in order.
    case keras(KerasWeights)
  }

  /// Where the file is.
  public let url: URL
  /// The file as its format has it.
  public let content: Content
  /// The tensors in the order of the file.
  public let arrays: [NamedArray]

  /// What the file turned out to be.
  public var format: Format {
    switch content {
    case .safetensors: .safetensors
    case .torch: .torch
    case .keras: .keras
    }
  }

  /// Endings of names that weight files have.
  public static let endings: Set<String> = [
    "safetensors", "pt", "pth", "chkp", "ckpt", "bin", "h5", "hdf5",
  ]

  /// Whether a file looks like one of weights, by its first bytes or else by its name; not a promise
  /// that it can be read.
  public static func isLikely(_ url: URL) -> Bool {
    guard let file = try? MappedFile(url) else { return false }
    let bytes = file.bytes
    return endings.contains(url.pathExtension.lowercased()) || HDF5File.begins(bytes)
      || (TorchFile.begins(bytes) && url.pathExtension.lowercased() != "npz")
      || (bytes.count > 8 && bytes[8] == UInt8(ascii: "{") && bytes[4..<8].allSatisfy { $0 == 0 })
  }

  /// Opens a file.
  ///
  /// - Throws: `badData` when it is damaged or in no format that is read; the errors of
  ///   `MappedFile`.
  public init(_ url: URL) throws(ArrayFileError) {
    let file = try MappedFile(url)
    let bytes = file.bytes
    if HDF5File.begins(bytes) {
      let keras = try KerasWeights(url)
      content = .keras(keras)
      arrays = keras.arrays
    } else if TorchFile.begins(bytes) {
      let torch = try TorchFile(url)
      content = .torch(torch)
      arrays = torch.arrays
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      let safetensors = try Safetensors(url)
      content = .safetensors(safetensors)
      arrays = try safetensors.arrays()
    } else {
      throw ArrayFileError(
        .badData, url,
        problem: bytes.isEmpty
          ? "the file is empty" : "is neither safetensors, nor a file of torch.save, nor HDF5",
        advice: "Name a file of weights: .safetensors, .pt, .chkp or .h5")
    }
    self.url = url
  }
}
