import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

extension ScoreReport {
  /// Writes the tables: scores, classes, confusion, predictions and confounders.
  ///
  /// - Parameters:
  ///   - ids: the id of every cell.
  ///   - labels: the label columns with their entries.
  ///   - folder: where to.
  /// - Throws: `ArrayFileError` when writing fails.
  func write(ids: [String], labels: [(String, [String])], to folder: URL) throws {
    try AtomicFile.write(
      Array((jsonText(indented: true) + "\n").utf8), to: folder.appending(path: "scores.json"))
    try writeScores(to: folder.appending(path: "scores.csv"))
    if !heldOut.isEmpty {
      try writeClasses(to: folder.appending(path: "classes.csv"))
      try writeConfusion(to: folder.appending(path: "confusion.csv"))
      try writePredictions(ids, labels, to: folder.appending(path: "predictions.csv"))
    }
    if let confounders {
      try write(confounders, to: folder.appending(path: "confounders.csv"))
    }
  }

  private func writeScores(to url: URL) throws {
    let writer = try CSVWriter(
      url,
      header: [
        "label", "method", "score", "value", "low", "high", "interval", "chance", "null_high",
        "p_value", "trials", "trial",
      ])
    for score in heldOut.flatMap(\.scores) {
      let estimate = score.estimate
      try writer.append([
        score.label, score.method, score.score, "\(estimate.value)", "\(estimate.low)",
        "\(estimate.high)", estimate.interval, "\(estimate.chance)", "\(estimate.nullHigh)",
        "\(estimate.pValue)", "\(score.trials)", score.trialName,
      ])
    }
    try writer.finish()
  }

  private func writeClasses(to url: URL) throws {
    let writer = try CSVWriter(
      url,
      header: [
        "label", "class", "cells", "recall", "recall_low", "recall_high", "precision", "f1",
        "nearest_recall", "profiles",
        "average_precision", "average_precision_chance", "p_value", "false_discovery_rate",
      ])
    for probe in heldOut {
      let votes = Dictionary(
        uniqueKeysWithValues: probe.identifications[1].classes.map { ($0.name, $0) })
      let profiles = Dictionary(
        uniqueKeysWithValues: (probe.profileRetrieval?.classes ?? []).map { ($0.name, $0) })
      for found in probe.identifications[0].classes {
        let profile = profiles[found.name]
        try writer.append(
          [
            probe.label, found.name, "\(found.cells)", Self.field(found.recall),
            Self.field(found.recallLow), Self.field(found.recallHigh),
            Self.field(found.precision), "\(found.f1)", Self.field(votes[found.name]?.recall),
            profile.map { "\($0.profiles)" } ?? "",
          ]
            + [
              profile?.averagePrecision, profile?.chance, profile?.pValue,
              profile?.falseDiscoveryRate,
            ].map(Self.field))
      }
    }
    try writer.finish()
  }

  private static func field(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  private func writeConfusion(to url: URL) throws {
    let writer = try CSVWriter(url, header: ["label", "true", "assigned", "cells"])
    for probe in heldOut {
      let found = probe.identifications[0]
      for pair in found.confusion {
        try writer.append([
          probe.label, found.classes[pair.truth].name, found.classes[pair.assigned].name,
          "\(pair.cells)",
        ])
      }
    }
    try writer.finish()
  }

  private func writePredictions(
    _ ids: [String], _ labels: [(String, [String])], to url: URL
  ) throws {
    let writer = try CSVWriter(
      url, header: ["cell", "label", "true", "logistic_regression", "nearest_cells"])
    for probe in heldOut {
      let values = labels.first { $0.0 == probe.label }?.1 ?? []
      for (place, row) in probe.rows.enumerated() {
        try writer.append([
          ids[row], probe.label, values[row], probe.named[place], probe.voted[place],
        ])
      }
    }
    try writer.finish()
  }

  private func write(_ confounders: ConfounderCheck, to url: URL) throws {
    let writer = try CSVWriter(
      url,
      header: ["name", "measure", "value", "adjusted", "parameters", "low", "high", "p_value"])
    for found in confounders.explained {
      try writer.append([
        found.name, "explains_embedding", "\(found.share.share)", "\(found.share.adjusted)",
        "\(found.share.parameters)", "", Self.field(found.nullHigh), Self.field(found.pValue),
      ])
    }
    for found in confounders.told {
      try writer.append([
        found.name, "told_by_embedding", "\(found.r2)", "", "", "\(found.low)", "\(found.high)", "",
      ])
    }
    try writer.finish()
  }

  // MARK: Figures

  /// The most classes of a confusion matrix that is drawn.
  private static let mostClasses = 60

  /// Accuracies with chance, a confusion matrix for each column, and what explains the embedding.
  func figures() throws(FigureError) -> [Figure] {
    var figures: [Figure] = []
    let names = Figure.fileNames(
      for: ["accuracy", "confusion"].flatMap { kind in heldOut.map { "\(kind)_\($0.label)" } })
    for (place, probe) in heldOut.enumerated() {
      figures.append(
        try AccuracyBars(probe, title: "\(probe.label) of cells held out")
          .figure(named: names[place]))
      figures.append(
        try ConfusionMatrix(
          probe.identifications[0], most: Self.mostClasses,
          title: "\(probe.label) of cells held out, by logistic regression"
        )
        .figure(named: names[heldOut.count + place]))
    }
    if let confounders {
      figures.append(try AccuracyBars(confounders).figure(named: "confounders"))
    }
    return figures
  }
}
