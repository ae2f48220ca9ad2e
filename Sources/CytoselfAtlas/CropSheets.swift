public import CellData
import CytoselfAnalysis
import Foundation

/// Pictures of cells on sheets of 32 x 32, in the order of the atlas.
///
/// Every picture is stretched from its own darkest to its own brightest, so that dim cells keep their
/// detail in eight bits; what they were stretched from is kept beside.
public struct CropSheets: Sendable {
  /// The crops.
  let data: CellDataSet
  /// Their ids.
  let ids: CellIds
  /// Pixels of a side of a picture: whole blocks of JPEG, so that none bleeds into the next.
  let side: Int
  /// The most cells that have a picture.
  let most: Int

  /// Pictures along a side of a sheet.
  static let across = 32
  static let quality = 78
  /// Sides that a picture can have.
  public static let sides = 8...512
  /// The largest side unless another is asked for.
  static let usualSide = 48

  /// Pictures of crops.
  ///
  /// - Parameters:
  ///   - data: the crops; the channels that are read are shown.
  ///   - side: pixels of a side, made a multiple of eight; nil for that of the crops, at most 48.
  ///   - most: the most cells that have a picture.
  public init(_ data: CellDataSet, side: Int? = nil, most: Int) {
    self.data = data
    self.most = most
    ids = CellIds(data)
    let wanted = side ?? min(Self.usualSide, data.height, data.width)
    self.side = max(8, wanted / 8 * 8)
  }

  /// The colour of each channel that is shown: light is added on black, so they differ in brightness too.
  private func color(_ place: Int, _ name: String) -> String {
    switch name {
    case "pro": "#3dff7a"
    case "nuc": "#5b7bff"
    default: ["#ffb000", "#ff5fa2", "#35d9ff", "#c9a0ff"][place % 4]
    }
  }

  private func name(_ channel: String) -> String {
    [
      "pro": "protein", "nuc": "nucleus", "nucdist": "distance to nucleus",
      "nucmask": "nucleus mask",
    ][
      channel] ?? channel
  }

  /// Writes the sheets and what pictures were stretched from.
  ///
  /// - Parameters:
  ///   - folder: where to.
  ///   - cells: the cells of the embeddings.
  ///   - order: the row of each cell of the atlas.
  ///   - groups: the group of each cell of the atlas, from which pictures are taken in turn if there are
  ///     too many cells.
  ///   - workers: the threads.
  ///   - advance: is told of pictures that are done.
  /// - Throws: `AnalysisError.badFile` if the crops lack cells, `CellDataError`, `ArrayFileError`.
  func write(
    to folder: AtlasFolder, of cells: CellIds, order: [Int32], groups: [UInt16], workers: Workers,
    advance: (Int) -> Void
  ) throws -> AtlasManifest.Pictures {
    let found = try cells.rows(in: ids, called: data.url.path(percentEncoded: false))
    let pictured = PictureChoice.rows(of: groups, most: most)
    let crops = pictured.map { place -> Int in
      let row = Int(order[Int(place)])
      return found.map { Int($0[row]) } ?? row
    }
    let ranges = try sharedRanges(crops)
    let channels = data.selectedChannels.count
    let sheet = SheetWriter(sheets: self, crops: crops, ranges: ranges, folder: folder)
    let size = Self.across * Self.across
    let count = (crops.count + size - 1) / size
    // A few sheets to a thread and then a look at what failed, so that a full disk ends the work soon.
    let step = 4 * workers.count
    for start in stride(from: 0, to: count, by: step) {
      let batch = start..<min(count, start + step)
      workers.forEach(batch.count) { task, _ in sheet.write(batch.lowerBound + task) }
      try sheet.check()
      advance(min(crops.count, batch.upperBound * size) - start * size)
    }
    try write(sheet.limits, of: pictured, cells: order.count, to: folder)
    if pictured.count < order.count {
      var slots = [UInt32](repeating: .max, count: order.count)
      for (slot, place) in pictured.enumerated() { slots[Int(place)] = UInt32(slot) }
      try folder.script("pictured", ["base64": AtlasFolder.base64(slots)])
    }
    return AtlasManifest.Pictures(
      side: side, across: Self.across, down: Self.across, quality: Self.quality, scale: "cell",
      cells: pictured.count, of: pictured.count < order.count ? "pictured" : nil,
      channels: (0..<channels).map {
        let channel = data.channelNames[$0]
        return .init(
          name: name(channel), colour: color($0, channel),
          range: [ranges[$0].low, ranges[$0].high])
      })
  }

  /// The range of each channel that all cells share: the darkest of a sample, and what one in a hundred
  /// of it is brighter than.
  private func sharedRanges(_ crops: [Int]) throws(CellDataError) -> [(low: Float, high: Float)] {
    let count = min(1000, crops.count)
    let reader = CropReader(data)
    let scaling = CropScaling(height: data.height, width: data.width, side: side)
    var lows = [[Float]](repeating: [], count: data.selectedChannels.count)
    var highs = lows
    var picture = [Float](repeating: 0, count: side * side)
    for sample in 0..<count {
      let crop = try reader.crop(crops[sample * crops.count / count])
      for channel in lows.indices {
        let plane = data.height * data.width
        crop.withUnsafeBufferPointer {
          scaling.scaled(
            UnsafeBufferPointer(rebasing: $0[channel * plane..<(channel + 1) * plane]),
            into: &picture)
        }
        let range = CropScaling.range(of: picture)
        lows[channel].append(range.low)
        highs[channel].append(range.high)
      }
    }
    return zip(lows, highs).map { lows, highs in
      let low = lows.min() ?? 0
      let high = highs.sorted()[max(0, highs.count * 99 / 100 - 1)]
      return (low, high > low ? high : low + 1)
    }
  }

  /// Writes `contrast-C-B.js`: for each cell of the atlas what its picture was stretched from, as bytes of
  /// the shared range.
  private func write(
    _ limits: [[UInt8]], of pictured: [Int32], cells: Int, to folder: AtlasFolder
  ) throws {
    for (channel, values) in limits.enumerated() {
      var pairs = [UInt8](repeating: 0, count: 2 * cells)
      for (slot, place) in pictured.enumerated() {
        pairs[2 * Int(place)] = values[2 * slot]
        pairs[2 * Int(place) + 1] = values[2 * slot + 1]
      }
      for (number, rows) in AtlasFolder.blocks(of: cells, size: AtlasFolder.block) {
        let block = Array(pairs[2 * rows.lowerBound..<2 * rows.upperBound])
        try folder.script(
          "contrast-\(channel)-\(number)", ["base64": AtlasFolder.base64(block)])
      }
    }
  }
}
