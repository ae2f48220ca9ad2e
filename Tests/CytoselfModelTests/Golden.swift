import ArrayFiles
import CytoselfModel
import Foundation
import Torch
import TorchNN

/// A model that upstream ran, with everything it gave.
///
/// Everything is in our shapes: what upstream's Keras gave, channels last and in the split shape, is
/// brought into `[batch, channel, height, width]` when it is read.
struct Golden {
  let folder: URL
  let configuration: ModelConfiguration
  /// What a folder without losses lacks.
  let losses: LossRecord?

  struct LossRecord: Decodable {
    let variance: Double
    let labels: [Int64]
    let eval: [String: Double]
    let training: [[String: Double]]

    enum CodingKeys: String, CodingKey {
      case variance, labels, eval, training
      case adamW = "train_no_dropout_adamw_lr1e-3"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      variance = try values.decode(Double.self, forKey: .variance)
      labels = try values.decode([Int64].self, forKey: .labels)
      eval = try values.decode([String: Double].self, forKey: .eval)
      let key: CodingKeys = values.contains(.training) ? .training : .adamW
      training = try values.decode([[String: Double]].self, forKey: key)
    }
  }

  /// The models of upstream's PyTorch, by folder name, with the settings they were made with.
  static let pytorch: [String: ModelConfiguration] = [
    "pt_readme": Preset.readme.model(classes: 9),
    "pt_split": ModelConfiguration(
      classes: 9,
      levels: [
        LevelConfiguration(codes: 256, codeWidth: 16),
        LevelConfiguration(codes: 256, codeWidth: 16, splits: 9),
      ],
      head: HeadConfiguration(layers: 2, features: 32)),
    "pt_lite": ModelConfiguration(
      classes: 9,
      levels: [
        LevelConfiguration(codes: 128, codeWidth: 16),
        LevelConfiguration(codes: 128, codeWidth: 16),
      ],
      hasLevelDecoders: false, head: HeadConfiguration(input: .vqindhist)),
    "pt_vqvaefc": ModelConfiguration(
      classes: 9, levels: [LevelConfiguration(codes: 128, codeWidth: 16)],
      head: HeadConfiguration(layers: 2, features: 32)),
  ]

  static let names = pytorch.keys.sorted()

  /// The published model of upstream's Keras, with small classifiers.
  static let published: ModelConfiguration = {
    var configuration = Preset.published.model(classes: 12)
    configuration.head?.features = 16
    return configuration
  }()

  /// Small models of upstream's Keras, in `Fixtures` (`tools/reference/keras_models.py`).
  static let small: [String: ModelConfiguration] = {
    func model(splits: Int) -> ModelConfiguration {
      ModelConfiguration(
        architecture: .keras, imageSize: 27, classes: 5,
        levels: [
          LevelConfiguration(
            codes: 12, codeWidth: 16, stages: [.init(1, 3, 1, 32, 8, 1), .init(2, 3, 2, 8, 16, 1)]),
          LevelConfiguration(
            codes: 10, codeWidth: 16, splits: splits, stages: [.init(2, 5, 2, 16, 16, 2)]),
        ], head: HeadConfiguration(layers: 2, features: 8, dropout: 0),
        decoder: DecoderConfiguration(residualUnits: 1))
    }
    return [
      "keras_small": model(splits: 6),
      "keras_small_no_pretext": model(splits: 2).variant(.noPretext),
      "keras_small_no_split": model(splits: 2).variant(.noSplit),
    ]
  }()

  static let smallNames = small.keys.sorted()

  /// The folder with the golden files, if this machine has it.
  static let root: URL? = {
    let environment = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"]
    let beside = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../shared").standardizedFileURL
    let shared = environment.map { URL(filePath: $0) } ?? beside
    let golden = shared.appending(path: "golden")
    return FileManager.default.fileExists(atPath: golden.path) ? golden : nil
  }()

  static var exists: Bool { root != nil }

  /// Whether this process computes as the one that made the golden files did, which `scripts/test`
  /// sees to on x86.
  ///
  /// The codes of these models lie so close together that the rounding of another instruction set,
  /// or another number of threads, chooses another code for up to a fifth of the positions, in
  /// upstream itself as well. With the same instructions upstream repeats its own files to the bit.
  static var isReproducible: Bool {
    let environment = ProcessInfo.processInfo.environment
    return exists && !Runtime.usesKernels && Runtime.cpuCapability == "AVX2"
      && environment["ONEDNN_MAX_CPU_ISA"] == "AVX2"
      && environment["MKL_CBWR"]?.hasPrefix("AVX2") == true
  }

  init(_ name: String) throws {
    try Runtime.setThreads(2)
    if let small = Self.small[name] {
      folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/\(name)")
      configuration = small
    } else {
      let shape = name == "keras_full" ? Self.published : Self.pytorch[name]
      guard let root = Self.root, let shape else {
        preconditionFailure("Golden tests run only where the golden files are.")
      }
      folder = root.appending(path: name)
      configuration = shape
    }
    let record = folder.appending(path: "losses.json")
    losses =
      FileManager.default.fileExists(atPath: record.path)
      ? try JSONDecoder().decode(LossRecord.self, from: Data(contentsOf: record)) : nil
  }

  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: name + ".npy").path)
  }

  /// The numbers of a file in our shape.
  func floats(_ name: String) throws -> (values: [Float], shape: [Int]) {
    let tensor = try tensor(name)
    return (try tensor.floats(), tensor.shape)
  }

  /// The numbers of a file in our shape.
  func tensor(_ name: String) throws -> Tensor {
    if name == "image", !has(name) {
      let size = configuration.imageSize
      return try FormulaWeights.images(shape: [3, size, size, configuration.imageChannels])
        .permuted(0, 3, 1, 2).contiguous()
    }
    let file = try NPYFile(folder.appending(path: name + ".npy"))
    let tensor = try Tensor(file.floats(), shape: file.shape)
    guard configuration.architecture == .keras else { return tensor }
    for index in configuration.levels.indices
    where ["vqvec\(index + 1)", "vqind\(index + 1)"].contains(name) {
      return try configuration.mapShaped(tensor, level: index)
    }
    return file.shape.count == 4 ? try tensor.permuted(0, 3, 1, 2).contiguous() : tensor
  }

  func model() throws -> CytoselfModel {
    let model = try CytoselfModel(configuration, generator: Generator(seed: 0))
    try model.stateDictionary.copy(from: state())
    return model
  }

  /// The weights, as upstream saved them.
  func state() throws -> StateDictionary {
    switch configuration.architecture {
    case .pytorch:
      let file = try TorchFile(folder.appending(path: "state_dict.pt"))
      return try StateDictionary(file.arrays, from: file.url)
    case .keras:
      return try KerasWeightMap(configuration).state(from: weights())
    }
  }

  /// The weight file of a Keras model.
  func weights() throws -> KerasWeights {
    let url = folder.appending(path: "weights.h5")
    return FileManager.default.fileExists(atPath: url.path)
      ? try KerasWeights(url) : try FormulaWeights.file(folder)
  }
}

/// The greatest difference over the greatest magnitude of what is expected.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
  precondition(values.count == expected.count, "Only arrays of one length can be compared.")
  let magnitude = expected.reduce(0) { max($0, abs($1)) }
  let difference = zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
  return Double(difference) / Double(magnitude)
}
