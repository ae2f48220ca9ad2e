import Numerics

/// Makes the batches of one epoch, in any order and on any thread.
struct BatchMaker: Sendable {
  let data: CellDataSet
  private let rows: [Int]
  private let labels: LabelBook?
  private let options: BatchLoader.Options
  private let epoch: Int
  /// Crops of the epoch.
  private let count: Int
  private let pool: ImageBufferPool
  /// The places in `rows` in the order of the epoch; nil where they come as they were given.
  private let order: [UInt32]?

  init(
    _ data: CellDataSet, rows: [Int], labels: LabelBook?, options: BatchLoader.Options, epoch: Int,
    balanced: BalancedOrder?, count: Int, pool: ImageBufferPool
  ) {
    self.data = data
    self.rows = rows
    self.labels = labels
    self.options = options
    self.epoch = epoch
    self.pool = pool
    self.count = count
    var generator = SplitMix64(hashing: options.seed, 0x4F_5244_4552, UInt64(epoch))
    if let balanced {
      order = balanced.places(count, batchSize: options.batchSize, generator: &generator)
    } else {
      order = options.shuffles ? generator.permutation(rows.count) : nil
    }
  }

  /// Makes one batch; nil when `isWanted` says that nobody waits for it.
  func batch(
    _ index: Int, reader: CropReader, isWanted: () -> Bool
  ) throws(CellDataError) -> Batch? {
    let places = index * options.batchSize..<min((index + 1) * options.batchSize, count)
    let chosen = places.map { place in rows[order.map { Int($0[place]) } ?? place] }
    let size = reader.cropSize
    let images = ImageBuffer(count: chosen.count * size, pool: pool)
    let output = images.mutable
    var scratch: [Float] = []
    for (offset, row) in chosen.enumerated() {
      guard isWanted() else { return nil }
      let place = places.lowerBound + offset
      let crop = UnsafeMutableBufferPointer(
        rebasing: output[offset * size..<(offset + 1) * size])
      try reader.read(row, orientation: orientation(place), into: crop)
      distort(crop, place: place, reader: reader, scratch: &scratch)
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

  /// Changes the crop at a place of the epoch, where crops are distorted.
  private func distort(
    _ crop: UnsafeMutableBufferPointer<Float>, place: Int, reader: CropReader,
    scratch: inout [Float]
  ) {
    guard let distortion = options.distortion else { return }
    let area = data.height * data.width
    if scratch.isEmpty { scratch = [Float](repeating: 0, count: area) }
    var generator = SplitMix64(hashing: options.seed, 0x4449_5354, UInt64(epoch), UInt64(place))
    scratch.withUnsafeMutableBufferPointer { scratch in
      distortion.apply(
        to: crop, hasIntensity: reader.channelsWithIntensity, height: data.height,
        width: data.width, scratch: scratch, generator: &generator)
    }
  }
}
