import Foundation

/// The grey values that become 0 and 1 for all fields of a plate.
struct PlateRanges: Sendable {
  /// For each plate those of the protein, the nucleus and further channels.
  private var ranges: [String: [ClosedRange<Float>]] = [:]

  /// Reads every field once and counts its grey values.
  ///
  /// A field that cannot be read counts nothing; it is listed when it is cut.
  ///
  /// - Parameters:
  ///   - fields: the fields of all plates.
  ///   - settings: how they are read, and which percentiles are wanted.
  ///   - progress: called with the number of fields that are read.
  init(
    of fields: [FieldSource], _ settings: CroppedDataset.Settings,
    progress: (Int) throws -> Void
  ) throws {
    var histograms: [String: [GrayHistogram]] = [:]
    try OrderedWork.run(0..<fields.count, threads: settings.threads) { number in
      try? FieldReader(settings: settings).read(fields[number]).images
    } take: { number, images in
      let plate = fields[number].plate
      for (channel, image) in (images ?? []).enumerated() {
        if histograms[plate, default: []].count == channel {
          histograms[plate, default: []].append(GrayHistogram(image))
        } else {
          histograms[plate]?[channel].add(image)
        }
      }
      try progress(number + 1)
    }
    ranges = histograms.mapValues { channels in
      channels.map {
        $0.percentiles(settings.crops.lowPercentile, settings.crops.highPercentile)
      }
    }
  }

  /// The ranges of a plate; nil when none of its fields could be read.
  subscript(plate: String) -> [ClosedRange<Float>]? { ranges[plate] }
}
