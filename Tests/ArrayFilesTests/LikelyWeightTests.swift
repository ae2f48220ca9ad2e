import ArrayFiles
import Foundation
import Testing

/// Weight files are told from other files by their first bytes, or else by their name.
@Suite struct LikelyWeightTests {
  @Test func contentCountsBeforeTheName() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func isLikely(_ name: String) -> Bool { WeightFile.isLikely(folder.appending(path: name)) }
    let values: [Float] = [1, 2]
    try values.withUnsafeBytes { bytes in
      try Safetensors.write([("a", .float32, [2], bytes)], to: folder.appending(path: "weights"))
      try TorchFile.write([("a", .float32, [2], bytes)], to: folder.appending(path: "torch.bin2"))
      try KerasWeights.write(
        [("layer", [("layer/kernel:0", .float32, [2], bytes)])],
        to: folder.appending(path: "keras"))
    }
    try NPY.write(values, shape: [2], to: folder.appending(path: "crops.npy"))
    try Data("name,field\n".utf8).write(to: folder.appending(path: "table.csv"))
    try Data().write(to: folder.appending(path: "empty.chkp"))
    #expect(isLikely("weights") && isLikely("torch.bin2") && isLikely("keras"))
    #expect(isLikely("empty.chkp"))
    #expect(!isLikely("crops.npy") && !isLikely("table.csv") && !isLikely("nowhere.pt"))
    #expect(!isLikely("."))
  }
}
