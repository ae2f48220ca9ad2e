import ArrayFiles
import CellData
import Foundation
import Numerics

/// Writes crops and their labels in one of the two layouts; crops come in the order of the plan.
final class CropWriter {
  /// The files written so far, by name.
  private(set) var files: [String] = []

  private let plan: SimulationPlan
  private let layout: DatasetLayout
  private let shards: Int
  private let folder: URL
  private var part = -1
  private var images: [NPYWriter] = []
  private var table: AtomicFile?
  private var labels: [[String]] = []

  init(_ plan: SimulationPlan, layout: DatasetLayout, shards: Int, folder: URL) throws {
    self.plan = plan
    self.layout = layout
    self.shards = shards
    self.folder = folder
  }

  /// Appends a crop: `[height, width, channel]` in the released layout, `[channel, height, width]`
  /// in the sample layout.
  func append(_ index: Int, _ crop: UnsafeMutableBufferPointer<Float>) throws {
    let item = plan[index]
    let wanted = layout == .released ? shard(of: index) : item.protein
    if wanted != part {
      try finish()
      part = wanted
      try open()
    }
    switch layout {
    case .released:
      try images[0].appendBytes(UnsafeRawBufferPointer(crop))
      try table?.write(plan.labels(item).joined(separator: ",") + "\n")
    case .sample:
      let count = crop.count / CropSimulator.channels
      for (channel, file) in images.enumerated() {
        let plane = UnsafeBufferPointer(rebasing: crop[(channel * count)..<((channel + 1) * count)])
        try file.appendBytes(UnsafeRawBufferPointer(plane))
      }
      labels.append(plan.labels(item))
    }
  }

  /// Completes the files that are open.
  func finish() throws {
    for file in images { try file.finish() }
    images = []
    try table?.finish()
    table = nil
    if !labels.isEmpty {
      let name = "\(plan.proteins[part].name)_label.npy"
      try NPY.writeTable(labels, to: folder.appending(path: name))
      files.append(name)
      labels = []
    }
  }

  /// Shards differ in length by one at most.
  private func shard(of index: Int) -> Int {
    (index * shards + shards - 1) / plan.count
  }

  private func open() throws {
    let side = plan.settings.cropSize
    switch layout {
    case .released:
      let number = part.padded(to: 2)
      try addImages("Image_data\(number).npy", itemShape: [side, side, CropSimulator.channels])
      let name = "Label_data\(number).csv"
      let file = try AtomicFile(folder.appending(path: name))
      try file.write(DataLayout.labelColumns.joined(separator: ",") + "\n")
      table = file
      files.append(name)
    case .sample:
      for ending in ["pro", "nuc", "nucdist"] {
        try addImages("\(plan.proteins[part].name)_\(ending).npy", itemShape: [side, side])
      }
    }
  }

  private func addImages(_ name: String, itemShape: [Int]) throws {
    images.append(
      try NPYWriter(folder.appending(path: name), elementType: .float32, itemShape: itemShape))
    files.append(name)
  }
}
