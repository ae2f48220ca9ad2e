import ArrayFiles
import Foundation
import Testing

/// Leaves files for `tools/reference/check_array_files.py` where `CYTOSELF_WRITTEN` says.
@Suite struct WrittenForPythonTests {
  static let folder = ProcessInfo.processInfo.environment["CYTOSELF_WRITTEN"]

  @Test(.enabled(if: folder != nil)) func writesOneFileOfEachKind() throws {
    let folder = URL(filePath: try #require(Self.folder), directoryHint: .isDirectory)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let weights = (0..<35).map { Float($0) / 4 }
    let writer = try NPYWriter(
      folder.appending(path: "items.npy"), elementType: .float32, itemShape: [7])
    try writer.append(weights)
    try writer.finish()
    try weights.withUnsafeBytes { weights in
      try ([1 << 40] as [Int64]).withUnsafeBytes { steps in
        try ([60_000, 3] as [UInt16]).withUnsafeBytes { wide in
          try [0.5, -2].map(HalfPrecision.half).withUnsafeBytes { half in
            let none = UnsafeRawBufferPointer(start: nil, count: 0)
            let state: [TorchFile.Source] = [
              ("encoder.0.weight", .float32, [5, 7], weights), ("steps", .int64, [], steps),
              ("half", .float16, [2], half), ("wide", .uint16, [2], wide),
              ("none", .float32, [0, 4], none),
            ]
            try TorchFile.write(state, to: folder.appending(path: "state.pt"))
            try TorchFile.write(
              state, to: folder.appending(path: "state_wide.pt"), wideFrom: 16)
            try Safetensors.write(state, to: folder.appending(path: "state.safetensors"))
            try KerasWeights.write(
              (0..<700).map { place in
                let name = "layer_\(place)_" + String(repeating: "x", count: 120)
                let bias = UnsafeRawBufferPointer(rebasing: weights[0..<4])
                let both: [Safetensors.Source] = [
                  ("\(name)/deep/kernel:0", .float32, [5, 7], weights),
                  ("\(name)/bias:0", .float32, [1], bias),
                ]
                return (name, place % 3 == 2 ? [] : both)
              }, to: folder.appending(path: "weights.h5"))
          }
        }
      }
    }
  }
}
