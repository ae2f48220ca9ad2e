/// Some crops side by side in memory, ready for a model.
public struct Batch: Sendable {
  /// The epoch it belongs to, from 0.
  public let epoch: Int
  /// Its place in the epoch, from 0.
  public let index: Int
  /// The rows of the data set its crops come from.
  public let rows: [Int]
  /// The class of each crop, -1 where it has none; empty without a label book.
  public let labels: [Int64]
  /// The pixels, `[batch, channel, height, width]` in C order.
  public let images: ImageBuffer
  /// The sizes of the pixels: `[batch, channel, height, width]`.
  public let shape: [Int]

  /// Number of crops; the last batch of an epoch may have fewer than the others.
  public var count: Int { rows.count }
}
