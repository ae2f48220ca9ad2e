extension NPYFile {
  /// The sizes of the axes after the first.
  public var itemShape: [Int] { Array(shape.dropFirst()) }

  /// Reads item `index` along the first axis as floats, its axes in another order.
  ///
  /// `axes` lists the axes after the first (counted from 1, as in `shape`) in the order of the
  /// output: `[3, 1, 2]` turns an item `[height, width, channel]` into `[channel, height, width]`.
  public func readItem(
    _ index: Int, axes: [Int], into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      axes.sorted() == Array(1..<shape.count), "The axes must name each axis after the first once.")
    readItem(
      index, plan: GatherLayout(sizes: axes.map { shape[$0] }, strides: axes.map { strides[$0] }),
      into: output)
  }

  private func readItem(
    _ index: Int, plan: GatherLayout, into output: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(index >= 0 && index < shape[0], "The item does not exist.")
    guard count > 0 else { return }
    let start = index * strides[0] * elementType.byteCount
    plan.gather(UnsafeRawBufferPointer(rebasing: bytes[start...]), elementType, into: output)
  }
}

/// Reads crops out of an npy file, channel by channel, again and again.
///
/// One reader serves one thread. It reads each item from the disk into a buffer of its own, so the
/// memory of the process does not grow with the part of the file that was read.
public final class NPYCropReader {
  /// The file it reads.
  public let file: NPYFile
  /// Channels, height and width of the output.
  public let outputShape: [Int]

  private let plans: [(offset: Int, layout: GatherLayout)]
  private let itemByteCount: Int
  private var buffer: UnsafeMutableRawBufferPointer?

  /// Prepares to read chosen channels.
  ///
  /// - Parameters:
  ///   - file: an array `[item, height, width]`, or of four axes of which one holds channels.
  ///   - channelAxis: the axis of the channels (1, 2 or 3); nil when the file has three axes.
  ///   - channels: the channels of the output, in its order; each may occur several times.
  ///     Nil takes all.
  /// - Throws: `usage` when the axes or a channel do not exist.
  public init(
    _ file: NPYFile, channelAxis: Int?, channels: [Int]? = nil
  ) throws(ArrayFileError) {
    let rank = file.shape.count
    guard rank == (channelAxis == nil ? 3 : 4), channelAxis.map({ (1...3).contains($0) }) ?? true
    else {
      throw ArrayFileError(
        .usage, file.url,
        problem: "has shape \(file.shape); crops need [item, height, width] or "
          + "[item, height, width, channel]",
        advice: "Choose a file of crops, or say which axis holds the channels")
    }
    let channelCount = channelAxis.map { file.shape[$0] } ?? 1
    let chosen = channels ?? Array(0..<channelCount)
    if let wrong = chosen.first(where: { $0 < 0 || $0 >= channelCount }) {
      throw ArrayFileError(
        .usage, file.url, problem: "has \(channelCount) channel(s); channel \(wrong) was asked for",
        advice: "Channels are counted from 0")
    }
    let plane = (1..<rank).filter { $0 != channelAxis }
    let sizes = plane.map { file.shape[$0] }
    let strides = plane.map { file.strides[$0] }
    let channelStride = channelAxis.map { file.strides[$0] } ?? 0
    self.file = file
    outputShape = [chosen.count] + sizes
    plans = chosen.map { ($0 * channelStride, GatherLayout(sizes: sizes, strides: strides)) }
    let itemCount = file.shape.dropFirst().reduce(1, *)
    itemByteCount = itemCount * file.elementType.byteCount
    // In Fortran order an item lies scattered over the whole file: then the mapping is read.
    if !file.isFortranOrder, itemByteCount > 0 {
      buffer = .allocate(byteCount: itemByteCount, alignment: 64)
    }
  }

  deinit { buffer?.deallocate() }

  /// The number of floats one item fills: channels x height x width.
  public var outputCount: Int { outputShape.reduce(1, *) }

  /// Reads item `index` as `[channel, height, width]`.
  ///
  /// - Throws: `inputOutput` when the disk fails or the file was shortened since it was opened.
  public func read(
    _ index: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws(ArrayFileError) {
    precondition(index >= 0 && index < file.shape[0], "The item does not exist.")
    precondition(output.count >= outputCount, "The output buffer is too small for one item.")
    // Items without elements have no place in the file.
    guard outputCount > 0 else { return }
    let width = file.elementType.byteCount
    let item: UnsafeRawBufferPointer
    if let buffer {
      try file.file.read(at: file.dataOffset + index * itemByteCount, into: buffer)
      item = UnsafeRawBufferPointer(buffer)
    } else {
      item = UnsafeRawBufferPointer(rebasing: file.bytes[(index * file.strides[0] * width)...])
    }
    let planeCount = outputShape[1] * outputShape[2]
    for (place, plan) in plans.enumerated() {
      let target = UnsafeMutableBufferPointer(
        rebasing: output[place * planeCount..<(place + 1) * planeCount])
      plan.layout.gather(
        UnsafeRawBufferPointer(rebasing: item[(plan.offset * width)...]), file.elementType,
        into: target)
    }
  }
}
