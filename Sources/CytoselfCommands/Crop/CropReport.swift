import CellCrops
import CytoselfFigures
import Foundation
import Numerics

/// What became of the fields, for a person: lines on the standard output, and figures.
struct CropReport {
  /// Most fields in a figure; of more, those that lost most nuclei.
  private static let mostFields = 60

  let outcomes: [CroppedDataset.Outcome]

  init(_ outcomes: [CroppedDataset.Outcome]) { self.outcomes = outcomes }

  /// The number of fields that could not be used.
  var failed: Int { outcomes.count { $0.problem != nil } }

  /// Prints what was written, what was dropped and how nuclei agree with true ones.
  func printSummary(_ folder: String) {
    let (nuclei, kept) = outcomes.reduce((0, 0)) { ($0.0 + $1.nuclei, $0.1 + $1.kept) }
    print(
      "\(kept.counted("crop")) of \(nuclei.counted("nucleus", "nuclei")) from \((outcomes.count - failed).counted("field")) written to \(folder)"
    )
    printCounts()
  }

  /// Prints a line for each flag, and the scores.
  func printCounts() {
    for flag in CropFlag.allCases {
      let count = outcomes.reduce(0) { $0 + ($1.flags[flag] ?? 0) }
      let dropped = outcomes.reduce(0) { $0 + ($1.dropped[flag] ?? 0) }
      if count > 0 {
        print("  \(flag.rawValue): \(count)" + (dropped > 0 ? ", dropped \(dropped)" : ""))
      }
    }
    let scores = MaskScore.total(outcomes.map(\.scores))
    for score in scores where [0.5, 0.75].contains(score.overlap) {
      func percent(_ share: Float) -> String { "\((share * 1_000).rounded() / 10) %" }
      print(
        "  at IoU \(score.overlap): precision \(percent(score.precision)), recall "
          + "\(percent(score.recall)) of \(score.truth) true nuclei")
    }
  }

  /// Draws the counts of every plate and field into the data set.
  func draw(in folder: URL) throws(FigureError) {
    let plates = Dictionary(grouping: outcomes, by: \.field.plate).sorted { $0.key < $1.key }
    if plates.count > 1 {
      try figure(plates.map { ($0.key.isEmpty ? "no plate" : $0.key, $0.value) }, "Nuclei by plate")
        .figure(named: "quality_plates").write(to: folder, formats: [.png])
    }
    let shown = outcomes.count > Self.mostFields
    let fields =
      shown
      ? Array(outcomes.sorted { $0.nuclei - $0.kept > $1.nuclei - $1.kept }.prefix(Self.mostFields))
      : outcomes
    try figure(
      fields.map { ($0.field.stem, [$0]) },
      shown ? "Nuclei in the \(Self.mostFields) fields that lost most" : "Nuclei by field"
    ).figure(named: "quality_fields").write(to: folder, formats: [.png])
  }

  private func figure(
    _ groups: [(name: String, outcomes: [CroppedDataset.Outcome])], _ title: String
  ) -> StackedBars {
    let parts =
      [
        StackedBars.Part("kept", color: Color(0x0072B2)),
        StackedBars.Part("kept, flagged", color: Color(0x9CCAE6)),
      ]
      + CropFlag.allCases.enumerated().map { place, flag in
        StackedBars.Part(flag.rawValue, color: GroupPalette.style(at: place + 1).color)
      }
    let rows = groups.map { group in
      (
        name: group.name,
        counts: [
          group.outcomes.reduce(0) { $0 + $1.kept - $1.keptFlagged },
          group.outcomes.reduce(0) { $0 + $1.keptFlagged },
        ]
          + CropFlag.allCases.map { flag in
            group.outcomes.reduce(0) { $0 + ($1.dropped[flag] ?? 0) }
          }
      )
    }
    let isAnyDropped = groups.contains { $0.outcomes.contains { !$0.dropped.isEmpty } }
    return StackedBars(
      parts, rows: rows, title: title,
      valueName: isAnyDropped ? "nuclei, kept or dropped for" : "nuclei")
  }
}
