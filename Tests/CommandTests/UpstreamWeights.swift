import ArrayFiles
import Foundation
import Torch

/// Models that upstream saved, with everything it made of some crops; not part of the repository.
enum UpstreamWeights {
  /// The folder, if this machine has it.
  static let root: URL? = {
    let environment = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"]
    let beside = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../shared").standardizedFileURL
    let golden = (environment.map { URL(filePath: $0) } ?? beside).appending(path: "golden")
    return FileManager.default.fileExists(atPath: golden.path) ? golden : nil
  }()

  static var exists: Bool { root != nil }

  /// The instructions that made the files: with others, codes that are nearly as near may change.
  static let environment = [
    "CYTOSELF_PLAIN": "1", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2",
    "MKL_CBWR": isIntel ? "AVX2,STRICT" : "AVX2",
  ]

  /// MKL sums in the order of the files on Intel's processors only when held to it strictly.
  private static let isIntel: Bool = {
    let processors = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    return processors?.contains("GenuineIntel") == true
  }()

  /// Whether this machine has those instructions.
  static var isReproducible: Bool {
    exists && ["AVX2", "AVX512"].contains(Runtime.cpuCapability)
  }

  /// Each weight file, with the names of the layers that its model has.
  static let files: [(model: String, file: String)] = [
    ("pt_readme", "state_dict.pt"), ("pt_split", "state_dict.pt"), ("pt_lite", "state_dict.pt"),
    ("pt_vqvaefc", "state_dict.pt"), ("pt_vqvaefc", "model_1.pt"),
    ("pt_vqvaefc", "checkpoint_ep1.chkp"),
  ]

  static func path(_ model: String, _ file: String) -> String {
    guard let root else { preconditionFailure("These tests run only where the files are.") }
    return root.appending(path: "\(model)/\(file)").path(percentEncoded: false)
  }

  /// The layers of a model of one level or of two.
  static func layers(_ model: String, _ kinds: [String]) -> [String] {
    kinds.flatMap { model == "pt_vqvaefc" ? [$0] : [$0 + "1", $0 + "2"] }
  }

  /// An array that upstream made.
  static func floats(_ model: String, _ layer: String) throws -> [Float] {
    try NPYFile(URL(filePath: path(model, layer + ".npy"))).floats()
  }
}

/// The greatest difference over the greatest magnitude of what is expected.
func relativeDifference(_ values: [Float], _ expected: [Float]) -> Double {
  guard values.count == expected.count else { return .infinity }
  let magnitude = expected.reduce(0) { max($0, abs($1)) }
  return Double(zip(values, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / magnitude)
}
