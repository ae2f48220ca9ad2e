import ArrayFiles
import CytoselfModel
package import CytoselfTraining
package import Foundation

/// Sixty-four generated crops in the released layout, and a model small enough to train in a second.
package enum TinyCells {
  /// Pixels of a side.
  package static let side = 32

  /// Writes the crops of `proteins`, each with eight fields of two cells.
  ///
  /// A protein is a blob of its own place and size on noise, so that there is something to learn.
  package static func write(
    to folder: URL, proteins: [String] = ["AAK1", "BAX", "CDK2", "DDX5"],
    change: (_ cell: Int, _ pixels: inout [Float]) -> Void = { _, _ in }
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var random = SplitMix(state: 7)
    let images = try NPYWriter(
      folder.appending(path: "Image_data00.npy"), elementType: .float32,
      itemShape: [side, side, 2])
    var table = "ensg,name,loc_grade1,loc_grade2,loc_grade3,protein_id,FOV_id\n"
    var cell = 0
    for (protein, name) in proteins.enumerated() {
      for field in 0..<8 {
        for _ in 0..<2 {
          var pixels = pixels(of: protein, &random)
          change(cell, &pixels)
          try images.append(pixels)
          table += "ENSG\(protein),\(name),,,,\(protein),\(protein * 100 + field)\n"
          cell += 1
        }
      }
    }
    try images.finish()
    try Data(table.utf8).write(to: folder.appending(path: "Label_data00.csv"))
  }

  private static func pixels(of protein: Int, _ random: inout SplitMix) -> [Float] {
    let angle = Float(protein) * 1.6
    let shift = (random.unit() - 0.5) * 4
    let center = (16 + 8 * angle.sine + shift, 16 + 8 * angle.cosine + shift)
    let radius = 2 + Float(protein) * 1.5
    return (0..<side * side).flatMap { index -> [Float] in
      let (row, column) = (Float(index / side), Float(index % side))
      let distance = (row - center.0) * (row - center.0) + (column - center.1) * (column - center.1)
      let fromMiddle = (row - 16) * (row - 16) + (column - 16) * (column - 16)
      let blob: Float = 1 / (1 + distance / (radius * radius))
      let nucleus: Float = fromMiddle < 50 ? 0.6 : 0.05
      return [blob + 0.05 * random.unit(), nucleus + 0.05 * random.unit()]
    }
  }

  /// A configuration for these crops: three epochs of six steps.
  package static func configuration(_ folder: URL, _ settings: [String] = []) throws
    -> TrainingConfiguration
  {
    var configuration = Preset.small.configuration
    configuration.data.path = folder.path
    let all =
      [
        "data.fractions=[0.8, 0.1, 0.1]",
        "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
          + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
        "model.scale=quarter", "training.epochs=3", "training.batch_size=8", "training.threads=1",
        "training.lr=3e-3",
      ] + settings
    for setting in all { configuration = try configuration.replacing(assignment: setting) }
    return configuration
  }
}

private struct SplitMix {
  var state: UInt64

  mutating func unit() -> Float {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Float((z ^ (z >> 31)) >> 40) / Float(1 << 24)
  }
}

extension Float {
  fileprivate var sine: Float { Float(Foundation.sin(Double(self))) }
  fileprivate var cosine: Float { Float(Foundation.cos(Double(self))) }
}
