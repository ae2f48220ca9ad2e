/// Which page of a file holds which channel, slice and time, as its description tells.
struct StackLayout: Sendable, Equatable {
  /// Names of the channels, `channel 0` and so on where none are given.
  var channels: [String]
  /// Slices of a z-stack.
  var slices: Int
  /// Time points.
  var times: Int
  /// Size of a pixel in micrometres, if told.
  var pixelSize: Double?
  /// Width and height, if told.
  var size: (width: Int, height: Int)?
  /// Whether channels are samples of one page, as in RGB.
  var channelsAreSamples: Bool
  /// The page of plane `(time * slices + slice) * channels + channel`; -1 where it is not in this file.
  var pages: [Int]

  static func == (left: StackLayout, right: StackLayout) -> Bool {
    left.channels == right.channels && left.slices == right.slices && left.times == right.times
      && left.pixelSize == right.pixelSize && left.size?.width == right.size?.width
      && left.size?.height == right.size?.height && left.pages == right.pages
      && left.channelsAreSamples == right.channelsAreSamples
  }

  func page(channel: Int, slice: Int, time: Int) -> Int {
    pages[
      (time * slices + slice) * (channelsAreSamples ? 1 : channels.count)
        + (channelsAreSamples ? 0 : channel)]
  }

  /// Most planes that a description may claim.
  private static let mostPlanes = 1_000_000

  static func names(_ count: Int) -> [String] { (0..<count).map { "channel \($0)" } }

  /// The layout of pages without a description: channels, or samples of a single colour page.
  static func plain(pageCount: Int, samples: Int) -> StackLayout {
    if samples > 1 {
      return StackLayout(
        channels: names(samples), slices: 1, times: pageCount, channelsAreSamples: true,
        pages: Array(0..<pageCount))
    }
    return StackLayout(
      channels: names(pageCount), slices: 1, times: 1, channelsAreSamples: false,
      pages: Array(0..<pageCount))
  }

  /// The layout that an ImageJ description tells; nil if it is none, or claims what cannot be.
  static func imageJ(_ text: String) -> StackLayout? {
    guard text.hasPrefix("ImageJ=") else { return nil }
    var values: [Substring: Substring] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    func number(_ key: Substring) -> Int { max(1, values[key].flatMap { Int($0) } ?? 1) }
    let images = number("images")
    var (channels, slices, times) = (number("channels"), number("slices"), number("frames"))
    guard channels <= mostPlanes, slices <= mostPlanes, times <= mostPlanes,
      images <= mostPlanes, channels * slices <= mostPlanes,
      channels * slices * times <= mostPlanes
    else { return nil }
    if channels * slices * times == 1, images > 1 { slices = images }
    if channels == 0 { (channels, slices, times) = (1, 1, 1) }
    return StackLayout(
      channels: names(channels), slices: slices, times: times, channelsAreSamples: false,
      pages: Array(0..<(channels * slices * times)))
  }

