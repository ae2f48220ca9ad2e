/// OME-XML: what a file, or a set of files, tells about its images.
struct OMEDocument {
  /// The tags of each image that has pixels.
  private var images: [[XMLTags.Tag]] = []
  /// The file that holds the description, where this text only points to it.
  private(set) var metadataFile: String?

  /// Reads a description; nil when it is no OME-XML.
  init?(_ text: String) {
    guard text.contains("<OME") || text.contains(":OME") else { return nil }
    for tag in XMLTags(text) {
      switch tag.name {
      case "BinaryOnly": metadataFile = tag.attributes["MetadataFile"]
      case "Image": images.append([])
      default: if !images.isEmpty { images[images.count - 1].append(tag) }
      }
    }
    images.removeAll { image in !image.contains { $0.name == "Pixels" } }
  }

  /// The number of images.
  var imageCount: Int { images.count }

  /// The layout of an image; nil if there is none, or it makes no sense.
  ///
  /// - Parameters:
  ///   - image: the number of the image, from 0.
  ///   - fileName: the name of the file that was opened.
  func layout(of image: Int, fileName: String) -> StackLayout? {
    guard images.indices.contains(image),
      let start = images[image].firstIndex(where: { $0.name == "Pixels" }),
      let axes = Axes(images[image][start].attributes)
    else { return nil }
    let pixels = images[image][start].attributes
    let inside = images[image][(start + 1)...].prefix { $0.name != "/Pixels" }
    let channels = inside.filter { $0.name == "Channel" }
    let samples = channels.first?.attributes["SamplesPerPixel"].flatMap { Int($0) }
    var layout = StackLayout(
      channels: StackLayout.names(axes.channels), slices: axes.slices, times: axes.times,
      size: (axes.width, axes.height),
      channelsAreSamples: axes.channels > 1 && samples == axes.channels, places: [])
    for (index, tag) in channels.enumerated() where index < axes.channels {
      if let name = tag.attributes["Name"], !name.isEmpty { layout.channels[index] = name }
    }
    if let size = pixels["PhysicalSizeX"].flatMap({ Double($0) }), size > 0, size.isFinite {
      let unit = StackLayout.micrometers(in: pixels["PhysicalSizeXUnit"] ?? "um")
      layout.pixelSize = unit.map { $0 * size }
    }
    return place(inside, axes, into: &layout, fileName: fileName) ? layout : nil
  }

  /// Finds the place of every plane; false when the description contradicts itself.
  private func place(
    _ inside: ArraySlice<XMLTags.Tag>, _ axes: Axes, into layout: inout StackLayout,
    fileName: String
  ) -> Bool {
    let perPage = layout.channelsAreSamples ? 1 : axes.channels
    let order = axes.planes(channels: perPage)
    layout.places = [StackLayout.Place?](repeating: nil, count: order.count)
    let blocks = inside.indices.filter { inside[$0].name == "TiffData" }
    guard !blocks.isEmpty else {
      for (rank, plane) in order.enumerated() {
        layout.places[plane] = StackLayout.Place(file: 0, page: rank)
      }
      return true
    }
    var ranks = [Int](repeating: 0, count: order.count)
    for (rank, plane) in order.enumerated() { ranks[plane] = rank }
    // A block names its file by a UUID element inside.
    let names = blocks.map { index in
      inside.indices.contains(index + 1) && inside[index + 1].name == "UUID"
        ? inside[index + 1].attributes["FileName"] : nil
    }
    // A file that was renamed still tells its old name; what is all in one file is in this one.
    let isOneFile = Set(names.map { $0 ?? fileName }).count == 1 && imageCount == 1
    for (index, name) in zip(blocks, names) {
      let block = inside[index].attributes
      func value(_ key: String, _ fallback: Int) -> Int {
        block[key].flatMap { Int($0) } ?? fallback
      }
      let (c, z, t) = (value("FirstC", 0), value("FirstZ", 0), value("FirstT", 0))
      let page = value("IFD", 0)
      guard c >= 0, z >= 0, t >= 0, c < perPage, z < axes.slices, t < axes.times, page >= 0,
        page <= StackLayout.mostPlanes
      else { return false }
      let first = ranks[(t * axes.slices + z) * perPage + c]
      let count = value("PlaneCount", block["IFD"] == nil ? order.count - first : 1)
      guard count >= 0 else { return false }
      var file = 0
      if let name, name != fileName, !isOneFile {
        if let known = layout.otherFiles.firstIndex(of: name) {
          file = known + 1
        } else {
          layout.otherFiles.append(name)
          file = layout.otherFiles.count
        }
      }
      for offset in 0..<min(count, order.count - first) {
        layout.places[order[first + offset]] = StackLayout.Place(file: file, page: page + offset)
      }
    }
    return true
  }

  /// The sizes of an image's axes and their order in the file.
  private struct Axes {
    let width: Int
    let height: Int
    let channels: Int
    let slices: Int
    let times: Int
    let order: [Character]

    init?(_ attributes: [String: String]) {
      func number(_ key: String) -> Int? { attributes[key].flatMap { Int($0) } }
      guard let order = attributes["DimensionOrder"], order.hasPrefix("XY"),
        Set(order.dropFirst(2)) == ["C", "Z", "T"], order.count == 5,
        let channels = number("SizeC"), let slices = number("SizeZ"), let times = number("SizeT"),
        let width = number("SizeX"), let height = number("SizeY"),
        [channels, slices, times, width, height].allSatisfy({
          $0 > 0 && $0 <= StackLayout.mostPlanes
        }), channels * slices <= StackLayout.mostPlanes,
        channels * slices * times <= StackLayout.mostPlanes
      else { return nil }
      (self.width, self.height) = (width, height)
      (self.channels, self.slices, self.times) = (channels, slices, times)
      self.order = Array(order.dropFirst(2))
    }

    /// The planes `(time * slices + slice) * channels + channel` in the order of the file.
    func planes(channels: Int) -> [Int] {
      let sizes: [Character: Int] = ["C": channels, "Z": slices, "T": times]
      return (0..<(channels * slices * times)).map { rank in
        var (left, found) = (rank, ["C": 0, "Z": 0, "T": 0] as [Character: Int])
        for axis in order {
          let size = sizes[axis] ?? 1
          found[axis] = left % size
          left /= size
        }
        return ((found["T"] ?? 0) * slices + (found["Z"] ?? 0)) * channels + (found["C"] ?? 0)
      }
    }
  }
}
