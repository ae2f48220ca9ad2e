import ArrayFiles
import Foundation

/// Where the crops of one npy file lie in it: read from the header, the file is closed again.
struct ImageArray: Sendable, Equatable {
  let url: URL
  let elementType: ElementType
  /// Bytes before the first element.
  let dataOffset: Int
  /// Number of crops.
  let count: Int
  let channels: Int
  let height: Int
  let width: Int
  /// Elements from one crop, channel, row, column to the next.
  let itemStride: Int
  let channelStride: Int
  let rowStride: Int
  let columnStride: Int
  /// Which axis of the file the channels are on; nil for `[crop, height, width]`.
  let channelAxis: Int?
  let isFortranOrder: Bool
  let trailingByteCount: Int

  var path: String { url.path(percentEncoded: false) }
  /// Channels, height and width.
  var cropShape: [Int] { [channels, height, width] }
  var byteCount: Int { count * channels * height * width * elementType.byteCount }

  /// Types an image can have.
  static let elementTypes: Set<ElementType> = [
    .float32, .float16, .float64, .uint8, .uint16, .bool,
  ]

  /// Reads the header of a file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - channelsLast: take the last axis where several are the smallest, else the first of them.
  init(_ url: URL, channelsLast: Bool) throws(CellDataError) {
    let file: NPYFile
    do { file = try NPYFile(url) } catch { throw .file(error) }
    let path = url.path(percentEncoded: false)
    guard Self.elementTypes.contains(file.elementType) else {
      throw .elementType(path: path, found: file.elementType.rawValue)
    }
    let shape = file.shape
    guard shape.count == 3 || shape.count == 4 else {
      throw .shape(
        path: path, found: shape,
        expected: "[crops, height, width], or four axes of which the smallest holds channels")
    }
    guard !shape.dropFirst().contains(0) else {
      throw .shape(path: path, found: shape, expected: "crops of at least one pixel")
    }
    var plane = Array(1..<shape.count)
    var channelAxis: Int?
    if shape.count == 4 {
      let smallest = shape.dropFirst().min() ?? 1
      let candidates = plane.filter { shape[$0] == smallest }
      channelAxis = channelsLast ? candidates.last : candidates.first
      plane.removeAll { $0 == channelAxis }
    }
    self.url = url
    self.channelAxis = channelAxis
    elementType = file.elementType
    dataOffset = file.dataOffset
    trailingByteCount = file.trailingByteCount
    isFortranOrder = file.isFortranOrder && file.strides[0] == 1 && shape[0] > 1
    count = shape[0]
    channels = channelAxis.map { shape[$0] } ?? 1
    height = shape[plane[0]]
    width = shape[plane[1]]
    itemStride = file.strides[0]
    channelStride = channelAxis.map { file.strides[$0] } ?? 0
    rowStride = file.strides[plane[0]]
    columnStride = file.strides[plane[1]]
  }

  /// The elements that some channels of a crop span, counted from the start of the crop.
  func span(ofChannels channels: [Int]) -> Range<Int> {
    let first = (channels.min() ?? 0) * channelStride
    let last = (channels.max() ?? 0) * channelStride
    return first..<(last + (height - 1) * rowStride + (width - 1) * columnStride + 1)
  }

  /// The path of one channel in memory, in elements after the first of the crop.
  func walk(channel: Int, orientation: Orientation) -> PixelWalk {
    let path = orientation.walk(
      height: height, width: width, rowStride: rowStride, columnStride: columnStride)
    return PixelWalk(
      start: channel * channelStride + path.start, rowStep: path.rowStep,
      columnStep: path.columnStep, rows: orientation.swapsSides ? width : height,
      columns: orientation.swapsSides ? height : width)
  }
}
