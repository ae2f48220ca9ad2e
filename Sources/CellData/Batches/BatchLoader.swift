import Foundation
/// Cuts the rows of a data set into batches, epoch after epoch, in an order set by a seed.
///
/// The batches of an epoch depend on the data, the options and the number of the epoch alone: not on
/// the number of threads, nor on the batches that were made before. A run that stopped at
/// (epoch, batch) therefore resumes with exactly the crops it would have seen.
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
  ///   - first: the batch to start with, for a run that is resumed.
  /// - Returns: the batches in order. Making them stops when the stream is released.
  public func batches(epoch: Int, from first: Int = 0) -> BatchStream {
    precondition(epoch >= 0 && first >= 0, "Epochs and batches are counted from 0.")
    return BatchStream(
      BatchMaker(
        data, rows: rows, labels: labels, options: options, epoch: epoch,
        balanced: balanced, count: cellsPerEpoch, pool: pool),
      range: min(first, batchesPerEpoch)..<batchesPerEpoch, threads: options.threads,
      prefetch: options.prefetch)
  }
}
