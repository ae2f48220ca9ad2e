import Foundation

/// Cuts the rows of a data set into batches, epoch after epoch, in an order set by a seed.
///
/// The batches of an epoch depend on the data, the options and the number of the epoch alone: not on
/// the number of threads, nor on the batches that were asked for before. A run that stopped at
/// (epoch, batch) therefore goes on with exactly the crops it would have seen.
public final class BatchLoader: Sendable {
  /// What happens to the orientation of crops.
  public enum Augmentation: Sendable, Equatable {
    /// Crops stay as they are: validation, test, embedding.
    case none
    /// Each crop gets one of the eight flips and rotations of the square at random (of the four that
    /// keep the shape, where crops are not square): training.
    case random
    /// All crops get this one.
    case fixed(Orientation)
  }

  /// How batches are made.
  public struct Options: Sendable, Equatable {
    /// Crops per batch.
    public var batchSize: Int
    /// Whether each epoch has an order of its own; else rows come as they were given.
    public var shuffles: Bool
    /// Cells of a class that come together where batches are balanced over classes.
    ///
    /// It needs labels; nil takes every cell once in an epoch.
    public var cellsPerClass: Int?
    /// What happens to the orientation of crops.
    public var augmentation: Augmentation
    /// What else happens to crops in training; nil for nothing.
    public var distortion: CropDistortion?
    /// Sets the order and the orientations.
    public var seed: UInt64
    /// Threads that read and convert.
    public var threads: Int
    /// Batches made ahead of the one that is in use.
    public var prefetch: Int

    /// The options, each with its default.
    public init(
      batchSize: Int = 32, shuffles: Bool = false, cellsPerClass: Int? = nil,
      augmentation: Augmentation = .none, distortion: CropDistortion? = nil, seed: UInt64 = 1,
      threads: Int = 2, prefetch: Int = 4
    ) {
      self.batchSize = batchSize
      self.shuffles = shuffles
      self.cellsPerClass = cellsPerClass
      self.augmentation = augmentation
      self.distortion = distortion
      self.seed = seed
      self.threads = threads
      self.prefetch = prefetch
    }
  }

  /// The data set crops are read from.
  public let data: CellDataSet
  /// The rows that are used.
  public let rows: [Int]
  /// The classes; nil for batches without labels.
  public let labels: LabelBook?
  /// How batches are made.
  public let options: Options
  private let pool = ImageBufferPool()
  private let balanced: BalancedOrder?

  /// A loader of some rows of a data set.
  ///
  /// - Parameters:
  ///   - data: the data set.
  ///   - rows: the rows to use, such as one part of a split.
  ///   - labels: the classes; nil for batches without labels.
  ///   - options: batch size, order, augmentation, threads.
  public init(
    _ data: CellDataSet, rows: [Int], labels: LabelBook? = nil, options: Options = Options()
  ) {
    precondition(options.batchSize > 0, "A batch needs room for a crop at least.")
    precondition(
      options.threads > 0 && options.prefetch > 0, "A loader needs a thread and a batch ahead.")
    if case .fixed(let orientation) = options.augmentation {
      precondition(
        !orientation.swapsSides || data.height == data.width,
        "Crops that are not square cannot be turned by 90 degrees in place.")
    }
    self.data = data
    self.rows = rows
    self.labels = labels
    self.options = options
    if let cellsPerClass = options.cellsPerClass, let labels {
      let fields = data.fieldColumn.map(\.codes)
      balanced = BalancedOrder(
        labels: rows.map { labels.labels[$0] },
        fields: fields.map { codes in rows.map { Int32(codes[$0]) } },
        cellsPerClass: cellsPerClass)
    } else {
      balanced = nil
    }
  }

  /// Number of crops of an epoch; balanced batches are all full.
  public var cellsPerEpoch: Int {
    balanced == nil ? rows.count : batchesPerEpoch * options.batchSize
  }

  /// Number of batches of an epoch; the last may be short.
  public var batchesPerEpoch: Int { (rows.count + options.batchSize - 1) / options.batchSize }

  /// Starts to make the batches of an epoch on threads of its own.
  ///
  /// - Parameters:
  ///   - epoch: the number of the epoch, from 0.
  ///   - first: the batch to start with, for a run that goes on.
  /// - Returns: the batches in order. Making them stops when the stream goes away.
  public func batches(epoch: Int, from first: Int = 0) -> BatchStream {
    precondition(epoch >= 0 && first >= 0, "Epochs and batches are counted from 0.")
    return BatchStream(self, epoch: epoch, first: first, order: order(epoch: epoch))
  }

  /// The places in `rows` in the order of an epoch; nil where they come as they were given.
  func order(epoch: Int) -> [UInt32]? {
    guard options.shuffles else { return nil }
    var generator = SeededGenerator(options.seed, 0x4F_5244_4552, UInt64(epoch))
    if let balanced {
      return balanced.places(
        cellsPerEpoch, batchSize: options.batchSize, generator: &generator)
    }
    return generator.permutation(rows.count)
  }

  /// The orientation of the crop at a place of an epoch.
  func orientation(epoch: Int, place: Int) -> Orientation {
    switch options.augmentation {
    case .none: return .identity
    case .fixed(let orientation): return orientation
    case .random:
      let choices =
        data.height == data.width ? Orientation.allCases : Orientation.rectangleCases
      var generator = SeededGenerator(options.seed, 0x5455_524E, UInt64(epoch), UInt64(place))
      return choices[generator.next(below: choices.count)]
    }
  }

  /// Makes one batch.
  func batch(
    epoch: Int, index: Int, order: [UInt32]?, reader: CropReader, goesOn: () -> Bool
  ) throws(CellDataError) -> Batch? {
    let places = index * options.batchSize..<min((index + 1) * options.batchSize, cellsPerEpoch)
    let chosen = places.map { place in rows[order.map { Int($0[place]) } ?? place] }
    let size = reader.cropSize
    let images = ImageBuffer(count: chosen.count * size, pool: pool)
    let output = images.mutable
    var scratch = [Float](
      repeating: 0, count: options.distortion == nil ? 0 : data.height * data.width)
    for (offset, row) in chosen.enumerated() {
      guard goesOn() else { return nil }
      let place = places.lowerBound + offset
      let crop = UnsafeMutableBufferPointer(
        rebasing: output[offset * size..<(offset + 1) * size])
      try reader.read(row, orientation: orientation(epoch: epoch, place: place), into: crop)
      if let distortion = options.distortion {
        var generator = SeededGenerator(
          options.seed, 0x4449_5354, UInt64(epoch), UInt64(place))
        scratch.withUnsafeMutableBufferPointer { scratch in
          distortion.apply(
            to: crop, hasIntensity: reader.channelsWithIntensity, height: data.height,
            width: data.width, scratch: scratch, generator: &generator)
        }
      }
    }
    return Batch(
      epoch: epoch, index: index, rows: chosen,
      labels: labels.map { book in chosen.map { Int64(book.labels[$0]) } } ?? [],
      images: images, shape: [chosen.count] + data.cropShape)
  }
}
