import Foundation

/// What programs write about the pages of a TIFF file that is no OME-TIFF.
extension StackLayout {
  /// Whether a description is that of ImageJ.
  static func isImageJ(_ text: String) -> Bool { text.hasPrefix("ImageJ=") }

  /// The planes that an ImageJ description tells of; 1 for any other text.
  static func planeCount(_ text: String) -> Int {
    imageJ(text, resolution: 0)?.places.count ?? 1
  }

  /// The layout that an ImageJ description tells; nil if it is none, or claims what cannot be.
  ///
  /// - Parameters:
  ///   - resolution: pixels per unit of length, as the TIFF header has it; 0 if it has none.
  ///   - samples: samples of each pixel; those of a colour picture are its channels.
  static func imageJ(_ text: String, resolution: Double, samples: Int = 1) -> StackLayout? {
    guard isImageJ(text) else { return nil }
    var values: [Substring: Substring] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1)
      if parts.count == 2 { values[parts[0]] = parts[1] }
    }
    func number(_ key: Substring) -> Int { max(1, values[key].flatMap { Int($0) } ?? 1) }
    let (times, images) = (number("frames"), number("images"))
    var (channels, slices) = (number("channels"), number("slices"))
    if samples > 1 {
      guard channels == 1 || channels == samples else { return nil }
      channels = 1
    }
    guard [channels, slices, times, images].allSatisfy({ $0 <= mostPlanes }),
      channels * slices <= mostPlanes, channels * slices * times <= mostPlanes
    else { return nil }
    if channels * slices * times == 1 { slices = images }
    let unit = values["unit"].flatMap { micrometers(in: String($0)) }
    return StackLayout(
      channels: samples > 1 ? colors(samples) : names(channels), slices: slices, times: times,
      pixelSize: resolution > 0 ? unit.map { $0 / resolution } : nil,
      channelsAreSamples: samples > 1, places: pages(channels * slices * times))
  }

  /// The layout that a description of Python's tifffile tells: the axes of the array and their sizes; nil
  /// if it is none, or does not say which axis is which.
  static func tifffile(_ text: String, samples: Int) -> StackLayout? {
    struct Description: Decodable {
      let shape: [Int]
      let axes: String?
    }
    guard text.hasPrefix("{"),
      let found = try? JSONDecoder().decode(Description.self, from: Data(text.utf8)),
      let axes = found.axes.map(Array.init), axes.count == found.shape.count,
      found.shape.allSatisfy({ (1...mostPlanes).contains($0) }),
      axes.suffix(samples > 1 ? 3 : 2) == (samples > 1 ? ["Y", "X", "S"] : ["Y", "X"])
    else { return nil }
    let outer = Array(zip(axes, found.shape).dropLast(samples > 1 ? 3 : 2))
    var sizes: [Character: Int] = ["C": 1, "Z": 1, "T": 1]
    for (axis, size) in outer {
      guard sizes[axis] == 1, size <= mostPlanes else { return nil }
      sizes[axis] = size
    }
    let (channels, slices, times) = (sizes["C"] ?? 1, sizes["Z"] ?? 1, sizes["T"] ?? 1)
    guard Set(outer.map(\.0)).count == outer.count, !outer.isEmpty,
      channels * slices <= mostPlanes, channels * slices * times <= mostPlanes,
      samples == 1 || channels == 1
    else { return nil }
    var layout = StackLayout(
      channels: samples > 1 ? colors(samples) : names(channels), slices: slices, times: times,
      channelsAreSamples: samples > 1, places: pages(channels * slices * times))
    for page in 0..<channels * slices * times {
      var (left, place) = (page, [:] as [Character: Int])
      for (axis, size) in outer.reversed() {
        place[axis] = left % size
        left /= size
      }
      let plane = ((place["T"] ?? 0) * slices + (place["Z"] ?? 0)) * channels + (place["C"] ?? 0)
      layout.places[plane] = Place(file: 0, page: page)
    }
    return layout
  }
}
