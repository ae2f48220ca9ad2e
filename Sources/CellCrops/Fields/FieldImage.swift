import ArrayFiles
import Foundation
public import ImageFiles
public import Raster

/// The planes of a field, whether in one file or in a file for each channel and slice.
public final class FieldImage {
  /// The names of the channels.
  public let channels: [String]
  /// Columns of every plane.
  public let width: Int
  /// Rows of every plane.
  public let height: Int
  /// Size of a pixel in micrometres, if the first file tells.
  public let pixelSize: Double?
  /// The number of time points.
  public let times: Int
  /// The number of slices of a z-stack.
  public let slices: Int

  /// What of the field is left unread or could be meant otherwise, a clause each.
  public let remarks: [String]

  private let source: FieldSource
  private let pages: ImageStack.Pages
  private let first: ImageStack

  /// Opens the first file of a field.
  ///
  /// - Parameters:
  ///   - source: where the field is.
  ///   - pages: what pages are in files that do not tell.
  /// - Throws: ``ImageError`` when that file cannot be read.
  public init(_ source: FieldSource, pages: ImageStack.Pages = .automatic) throws(ImageError) {
    self.source = source
    self.pages = pages
    let isSplit = source.parts[0].channel != nil
    first = try ImageStack(source.url, pages: pages, image: source.image)
    (width, height) = (first.width, first.height)
    (pixelSize, times) = (first.pixelSize, first.times)
    var names: [String] = []
    for part in source.parts {
      if let name = part.channel, !names.contains(name) { names.append(name) }
    }
    channels = isSplit ? names : first.channels
    remarks = first.remarks
    slices = max(first.slices, Set(source.parts.map(\.slice)).count)
  }

  /// Checks that the field has a channel.
  /// - Throws: ``ImageError`` of kind `usage`, with the names there are.
  public func check(_ name: String) throws(ImageError) {
    if source.parts[0].channel == nil {
      _ = try first.channel(name)
    } else {
      _ = try splitChannel(name)
    }
  }

  /// What a person should know about reading these channels at a time: what is left unread, and which of
  /// two a name means.
  public func remarks(reading names: [String], time: Int) -> [String] {
    let known = ChannelNames(channels)
    let read = Set(
      names.compactMap { name in
        try? known.index(of: name) { problem, _ in ImageError(.usage, source.url, problem) }
      })
    let unread = channels.indices.filter { !read.contains($0) }.map { channels[$0] }
    var found = remarks + names.compactMap { known.remark(on: $0) }
    if !unread.isEmpty {
      found.append("left unread of its channels: " + unread.joined(separator: ", "))
    }
    if times > 1 { found.append("of \(times) time points only number \(time) is read") }
    return found
  }

  /// One channel, its slices made one.
  ///
  /// - Parameters:
  ///   - name: the channel's name, or its number from 0.
  ///   - time: the time point, from 0.
  ///   - projection: how slices become one plane.
  /// - Throws: ``ImageError`` when there is no such channel, or a plane cannot be read or has another
  ///   size than the first.
  public func plane(
    _ name: String, time: Int = 0, projection: ImageStack.Projection = .maximum
  ) throws(ImageError) -> GrayImage {
    let channel = source.parts[0].channel == nil ? nil : try splitChannel(name)
    var parts = source.parts.filter { channel == nil || $0.channel == channel }
    if parts.count > 1, case .slice(let slice) = projection {
      guard parts.indices.contains(slice) else {
        throw ImageError(
          .usage, source.url, "slice \(slice) was requested, there are \(parts.count)")
      }
      parts = [parts[slice]]
    }
    var sum = SliceProjection(projection)
    for part in parts {
      let isFirst = part.url == source.url
      let stack = isFirst ? first : try ImageStack(part.url, pages: pages, image: source.image)
      let index = channel == nil ? try stack.channel(name) : 0
      guard channel == nil || stack.channels.count == 1 else {
        throw ImageError(
          .badData, part.url,
          "the file holds \(stack.channels.joined(separator: ", ")), and the pattern takes it for one "
            + "channel",
          advice: "Save it in grey; if its pages are slices, say so with --pages slices")
      }
      // A slice in a file of its own was chosen above.
      let own = source.parts.count > 1 && stack.slices == 1 ? .maximum : projection
      let image = try stack.plane(channel: index, time: time, projection: own)
      guard image.width == width, image.height == height else {
        throw ImageError(
          .badData, part.url,
          "the picture has \(image.width) x \(image.height) pixels, that of "
            + "\(source.url.lastPathComponent) \(width) x \(height)",
          advice: "All channels and slices of a field must be of one size")
      }
      sum.add(image)
    }
    return sum.image
  }

  /// The channel that a user names, by what the pattern took from the files or by its number.
  private func splitChannel(_ name: String) throws(ImageError) -> String {
    let index = try ChannelNames(channels).index(of: name) { problem, known in
      ImageError(
        .usage, source.url,
        problem.replacing("there is no channel", with: "the field has no channel"),
        advice: "It has \(known): a file may be missing")
    }
    return channels[index]
  }
}
