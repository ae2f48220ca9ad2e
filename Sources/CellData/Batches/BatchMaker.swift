import Numerics

/// Makes the batches of one epoch, in any order and on any thread.
struct BatchMaker: Sendable {
  let data: CellDataSet
  private let rows: [Int]
  private let labels: LabelBook?
  private let options: BatchLoader.Options
  private let epoch: Int
  private let pool: ImageBufferPool
  /// The places in `rows` in the order of the epoch; nil where they come as they were given.
  private let order: [UInt32]?

  init(
    _ data: CellDataSet, rows: [Int], labels: LabelBook?, options: BatchLoader.Options, epoch: Int,
    pool: ImageBufferPool
  ) {
    self.data = data
    self.rows = rows
    self.labels = labels
    self.options = options
    self.epoch = epoch
    self.pool = pool
    var generator = SplitMix64(hashing: options.seed, 0x4F_5244_4552, UInt64(epoch))
    order = options.shuffles ? generator.permutation(rows.count) : nil
  }

  /// Makes one batch; nil when `isWanted` says that nobody waits for it.
  func batch(
    _ index: Int, reader: CropReader, isWanted: () -> Bool
  ) throws(CellDataError) -> Batch? {
    let places = index * options.batchSize..<min((index + 1) * options.batchSize, rows.count)
    let chosen = places.map { place in rows[order.map { Int($0[place]) } ?? place] }
    let size = reader.cropSize
    let images = ImageBuffer(count: chosen.count * size, pool: pool)
    let output = images.mutable
    for (offset, row) in chosen.enumerated() {
      guard isWanted() else { return nil }
      try reader.read(
        row, orientation: orientation(places.lowerBound + offset),
        into: UnsafeMutableBufferPointer(rebasing: output[offset * size..<(offset + 1) * size]))
    }
    return Batch(
      epoch: epoch, index: index, rows: chosen,
      labels: labels.map { book in chosen.map { Int64(book.labels[$0]) } } ?? [],
      images: images, shape: [chosen.count] + data.cropShape)
  }

  /// The orientation of the crop at a place of the epoch.
  private func orientation(_ place: Int) -> Orientation {
    switch options.augmentation {
    case .none: return .identity
    case .fixed(let orientation): return orientation
    case .random:
      let choices =
        data.height == data.width ? Orientation.allCases : Orientation.rectangleCases
      var generator = SplitMix64(hashing: options.seed, 0x5455_524E, UInt64(epoch), UInt64(place))
      return choices[generator.next(below: choices.count)]
    }
  }
}
