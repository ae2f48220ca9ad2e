public import Foundation

/// A file of weights in any of the formats that are read, told apart by content, not by name.
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

  /// Where the file is.
  public let url: URL
  /// What it turned out to be.
  public let format: Format
  /// The tensors in the order of the file.
  public let arrays: [NamedArray]

  /// Opens a file.
  ///
  /// - Throws: `badData` when it is damaged or in no format that is read; the errors of
  ///   `MappedFile`.
  public init(_ url: URL) throws(ArrayFileError) {
    let file = try MappedFile(url)
    let bytes = file.bytes
    if HDF5File.begins(bytes) {
      format = .keras
      arrays = try KerasWeights(url).arrays
    } else if TorchFile.begins(bytes) {
      format = .torch
      arrays = try TorchFile(url).arrays
    } else if bytes.count > 8, bytes[8] == UInt8(ascii: "{") {
      format = .safetensors
      arrays = try Safetensors(url).arrays()
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
