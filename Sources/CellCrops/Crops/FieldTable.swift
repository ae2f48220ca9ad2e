import ArrayFiles
import Foundation
import Numerics

/// `fields.csv` and `plates.csv`: what became of every field, and the sums over each plate.
struct FieldTable {
  private let outcomes: [CroppedDataset.Outcome]

  init(_ outcomes: [CroppedDataset.Outcome]) { self.outcomes = outcomes }

  private static let counts =
    CropFlag.allCases.map(\.rawValue)
    + CropFlag.allCases.map { "dropped_\($0.rawValue)" }

  private static func counts(
    _ flags: [CropFlag: Int], _ dropped: [CropFlag: Int]
  ) -> [String] {
    CropFlag.allCases.map { String(flags[$0] ?? 0) }
      + CropFlag.allCases.map { String(dropped[$0] ?? 0) }
  }

  func write(to folder: URL) throws(ArrayFileError) {
    let table = try CSVWriter(
      folder.appending(path: "fields.csv"),
      header: [
        "FOV_id", "field", "file", "name", "plate", "well", "site", "width", "height",
        "pixel_size", "nuclei", "kept", "kept_flagged",
      ] + Self.counts + ["focus", "remark", "problem"])
    let typical = typicalFocus()
    for (number, outcome) in outcomes.enumerated() {
      let field = outcome.field
      let row = [
        String(number), field.stem, field.url.lastPathComponent, field.name, field.plate,
        field.well, field.site, String(outcome.width), String(outcome.height),
        outcome.pixelSize.map { "\($0)" } ?? "", String(outcome.nuclei), String(outcome.kept),
        String(outcome.keptFlagged),
      ]
      try table.append(
        row + Self.counts(outcome.flags, outcome.dropped)
          + ["\(outcome.focus)", remark(outcome, typical), outcome.problem ?? ""])
    }
    try table.finish()
    try writePlates(to: folder)
    try writeScores(to: folder)
  }

  /// What a person should look at: a field without nuclei, or less sharp than its plate, and what of it
  /// was left unread.
  private func remark(_ outcome: CroppedDataset.Outcome, _ typical: [String: Float]) -> String {
    guard outcome.problem == nil else { return "" }
    var remarks = outcome.remarks
    if outcome.nuclei == 0 {
      remarks.insert("no nuclei", at: 0)
    } else if outcome.focus < 0.5 * (typical[outcome.field.plate] ?? 0) {
      remarks.insert("less than half as sharp as its plate", at: 0)
    }
    return remarks.joined(separator: "; ")
  }

  /// The median sharpness of the fields of each plate.
  private func typicalFocus() -> [String: Float] {
    Dictionary(grouping: outcomes.filter { $0.nuclei > 0 }, by: \.field.plate)
      .mapValues { Median.of($0.map(\.focus)) }
  }

  private func writePlates(to folder: URL) throws(ArrayFileError) {
    let table = try CSVWriter(
      folder.appending(path: "plates.csv"),
      header: ["plate", "fields", "failed", "nuclei", "kept", "kept_flagged"] + Self.counts)
    let plates = Dictionary(grouping: outcomes, by: \.field.plate).sorted { $0.key < $1.key }
    for (plate, fields) in plates {
      func sum(_ counts: [[CropFlag: Int]]) -> [CropFlag: Int] {
        counts.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
      }
      try table.append(
        [
          plate, String(fields.count), String(fields.count { $0.problem != nil }),
          String(fields.reduce(0) { $0 + $1.nuclei }), String(fields.reduce(0) { $0 + $1.kept }),
          String(fields.reduce(0) { $0 + $1.keptFlagged }),
        ] + Self.counts(sum(fields.map(\.flags)), sum(fields.map(\.dropped))))
    }
    try table.finish()
  }

  /// `mask_scores.csv`, where nuclei were compared with true ones: a row per field and overlap.
  private func writeScores(to folder: URL) throws(ArrayFileError) {
    let total = MaskScore.total(outcomes.map(\.scores))
    guard !total.isEmpty else { return }
    let table = try CSVWriter(
      folder.appending(path: "mask_scores.csv"),
      header: ["field", "overlap", "matched", "found", "truth", "precision", "recall"])
    let rows = outcomes.map { ($0.field.stem, $0.scores) } + [("all", total)]
    for (field, scores) in rows {
      for score in scores {
        try table.append([
          field, "\(score.overlap)", String(score.matched), String(score.found),
          String(score.truth), "\(score.precision)", "\(score.recall)",
        ])
      }
    }
    try table.finish()
  }
}
