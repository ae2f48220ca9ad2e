import Foundation

/// The grey values that become 0 and 1 for all fields of a plate.
struct PlateRanges: Sendable {
  /// For each plate those of the protein, the nucleus and further channels, as values of the files.
  private var ranges: [String: [ClosedRange<Double>]] = [:]

  /// Reads the fields and counts their grey values, as often as ``PercentileSearch`` asks for.
  ///
  /// A field that cannot be read counts nothing; it is listed when it is cut.
  ///
  /// - Parameters:
  ///   - fields: the fields of all plates.
  ///   - settings: how they are read, and which percentiles are wanted.
  ///   - progress: called with the number of fields that are counted, which starts anew in each round.
  init(
    of fields: [FieldSource], _ settings: CroppedDataset.Settings,
    progress: (Int) throws -> Void
  ) throws {
    var searches: [String: [PercentileSearch]] = [:]
    var round = Array(fields.indices)
    while !round.isEmpty {
      let numbers = round
      try OrderedWork.run(0..<numbers.count, threads: settings.threads) { place in
        try? FieldReader(settings: settings).read(fields[numbers[place]]).images
      } take: { place, images in
        let plate = fields[numbers[place]].plate
        for (channel, image) in (images ?? []).enumerated() {
          if searches[plate, default: []].count == channel {
            searches[plate, default: []].append(
              PercentileSearch(settings.crops.lowPercentile, settings.crops.highPercentile))
          }
          searches[plate]?[channel].add(image)
        }
        try progress(fields.count - numbers.count + place + 1)
      }
      for plate in searches.keys {
        for channel in searches[plate, default: []].indices {
          searches[plate]?[channel].endRound()
        }
      }
      let unfinished = Set(
        searches.filter { $0.value.contains { !$0.isFinished } }.map(\.key))
      round = round.filter { unfinished.contains(fields[$0].plate) }
    }
    ranges = searches.mapValues { $0.map(\.range) }
  }

  /// The ranges of a plate; nil when none of its fields could be read.
  subscript(plate: String) -> [ClosedRange<Double>]? { ranges[plate] }
}
