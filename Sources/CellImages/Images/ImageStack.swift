public import Foundation

/// A microscope image of several channels, slices and time points in one TIFF file.
///
/// OME-TIFF and ImageJ hyperstacks tell which page is which; without a description pages are
/// channels. Planes are read when they are asked for, one at a time.
public final class ImageStack {
  /// How the slices of a z-stack become one plane.
  public enum Projection: Sendable, Equatable {
    /// The brightest of all slices, pixel by pixel.
    case maximum
    /// The mean of all slices.
    case mean
    /// One slice, counted from 0.
    case slice(Int)
  }

  /// What pages are in a file that does not tell.
  public enum Pages: String, Sendable, CaseIterable {
    /// What the description says; without one up to eight pages are channels.
    case automatic
    /// Each page is a channel, whatever the description says.
    case channels
    /// Each page is a slice of one channel, whatever the description says.
    case slices
  }

  /// Columns of every plane.
  public let width: Int
  /// Rows of every plane.
  public let height: Int
  /// The names of the channels.
  public var channels: [String] { layout.channels }
  /// The number of slices.
  public var slices: Int { layout.slices }
  /// The number of time points.
  public var times: Int { layout.times }
  /// Size of a pixel in micrometres, if the file tells.
  public var pixelSize: Double? { layout.pixelSize }

  private let reader: TIFFReader
  private let layout: StackLayout

  /// Opens a file and reads what it tells about itself.
  /// - Throws: ``ImageError`` when it cannot be read, or its description contradicts its pages.
  public init(_ url: URL, pages: Pages = .automatic) throws(ImageError) {
    let reader = try TIFFReader(url)
    let first = try reader.page(0)
    let text = reader.text ?? ""
    let told =
      pages == .automatic
      ? StackLayout.ome(text, fileName: url.lastPathComponent) ?? StackLayout.imageJ(text) : nil
    var layout = told ?? StackLayout.plain(pageCount: reader.pageCount, samples: first.samples)
    if pages == .slices, first.samples == 1 {
      layout.slices = layout.channels.count
      layout.channels = StackLayout.names(1)
    }
    if told == nil, pages == .automatic, first.samples == 1, reader.pageCount > 8 {
      throw ImageError(
        .badData, url, "the file has \(reader.pageCount) pages and does not tell what they are",
        advice: "Say with --pages whether they are channels or slices")
    }
    if let size = layout.size, size.width != first.width || size.height != first.height {
      throw ImageError(
        .badData, url, page: 0,
        "the description says \(size.width) x \(size.height) pixels, the page has "
          + "\(first.width) x \(first.height)",
        advice: "If the pages are right, say with --pages what they are")
    }
    if let last = layout.pages.max(), last >= reader.pageCount {
      throw ImageError(
        .badData, url,
        "the description tells of \(last + 1) pages, the file has \(reader.pageCount)",
        advice: "The file is cut short, or say with --pages what its pages are")
    }
    if layout.channelsAreSamples, layout.channels.count > first.samples {
      throw ImageError(
        .badData, url, page: 0,
        "the description tells of \(layout.channels.count) channels in a page, there are "
          + "\(first.samples)")
    }
    self.reader = reader
    self.layout = layout
    width = first.width
    height = first.height
  }

  /// The channel that a user names, by its name or by its number from 0.
  /// - Throws: ``ImageError`` of kind `usage`, with the names there are.
  public func channel(_ name: String) throws(ImageError) -> Int {
    if let index = channels.firstIndex(where: { $0.lowercased() == name.lowercased() }) {
      return index
    }
    if let number = Int(name), channels.indices.contains(number) { return number }
    let known = channels.enumerated().map { "\($0.offset) (\($0.element))" }
    throw ImageError(
      .usage, reader.url, "there is no channel '\(name)'",
      advice: "Use one of \(known.joined(separator: ", "))")
  }

  /// One channel, its slices made one.
  /// - Throws: ``ImageError`` when a page cannot be read or has another size than the first.
  public func plane(channel: Int, time: Int = 0, projection: Projection = .maximum)
    throws(ImageError) -> GrayImage
  {
    precondition(
      channels.indices.contains(channel) && (0..<times).contains(time),
      "A plane is asked for by a channel and a time that exist.")
    if case .slice(let slice) = projection {
      guard (0..<slices).contains(slice) else {
        throw ImageError(.usage, reader.url, "slice \(slice) is asked for, there are \(slices)")
      }
      return try read(channel, slice, time)
    }
    var image = try read(channel, 0, time)
    guard slices > 1 else { return image }
    for slice in 1..<slices {
      let next = try read(channel, slice, time)
      if projection == .maximum {
        for index in image.pixels.indices where next.pixels[index] > image.pixels[index] {
          image.pixels[index] = next.pixels[index]
        }
      } else {
        for index in image.pixels.indices { image.pixels[index] += next.pixels[index] }
      }
    }
    if projection == .mean {
      let factor = 1 / Float(slices)
      for index in image.pixels.indices { image.pixels[index] *= factor }
    }
    return image
  }

  private func read(_ channel: Int, _ slice: Int, _ time: Int) throws(ImageError) -> GrayImage {
    let page = layout.page(channel: channel, slice: slice, time: time)
    guard page >= 0 else {
      throw ImageError(
        .badData, reader.url,
        "channel \(channel), slice \(slice), time \(time) is in another file",
        advice: "Join the files into one OME-TIFF")
    }
    let image = try reader.read(
      page: page, sample: layout.channelsAreSamples ? channel : 0)
    guard image.width == width, image.height == height else {
      throw ImageError(
        .badData, reader.url, page: page,
        "the page has \(image.width) x \(image.height) pixels, the first \(width) x \(height)",
        advice: "Split the file by size")
    }
    return image
  }
}