  /// The layout that OME-XML tells for its first image; nil if there is none, or it makes no sense.
  static func ome(_ text: String, fileName: String) -> StackLayout? {
    guard text.contains("<OME"), let image = XMLTags(text).first(named: "Pixels") else {
      return nil
    }
    func number(_ key: String) -> Int? { image.attributes[key].flatMap { Int($0) } }
    guard let order = image.attributes["DimensionOrder"], order.hasPrefix("XY"),
      let channels = number("SizeC"), let slices = number("SizeZ"), let times = number("SizeT"),
      let width = number("SizeX"), let height = number("SizeY"),
      [channels, slices, times, width, height].allSatisfy({ $0 > 0 && $0 <= mostPlanes }),
      channels * slices <= mostPlanes, channels * slices * times <= mostPlanes
    else { return nil }
    let inside = XMLTags(String(image.rest)).all(until: "/Pixels")
    var channelNames = names(channels)
    let samples = inside.first { $0.name == "Channel" }?.attributes["SamplesPerPixel"]
    let inSamples = channels > 1 && samples.flatMap { Int($0) } == channels
    for (index, tag) in inside.filter({ $0.name == "Channel" }).enumerated()
    where index < channels {
      if let name = tag.attributes["Name"], !name.isEmpty { channelNames[index] = name }
    }
    let perPage = inSamples ? 1 : channels
    let counts: [Character: Int] = ["C": perPage, "Z": slices, "T": times]
    let axes = Array(order.dropFirst(2))
    guard Set(axes) == ["C", "Z", "T"] else { return nil }
    let count = perPage * slices * times
    /// The place in `pages` of the plane that comes `rank`-th in the file's order.
    func place(_ rank: Int) -> Int {
      var (left, found) = (rank, ["C": 0, "Z": 0, "T": 0] as [Character: Int])
      for axis in axes {
        let size = counts[axis] ?? 1
        found[axis] = left % size
        left /= size
      }
      return ((found["T"] ?? 0) * slices + (found["Z"] ?? 0)) * perPage + (found["C"] ?? 0)
    }
    func rank(c: Int, z: Int, t: Int) -> Int {
      var (sum, step) = (0, 1)
      for axis in axes {
        sum += step * (axis == "C" ? c : axis == "Z" ? z : t)
        step *= counts[axis] ?? 1
      }
      return sum
    }
    var pages = [Int](repeating: -1, count: count)
    let blocks = inside.enumerated().filter { $0.element.name == "TiffData" }
    if blocks.isEmpty { for index in 0..<count { pages[place(index)] = index } }
    for (index, block) in blocks {
      func value(_ key: String, _ fallback: Int) -> Int {
        block.attributes[key].flatMap { Int($0) } ?? fallback
      }
      // A plane in another file is told by a UUID element inside.
      if inside.indices.contains(index + 1), inside[index + 1].name == "UUID",
        let other = inside[index + 1].attributes["FileName"], other != fileName
      {
        continue
      }
      let (c, z, t) = (value("FirstC", 0), value("FirstZ", 0), value("FirstT", 0))
      guard c >= 0, z >= 0, t >= 0, c < max(1, perPage), z < slices, t < times else { return nil }
      let first = rank(c: c, z: z, t: t)
      let page = value("IFD", 0)
      let planes = value("PlaneCount", block.attributes["IFD"] == nil ? count - first : 1)
      guard page >= 0, planes >= 0, page <= mostPlanes else { return nil }
      for offset in 0..<min(planes, count - first) { pages[place(first + offset)] = page + offset }
    }
    var size = image.attributes["PhysicalSizeX"].flatMap { Double($0) }
    switch image.attributes["PhysicalSizeXUnit"] ?? "µm" {
    case "µm", "um", "&#181;m", "&#xB5;m", "micron": break
    case "nm": size = size.map { $0 / 1_000 }
    case "mm": size = size.map { $0 * 1_000 }
    default: size = nil
    }
    return StackLayout(
      channels: channelNames, slices: slices, times: times,
      pixelSize: size.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }, size: (width, height),
      channelsAreSamples: inSamples, pages: pages)
  }
}

/// The tags of an XML text in order, as far as OME-XML needs them: names and attributes.
struct XMLTags {
  struct Tag {
    let name: String
    let attributes: [String: String]
    let rest: Substring
  }

  private let text: String

  init(_ text: String) { self.text = text }

  func first(named name: String) -> Tag? {
    var rest = Substring(text)
    while let tag = Self.next(in: &rest) { if tag.name == name { return tag } }
    return nil
  }

  func all(until end: String) -> [Tag] {
    var rest = Substring(text)
    var tags: [Tag] = []
    while let tag = Self.next(in: &rest), tag.name != end { tags.append(tag) }
    return tags
  }

  private static func next(in rest: inout Substring) -> Tag? {
    guard let open = rest.firstIndex(of: "<") else { return nil }
    rest = rest[rest.index(after: open)...]
    guard let close = rest.firstIndex(of: ">") else { return nil }
    var inner = rest[..<close]
    rest = rest[rest.index(after: close)...]
    let nameEnd = inner.dropFirst().firstIndex { $0.isWhitespace || $0 == "/" } ?? inner.endIndex
    var name = String(inner[..<nameEnd])
    // Prefixes of a namespace do not matter here.
    if let colon = name.lastIndex(of: ":") { name = String(name[name.index(after: colon)...]) }
    inner = inner[nameEnd...]
    var attributes: [String: String] = [:]
    while let equals = inner.firstIndex(of: "=") {
      let key = inner[..<equals].trimmingPrefix { $0.isWhitespace }
      inner = inner[inner.index(after: equals)...].trimmingPrefix { $0.isWhitespace }
      guard let quote = inner.first, quote == "\"" || quote == "'" else { break }
      inner = inner.dropFirst()
      guard let end = inner.firstIndex(of: quote) else { break }
      attributes[String(key)] = String(inner[..<end])
      inner = inner[inner.index(after: end)...]
    }
    return Tag(name: name, attributes: attributes, rest: rest)
  }
}
