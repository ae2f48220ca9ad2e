import CytoselfAnalysis
import Foundation
import Numerics

/// What `cytoself score` found: the JSON object, and the lines for a person.
struct ScoreReport: Encodable {
  let labels: String
  let layer: String
  let embedding: String
  let cells: Int
  let clusterScorePerAxis: Double
  let clusterScorePooled: Double
  let clusterScoreMap: String
  let medianClusterSize: Double
  let clusters: [ClusterScore.Cluster]
  /// How well labels are predicted, by column and method.
  let probes: [Identification]
  let retrieval: [Retrieval]
  /// Mean profiles of held-out units against those of the others, a trial per class.
  let profiles: [Identification]
  let profileRetrieval: [ProfileRetrieval]
  /// The queries and what was held out, for each column.
  let heldOut: [HeldOutProbe]
  let probesMissing: String?
  /// Nil where too few cells have all that is checked.
  let confounders: ConfounderCheck?
  /// What a reader of the numbers must know.
  let notes: [String]

  init(
    labels: String, layer: String, embedding: String, cells: Int, clusterScore: ClusterScore,
    clusterScoreMap: String, probes: [HeldOutProbe], probesMissing: String?,
    confounders: ConfounderCheck?, notes: [String]
  ) {
    self.labels = labels
    self.layer = layer
    self.embedding = embedding
    self.cells = cells
    clusterScorePerAxis = clusterScore.perAxis
    clusterScorePooled = clusterScore.pooled
    self.clusterScoreMap = clusterScoreMap
    medianClusterSize = clusterScore.medianSize
    clusters = clusterScore.clusters
    self.probes = probes.flatMap(\.identifications)
    retrieval = probes.compactMap(\.retrieval)
    profiles = probes.compactMap(\.profiles)
    profileRetrieval = probes.compactMap(\.profileRetrieval)
    heldOut = probes
    self.probesMissing = probesMissing
    self.confounders = confounders
    self.notes = notes
  }

  // MARK: Lines for a person

  var lines: [String] {
    var lines = [
      "cluster score per axis: \(clusterScorePerAxis.decimals(3))",
      "cluster score pooled:   \(clusterScorePooled.decimals(3))",
      "on \(clusterScoreMap), \(clusters.count.counted("class", "classes")) of '\(labels)', "
        + "\(clusters.reduce(0) { $0 + $1.count }) of \(cells) cells",
    ]
    for probe in heldOut { lines += [""] + Self.lines(of: probe) }
    if !heldOut.isEmpty { lines += ["", "probes work on \(embedding)"] }
    if let probesMissing { lines += ["", probesMissing] }
    lines += notes.map { "note: \($0)" }
    return lines + (confounders.map(Self.lines) ?? [])
  }

  private static func lines(of probe: HeldOutProbe) -> [String] {
    let first = probe.identifications[0]
    var lines = [
      "'\(probe.label)': \(first.trueClasses.counted("class", "classes")), "
        + probe.askedCells.counted("query cell")
        + (probe.askedUnits.map { " in \($0) \(probe.unitWord)" } ?? "")
        + ", held out: \(probe.heldOut); \(probe.teachingCells.counted("training cell"))",
      "accuracy of always predicting the most frequent class: "
        + "\(Self.percent(first.majority))",
    ]
    var table = [["", "", "95 % interval", "chance", "p"]]
    var last = ""
    for score in probe.scores {
      let estimate = score.estimate
      if score.method != last { table.append([score.method]) }
      table.append([
        "  " + score.score, percent(estimate.value),
        "\(percent(estimate.low)) to \(percent(estimate.high))", percent(estimate.chance),
        estimate.pValue.decimals(3),
      ])
      last = score.method
    }
    lines += TextTable.lines(table, rightAligned: [1, 2, 3, 4])
    if let found = probe.profileRetrieval {
      lines.append(
        "\(found.called) of \(found.classes.count.counted("class", "classes")) retrieve their own mean profiles of other "
          + "\(found.unitName) at a false discovery rate of 5 %")
    }
    if !probe.leftOut.isEmpty {
      lines.append(
        "left out, since only one of the \(probe.unitWord) has them: "
          + probe.leftOut.prefix(8).joined(separator: ", ")
          + (probe.leftOut.count > 8 ? " and \(probe.leftOut.count - 8) more" : ""))
    }
    return lines + probe.warnings.map { "note: \($0)" }
  }

  private static func lines(of confounders: ConfounderCheck) -> [String] {
    var lines = [
      "",
      "what explains the embedding: shares of its variance, adjusted for chance, "
        + "\(confounders.cells.counted("cell"))",
    ]
    lines += TextTable.lines(
      [["", "", "shuffled", "p"]]
        + confounders.explained.map { found in
          [
            found.name, percent(found.share.adjusted),
            found.nullHigh.map { "up to \(percent(max(0, $0)))" } ?? "",
            found.pValue?.decimals(3) ?? "",
          ]
        }, rightAligned: [1, 2, 3])
    guard !confounders.told.isEmpty else { return lines }
    lines += [
      "", "prediction from the embedding, for held-out cells: R² of ridge regression, chance 0",
    ]
    lines += TextTable.lines(
      confounders.told.map {
        [$0.name, $0.r2.decimals(2), "\($0.low.decimals(2)) to \($0.high.decimals(2))"]
      }, rightAligned: [1, 2])
    return lines
  }

  static func percent(_ share: Double) -> String { "\((100 * share).decimals(1)) %" }
}

extension HeldOutProbe {
  /// What a unit is called in a sentence.
  var unitWord: String { profileRetrieval?.unitName ?? "fields" }
}
