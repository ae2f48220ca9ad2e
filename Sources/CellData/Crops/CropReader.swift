import ArrayFiles
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads single crops of a data set as float32, scaled and turned; one reader serves one thread.
///
/// Crops are read from the files rather than through a memory mapping, because mapped pages count
/// as memory of the process until the system takes them back: going once through two gigabytes of
/// mapped crops would add two gigabytes to its peak.
public final class CropReader {
  /// The data set it reads from.
  public let data: CellDataSet
  /// The channels that are read, as indices of the data set's channels.
  public let channels: [Int]
  private var scratch = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 64)
  private var scratchSize = 1
  private var files: [Int: Source] = [:]
  private var opened: [Int] = []
  private var nextToClose = 0
  private var touched = 0

  /// A file with crops, mapped where they lie scattered over it.
  private struct Source {
    let file: OpenFile
    let mapping: MappedFile?
  }

  /// Files a reader keeps open; a process may have a thousand or so, and several readers.
  private static let openFileLimit = 96
  /// Bytes of a scattered array that may be in memory.
  private static let touchedLimit = 1 << 26

  /// Channels whose values mean something by themselves.
  private static let unscaled: Set = ["nucdist", "nucmask"]

  /// A reader of some channels of a data set.
  ///
  /// - Parameters:
  ///   - data: the data set.
  ///   - channels: indices of its channels in the order wanted; nil for those selected when the data
  ///     set was opened.
  public init(_ data: CellDataSet, channels: [Int]? = nil) {
    self.data = data
    self.channels = channels ?? data.selectedChannels
    precondition(
      self.channels.allSatisfy(data.channels.indices.contains),
      "The data set has \(data.channels.count) channels.")
  }

  deinit { scratch.deallocate() }

  /// For each channel that is read, whether its values are intensities.
  var channelsWithIntensity: [Bool] {
    channels.map { !Self.unscaled.contains(data.channels[$0].name) }
  }

  /// Number of floats of one crop.
  public var cropSize: Int { channels.count * data.height * data.width }

  /// Reads a crop into memory of the caller.
  ///
  /// - Parameters:
  ///   - row: the row in the data set.
  ///   - orientation: how to turn it.
  ///   - output: room for `[channel, height, width]` floats (height and width exchanged where the
  ///     orientation does so).
  /// - Throws: `CellDataError.notFinite` where a pixel is NaN or infinite, `.reading` where the file
  ///   cannot be read any more.
  public func read(
    _ row: Int, orientation: Orientation = .identity,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(CellDataError) {
    if let channel = try readAnyPixels(row, orientation: orientation, into: output) {
      throw notFinite(row, channel: channel)
    }
  }

  /// A crop as an array, `[channel, height, width]`.
  ///
  /// - Parameters:
  ///   - row: the row in the data set.
  ///   - orientation: how to turn it.
  /// - Throws: as `read(_:orientation:into:)`.
  public func crop(
    _ row: Int, orientation: Orientation = .identity
  ) throws(CellDataError) -> [Float] {
    var values = [Float](repeating: 0, count: cropSize)
    let result = values.withUnsafeMutableBufferPointer { buffer in
      Result { () throws(CellDataError) in
        try read(row, orientation: orientation, into: buffer)
      }
    }
    try result.get()
    return values
  }

  /// Reads a crop whatever its pixels are.
  ///
  /// - Returns: the first channel with a pixel that is no finite number, nil if there is none.
  func readAnyPixels(
    _ row: Int, orientation: Orientation, into output: UnsafeMutableBufferPointer<Float>
  ) throws(CellDataError) -> Int? {
    precondition(output.count >= cropSize, "A crop needs room for \(cropSize) floats.")
    guard let target = output.baseAddress else { return nil }
    let index = data.sourceIndex(row)
    let source = data.sources[index]
    let plane = data.height * data.width
    var bad: Int?
    if source.arrays.count == 1 {
      let array = source.arrays[0]
      let pixels = try pixels(
        array, id: index, item: row - source.firstRow, channels: channels, row: row)
      for (place, channel) in channels.enumerated() {
        let ok = array.elementType.copy(
          from: pixels, array.walk(channel: channel, orientation: orientation),
          factor: data.channels[channel].factor, integers: data.options.integerScale,
          to: target + place * plane)
        if !ok, bad == nil { bad = channel }
      }
    } else {
      for (place, channel) in channels.enumerated() {
        let array = source.arrays[channel]
        let pixels = try pixels(
          array, id: index * source.arrays.count + channel, item: row - source.firstRow,
          channels: [0], row: row)
        let ok = array.elementType.copy(
          from: pixels, array.walk(channel: 0, orientation: orientation),
          factor: data.channels[channel].factor, integers: data.options.integerScale,
          to: target + place * plane)
        if !ok, bad == nil { bad = channel }
      }
    }
    if data.options.normalization == .crop, bad == nil {
      for (place, channel) in channels.enumerated()
      where !Self.unscaled.contains(data.channels[channel].name) {
        CropNormalization.apply(to: target + place * plane, count: plane)
      }
    }
    return bad
  }

  func notFinite(_ row: Int, channel: Int) -> CellDataError {
    let source = data.sources[data.sourceIndex(row)]
    let array = source.arrays.count == 1 ? source.arrays[0] : source.arrays[channel]
    return .notFinite(
      path: array.path, row: row - source.firstRow, cell: data.cell(row),
      channel: data.channels[channel].name)
  }

  /// The address of the first element of a crop, which is in memory as far as the channels need.
  private func pixels(
    _ array: ImageArray, id: Int, item: Int, channels: [Int], row: Int
  ) throws(CellDataError) -> UnsafeRawPointer {
    let source = try source(array, id: id, row: row)
    let size = array.elementType.byteCount
    let start = array.dataOffset + item * array.itemStride * size
    if let mapping = source.mapping {
      touched += min(array.height * array.width * channels.count * 4096, array.byteCount)
      if touched > Self.touchedLimit { release() }
      guard let base = mapping.bytes.baseAddress else { return UnsafeRawPointer(scratch) }
      return base + start
    }
    let span = array.span(ofChannels: channels)
    let count = span.count * size
    if scratchSize < count {
      scratch.deallocate()
      scratch = .allocate(byteCount: count, alignment: 64)
      scratchSize = count
    }
    do {
      try source.file.read(
        at: start + span.lowerBound * size,
        into: UnsafeMutableRawBufferPointer(start: scratch, count: count))
    } catch {
      throw .reading(path: array.path, row: item, reason: error.problem)
    }
    return UnsafeRawPointer(scratch) - span.lowerBound * size
  }

  private func source(
    _ array: ImageArray, id: Int, row: Int
  ) throws(CellDataError) -> Source {
    if let source = files[id] { return source }
    let source: Source
    do {
      let file = try OpenFile(array.url)
      // In Fortran order a crop is scattered over the whole file: only a mapping can gather it.
      source = Source(file: file, mapping: array.isFortranOrder ? try MappedFile(file) : nil)
    } catch {
      throw .reading(path: array.path, row: row, reason: error.problem)
    }
    guard source.file.byteCount >= array.dataOffset + array.byteCount else {
      throw .reading(
        path: array.path, row: row, reason: "the file is shorter than when it was opened")
    }
    if opened.count < Self.openFileLimit {
      opened.append(id)
    } else {
      files[opened[nextToClose]] = nil
      opened[nextToClose] = id
      nextToClose = (nextToClose + 1) % Self.openFileLimit
    }
    files[id] = source
    return source
  }

  /// Lets the system take back the pages of scattered arrays that were touched.
  private func release() {
    for mapping in files.values.compactMap(\.mapping) {
      guard let base = UnsafeMutableRawPointer(mutating: mapping.bytes.baseAddress) else {
        continue
      }
      madvise(base, mapping.byteCount, Int32(MADV_DONTNEED))
    }
    touched = 0
  }
}
