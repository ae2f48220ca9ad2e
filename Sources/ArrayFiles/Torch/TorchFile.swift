public import Foundation

/// What a file written by `torch.save` holds, read as data and never run.
///
/// State dictionaries, training checkpoints and whole pickled modules are understood, in the zip
/// format and in the format before it. Tensors may share storage, be views, and lie in any order.
public struct TorchFile: Sendable {
  /// What was saved.
  public enum Content: String, Sendable {
    /// Tensors by name.
    case stateDictionary
    /// A dictionary with a state dictionary in it, and perhaps an optimiser and a history.
    case checkpoint
    /// A whole module; its tensors have the names its state dictionary would give them.
    case module
  }

  /// The state of an optimiser.
  public struct Optimizer: Sendable {
    /// The tensors, named `<parameter number>.<name>`, such as `0.exp_avg`.
    public let arrays: [NamedArray]
    /// The settings of each parameter group that are plain numbers.
    public let groups: [[String: Double]]
  }

  /// A column of a table of numbers.
  public struct Column: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// Its rows.
    public let values: [Double]
  }

  /// Where the file is.
  public let url: URL
  /// What was saved.
  public let content: Content
  /// The tensors in the order of the file.
  public let arrays: [NamedArray]
  /// The optimiser of a checkpoint.
  public let optimizer: Optimizer?
  /// Plain numbers at the top of a checkpoint, such as `epoch`.
  public let numbers: [String: Double]
  /// The numeric columns of a pickled pandas table in a checkpoint, where they could be recovered.
  public let history: [Column]
  /// The class of a whole module.
  public let className: String?

  /// Whether a file begins like one of `torch.save` (a zip archive or a pickle).
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    ZipArchive.begins(bytes) || LegacyTorchStorages.begins(bytes)
  }

  /// Opens a file.
  ///
  /// - Throws: `badData` when it is damaged, was written on a big-endian machine, or holds no
  ///   tensors by name.
  public init(_ url: URL) throws(ArrayFileError) {
    let file = try MappedFile(url)
    let storages: any TorchStorages
    if ZipArchive.begins(file.bytes) {
      storages = try ZipTorchStorages(file)
    } else if LegacyTorchStorages.begins(file.bytes) {
      storages = try LegacyTorchStorages(file)
    } else {
      throw ArrayFileError(
        .badData, url, problem: "is no file of torch.save",
        advice: "Save the weights with torch.save(model.state_dict(), path)")
    }
    let reader = TorchReader(storages: storages, url: url, fileByteCount: file.byteCount)
    let pickle = storages.pickle
    let root = pickle.root
    self.url = url
    if let state = reader.stateOfCheckpoint(root) {
      content = .checkpoint
      className = reader.className(state)
      arrays = try reader.arrays(state)
      optimizer = try reader.optimizer(root)
      numbers = reader.numbers(root)
      history = reader.history(root)
    } else {
      content = reader.isModule(root) ? .module : .stateDictionary
      className = reader.className(root)
      arrays = try reader.arrays(root)
      optimizer = nil
      numbers = [:]
      history = []
    }
    guard !arrays.isEmpty else {
      throw ArrayFileError(
        .badData, url, problem: "holds no tensors by name",
        advice: "Save the weights with torch.save(model.state_dict(), path)")
    }
  }
}
