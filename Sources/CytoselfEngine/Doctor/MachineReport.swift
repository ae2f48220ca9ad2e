import CytoselfCommands
import CytoselfFigures
import Foundation
import Torch

/// What `doctor` found.
struct MachineReport: Encodable {
  struct Library: Encodable {
    let version: String
    /// The minor version whose headers the interface to libtorch was compiled with.
    let builtFor: String
    /// The file that is loaded, nil when the system does not report it.
    let path: String?
    /// Where the link of the file leads, when it is another place.
    let resolved: String?
    /// The interface of the C++ standard library that libtorch was built with.
    let abi: String
    let simd: String
    let oneDNN: Bool
    /// Why a small computation did not come out right, nil when it did.
    let problem: String?
  }

  struct OptionalPart: Encodable {
    let name: String
    let use: String
    let path: String?
    let version: String?
    let advice: String?
  }

  struct Memory: Encodable {
    let totalBytes: UInt64
    let availableBytes: UInt64?
  }

  let program: String
  let system: String
  let cores: Int
  let threads: Int
  let memory: Memory
  let libtorch: Library
  let devices: [String]
  let optionalParts: [OptionalPart]

  static func examine() -> MachineReport {
    let loaded = LoadedLibrary.path(containing: "libtorch_cpu")
    let resolved = loaded.map {
      URL(filePath: $0).resolvingSymlinksInPath().path(percentEncoded: false)
    }
    return MachineReport(
      program: CommandLine.arguments.first ?? "cytoself",
      system: Machine.system,
      cores: ProcessInfo.processInfo.activeProcessorCount,
      threads: Runtime.threads,
      memory: Memory(
        totalBytes: ProcessInfo.processInfo.physicalMemory, availableBytes: Machine.availableMemory
      ),
      libtorch: Library(
        version: Runtime.version, builtFor: Runtime.builtFor, path: loaded,
        resolved: resolved == loaded ? nil : resolved,
        abi: LoadedLibrary.abi, simd: Runtime.cpuCapability, oneDNN: Runtime.hasOneDNN,
        problem: versionProblem() ?? computationProblem()),
      devices: Device.available.map(\.description),
      optionalParts: [gnuplot()])
  }

  /// A libtorch of another minor version may load and then compute nonsense or crash.
  private static func versionProblem() -> String? {
    let (version, builtFor) = (Runtime.version, Runtime.builtFor)
    guard !version.hasPrefix(builtFor + ".") else { return nil }
    return "this program was built for \(builtFor), whose interfaces differ"
  }

  /// Adds two small tensors: a libtorch that loads may still not work on this processor.
  private static func computationProblem() -> String? {
    do {
      let sum = try Tensor([1, 2], shape: [2]) + Tensor([3, 4], shape: [2])
      let values = try sum.floats()
      return values == [4, 6] ? nil : "[1, 2] + [3, 4] came out as \(values)"
    } catch {
      return "\(error)"
    }
  }

  private static func gnuplot() -> OptionalPart {
    let use = "figures"
    do {
      let found = try Gnuplot.find()
      return OptionalPart(
        name: "gnuplot", use: use, path: found.program.path(percentEncoded: false),
        version: Machine.firstLine(of: found.program, ["--version"]), advice: nil)
    } catch {
      return OptionalPart(
        name: "gnuplot", use: use, path: nil, version: nil, advice: error.description)
    }
  }

  func text() -> String {
    var lines: [(String, String)] = []
    let chosen = ", by the interface for \(libtorch.builtFor)"
    lines.append(
      ("libtorch", libtorch.version + (libtorch.problem.map { ": \($0)" } ?? chosen)))
    lines.append(("", libtorch.path ?? "loaded, from a place that the system does not report"))
    if let resolved = libtorch.resolved { lines.append(("", "which is \(resolved)")) }
    lines.append(
      ("", "\(libtorch.abi), \(libtorch.simd), oneDNN \(libtorch.oneDNN ? "yes" : "no")"))
    lines.append(("devices", devices.joined(separator: ", ")))
    lines.append(("threads", "\(threads) of \(cores) processors"))
    let gibibytes = { (bytes: UInt64) in
      "\((Double(bytes) / 1_073_741_824 * 10).rounded() / 10) GiB"
    }
    let available = memory.availableBytes.map { ", \(gibibytes($0)) available" } ?? ""
    lines.append(("memory", gibibytes(memory.totalBytes) + available))
    lines.append(("system", system))
    for part in optionalParts {
      let found = part.path.map { "\(part.version ?? "version unknown"), \($0)" }
      lines.append((part.name, found ?? "not found, no \(part.use). \(part.advice ?? "")"))
    }
    let width = (lines.map(\.0.count).max() ?? 0) + 2
    return lines.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value
    }.joined(separator: "\n")
  }
}
