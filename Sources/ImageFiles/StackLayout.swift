/// Which page of which file holds which channel, slice and time, as a description tells.
struct StackLayout: Sendable {
  /// A page of one of the files.
  struct Place: Sendable, Equatable {
    var file: Int
    var page: Int
  }

  /// Names of the channels, `channel 0` and so on where none are given.
  var channels: [String]
  /// Slices of a z-stack.
  var slices = 1
  /// Time points.
  var times = 1
  /// Size of a pixel in micrometres, if known.
  var pixelSize: Double?
  /// Width and height, if known.
  var size: (width: Int, height: Int)?
  /// Whether channels are samples of one page, as in RGB.
  var channelsAreSamples = false
  /// The names of the other files of a set, beside the one that was opened.
  var otherFiles: [String] = []
  /// The place of plane `(time * slices + slice) * channels + channel`: file 0 is the one that was
  /// opened, file n the n-th other; nil where the description names none.
  var places: [Place?]

  /// Most planes that a description may claim.
  static let mostPlanes = 1_000_000

  func place(channel: Int, slice: Int, time: Int) -> Place? {
    places[
      (time * slices + slice) * (channelsAreSamples ? 1 : channels.count)
        + (channelsAreSamples ? 0 : channel)]
  }

  static func names(_ count: Int) -> [String] { (0..<count).map { "channel \($0)" } }

  /// The names of the samples of a colour page.
  static func colors(_ samples: Int) -> [String] {
    samples == 3 ? ["red", "green", "blue"] : names(samples)
  }

  /// The pages of the opened file in their order.
  static func pages(_ count: Int) -> [Place?] { (0..<count).map { Place(file: 0, page: $0) } }

  /// The layout of pages without a description: channels, or samples of a single colour page.
  static func plain(pages: [Int], samples: Int) -> StackLayout {
    let places = pages.map { Place(file: 0, page: $0) }
    guard samples == 1 else {
      return StackLayout(
        channels: colors(samples), times: pages.count, channelsAreSamples: true, places: places)
    }
    return StackLayout(channels: names(pages.count), places: places)
  }

  /// Micrometres in a unit of length; nil for a unit that is none, such as `pixel`.
  static func micrometers(in unit: String) -> Double? {
    switch unit.lowercased() {
    // The micro sign, the Greek letter, ImageJ's way to write it, and one in a lost encoding.
    case "\u{B5}m", "\u{3BC}m", "\\u00b5m", "\u{FFFD}m", "um", "micron", "microns", "micrometer": 1
    case "nm", "nanometer": 1e-3
    case "mm", "millimeter": 1e3
    case "cm", "centimeter": 1e4
    case "m", "meter": 1e6
    case "inch", "in": 25_400
    default: nil
    }
  }
}
