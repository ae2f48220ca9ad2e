import ArrayFiles
public import Foundation
public import Raster

/// A microscope image of several channels, slices and time points, in one file or a set of them.
///
/// OME-TIFF and ImageJ hyperstacks tell which page is which; without a description pages are
/// channels. PNG pictures and npy arrays are read too. Planes are read when they are needed, one
/// at a time.
public final class ImageStack {
  /// How the slices of a z-stack become one plane.
  public enum Projection: Sendable, Equatable, Codable, RawRepresentable {
    /// The brightest of all slices, pixel by pixel.
    case maximum
    /// The mean of all slices.
    case mean
    /// One slice, counted from 0.
    case slice(Int)

    /// The projection as an option spells it: `maximum`, `mean` or the number of a slice.
    public init?(rawValue: String) {
      switch rawValue {
      case "maximum": self = .maximum
      case "mean": self = .mean
      default:
        guard let slice = Int(rawValue), slice >= 0 else { return nil }
        self = .slice(slice)
      }
    }

    /// How an option spells it.
    public var rawValue: String {
      switch self {
      case .maximum: "maximum"
      case .mean: "mean"
      case .slice(let slice): "\(slice)"
      }
    }
  }

  /// What pages are in a file that does not tell.
  public enum Pages: String, Sendable, Codable, CaseIterable {
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

  /// What of the file is left unread or could be meant otherwise, a clause each.
  public let remarks: [String]

  private let file: any PageFile
  private let layout: StackLayout
  /// The other files of a set that were opened so far, by their numbers.
  private var others: [Int: any PageFile] = [:]

  /// Opens a file and reads what it tells about itself.
  ///
  /// - Parameters:
  ///   - url: a TIFF, PNG or npy file.
  ///   - pages: what its pages are.
  ///   - image: the number of the image in an OME-TIFF of several, from 0.
  /// - Throws: ``ImageError`` when it cannot be read, or its description contradicts its pages.
  public init(_ url: URL, pages: Pages = .automatic, image: Int = 0) throws(ImageError) {
    let file = try ImageFormat.open(url)
    let described =
      pages == .automatic
      ? try Self.described(file, url, image: image, samples: try file.shape(of: 0).samples) : nil
    let whole =
      described == nil
      ? try file.wholePages() : (pages: [], shape: try file.shape(of: 0), remark: nil)
    let first = whole.shape
    var layout = described ?? StackLayout.plain(pages: whole.pages, samples: first.samples)
    if pages == .slices, first.samples == 1 {
      layout.slices = layout.channels.count
      layout.channels = StackLayout.names(1)
    }
    let told = StackLayout.planeCount(file.text ?? "")
    guard told <= file.pageCount || described != nil else {
      throw ImageError(
        .badData, url, "the description tells of \(told) pages, the file has \(file.pageCount)",
        advice: "The file is cut short; copy it again from its source")
    }
    if described == nil, pages == .automatic, first.samples == 1, whole.pages.count > 8 {
      throw ImageError(
        .badData, url, "the file has \(whole.pages.count) pages and does not tell what they are",
        advice: "Say with --pages whether they are channels or slices")
    }
    var remarks = file.remarks
    if described == nil {
      if let remark = whole.remark { remarks.append(remark) }
    } else if !(file.text ?? "").contains("<OME"), layout.places.count < file.pageCount {
      remarks.append("pages beyond those that the description tells of are left unread")
    }
    if layout.channelsAreSamples, layout.channels.count == 4 || layout.channels.count == 2 {
      remarks.append("the last sample of the pixels may be their opacity; it is a channel here")
    }
    // The planes of an image may all lie in other files of a set, of another size than this one's.
    let places = layout.places.compactMap { $0 }.filter { $0.file == 0 }
    let own = try places.first.map { place throws(ImageError) in
      place.page < file.pageCount ? try file.shape(of: place.page) : first
    }
    if let size = layout.size, let own, size.width != own.width || size.height != own.height {
      throw ImageError(
        .badData, url, page: places.first?.page,
        "the description says \(size.width) x \(size.height) pixels, the page has "
          + "\(own.width) x \(own.height)",
        advice: "If the pages are right, say with --pages what they are")
    }
    if let last = places.map(\.page).max(), last >= file.pageCount {
      throw ImageError(
        .badData, url,
        "the description tells of \(last + 1) pages, the file has \(file.pageCount)",
        advice: "The file is cut short, or say with --pages what its pages are")
    }
    if layout.channelsAreSamples, layout.channels.count > (own ?? first).samples {
      throw ImageError(
        .badData, url, page: 0,
        "the description tells of \(layout.channels.count) channels in a page, there are "
          + "\((own ?? first).samples)")
    }
    self.file = file
    self.layout = layout
    self.remarks = remarks
    width = layout.size?.width ?? first.width
    height = layout.size?.height ?? first.height
  }

  /// The channel that a user names, by its name or by its number from 0.
  /// - Throws: ``ImageError`` of kind `usage`, with the names there are, also where several have this one.
  public func channel(_ name: String) throws(ImageError) -> Int {
    try ChannelNames(channels).index(of: name) { problem, known in
      ImageError(.usage, file.url, problem, advice: "Use one of \(known)")
    }
  }

  /// One channel, its slices made one.
  ///
  /// Values of files with large offsets are counted from ``GrayImage/origin``.
  /// - Throws: ``ImageError`` when a page cannot be read or has another size than the first.
  public func plane(channel: Int, time: Int = 0, projection: Projection = .maximum)
    throws(ImageError) -> GrayImage
  {
    precondition(
      channels.indices.contains(channel), "The channel does not exist.")
    guard (0..<times).contains(time) else {
      throw ImageError(
        .usage, file.url, "time point \(time) was requested, there are \(times)",
        advice: "Time points are counted from 0")
    }
    if case .slice(let slice) = projection {
      guard (0..<slices).contains(slice) else {
        throw ImageError(.usage, file.url, "slice \(slice) was requested, there are \(slices)")
      }
      return try read(channel, slice, time)
    }
    var sum = SliceProjection(projection)
    for slice in 0..<slices { sum.add(try read(channel, slice, time)) }
    return sum.image
  }

  private func read(_ channel: Int, _ slice: Int, _ time: Int) throws(ImageError) -> GrayImage {
    guard let place = layout.place(channel: channel, slice: slice, time: time) else {
      throw ImageError(
        .badData, file.url,
        "the description does not tell where channel \(channel), slice \(slice), time \(time) is",
        advice: "The acquisition may have been stopped; leave the file out")
    }
    let holder = try holder(place.file)
    guard place.page < holder.pageCount else {
      throw ImageError(
        .badData, holder.url,
        "the description tells of \(place.page + 1) pages, the file has \(holder.pageCount)",
        advice: "The file is cut short; copy it again from its source")
    }
    let image = try holder.read(
      page: place.page, sample: layout.channelsAreSamples ? channel : 0)
    guard image.width == width, image.height == height else {
      throw ImageError(
        .badData, holder.url, page: place.page,
        "the page has \(image.width) x \(image.height) pixels, the first \(width) x \(height)",
        advice: "Split the file by size")
    }
    return image
  }

  /// The file of a number, opened when it is first needed.
  private func holder(_ number: Int) throws(ImageError) -> any PageFile {
    guard number > 0 else { return file }
    if let open = others[number] { return open }
    let url = Self.neighbor(of: file.url, layout.otherFiles[number - 1])
    let opened = try ImageFormat.open(url)
    others[number] = opened
    return opened
  }
}
