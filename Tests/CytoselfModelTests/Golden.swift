import ArrayFiles
import CytoselfModel
import Foundation
import Torch
import TorchNN

/// A model that upstream ran, with everything it gave (`tools/reference/README.md`).
struct Golden {
  let folder: URL
  let configuration: ModelConfiguration
  let losses: LossRecord

  struct LossRecord: Decodable {
    let variance: Double
    let labels: [Int64]
    let eval: [String: Double]
    let training: [[String: Double]]

    enum CodingKeys: String, CodingKey {
      case variance, labels, eval
      case training = "train_no_dropout_adamw_lr1e-3"
    }
  }

  /// The four models, by folder name, with the settings they were made with.
  static let all: [String: ModelConfiguration] = [
    "pt_readme": .readme(classes: 9),
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

  static let names = all.keys.sorted()

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
    return exists && Runtime.cpuCapability == "AVX2"
      && environment["ONEDNN_MAX_CPU_ISA"] == "AVX2" && environment["MKL_CBWR"] == "AVX2"
  }

  init(_ name: String) throws {
    try Runtime.setThreads(2)
    guard let root = Self.root, let configuration = Self.all[name] else {
      preconditionFailure("Golden tests run only where the golden files are.")
    }
    folder = root.appending(path: name)
    self.configuration = configuration
    losses = try JSONDecoder().decode(
      LossRecord.self, from: Data(contentsOf: folder.appending(path: "losses.json")))
  }

  func floats(_ name: String) throws -> (values: [Float], shape: [Int]) {
    let file = try NPYFile(folder.appending(path: name + ".npy"))
    return (try file.floats(), file.shape)
  }

  func tensor(_ name: String) throws -> Tensor {
    let (values, shape) = try floats(name)
    return try Tensor(values, shape: shape)
  }

  func model() throws -> CytoselfModel {
    let model = try CytoselfModel(configuration, generator: Generator(seed: 0))
    try model.stateDictionary.copy(from: state())
    return model
  }

  /// The weights, as upstream saved them.
  func state() throws -> StateDictionary {
    let file = try TorchFile(folder.appending(path: "state_dict.pt"))
    return try StateDictionary(file.arrays, from: file.url)
  }
}

/// The greatest difference over the greatest magnitude of what is expected.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
  precondition(values.count == expected.count, "Only arrays of one length can be compared.")
  let magnitude = expected.reduce(0) { max($0, abs($1)) }
  let difference = zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
  return Double(difference) / Double(magnitude)
}
