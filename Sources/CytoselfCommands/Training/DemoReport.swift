import CellImages
import CytoselfAnalysis
import CytoselfFigures
import CytoselfTraining
import Foundation
import Torch

/// The last step of the demo: numbers on held-out fields, figures, and the page that shows them.
struct DemoReport {
  private let paths: DemoPaths
  private let simulated: SimulatedDataset
  private let result: TrainingJob.Result
  private let seconds: Double
  private let seed: UInt64

  init(
    _ paths: DemoPaths, simulated: SimulatedDataset, result: TrainingJob.Result, seconds: Double,
    seed: UInt64
  ) {
    self.paths = paths
    self.simulated = simulated
    self.result = result
    self.seconds = seconds
    self.seed = seed
  }

  private static let proteinColumn = "name"
  private static let patternColumn = "loc_grade3"

  /// Computes, draws and writes.
  func write() throws {
    let table = try EmbeddingTable(paths.embeddings)
    let embedding = try table.layer("vqvec2").matrix()
    let labels = try [Self.proteinColumn, Self.patternColumn].map {
      (column: $0, values: try table.labels($0))
    }
    let fields = try table.fieldColumn.map { (column: $0, values: try table.labels($0)) }
    let probe = try HeldOutProbe(
      embedding, labels: labels, split: table.split ?? [], fields: fields, seed: seed,
      source: paths.embeddings.path)
    var settings = UMAPSettings()
    settings.seed = seed
    let map = try UMAP(settings).fit(embedding, source: paths.embeddings.path)

    let scores = (probe.nearest + probe.retrieval).map { identification in
      Report.Score(
        name: "\(Self.word(for: identification.label)) by \(identification.method)",
        share: identification.accuracy.value, chance: identification.chance,
        note: "\(identification.accuracy.trials) cells of \(probe.askingFields ?? 0) held-out"
          + " fields, \(identification.classes) classes; 95 % interval"
          + " \(Self.percent(identification.accuracy.low)) to"
          + " \(Self.percent(identification.accuracy.high))")
    }
    for score in scores { print("\(score.name): \(score.value) (chance \(score.chance))") }
    try report(scores, probe: probe, map: map, patterns: labels[1].values).write(to: paths.report)
  }

  private func report(
    _ scores: [Report.Score], probe: HeldOutProbe, map: UMAPMap, patterns: [String]
  ) -> Report {
    let bars = (probe.nearest + probe.retrieval).map { identification in
      AccuracyBars.Bar(
        name: "\(Self.word(for: identification.label)), \(identification.method)",
        value: identification.accuracy.value, chance: identification.chance,
        interval: identification.accuracy.low...identification.accuracy.high)
    }
    let positions = map.positions
    let x = (0..<positions.rows).map { positions[$0, 0] }
    let y = (0..<positions.rows).map { positions[$0, 1] }
    let losses = picture("Losses, perplexities (codes in use) and learning rate over epochs.") {
      () throws(FigureError) in
      try HistoryFigure(TrainingHistory(csv: RunDirectory(paths.run).history))
        .figure(named: "history")
    }
    let cells = picture(
      "Input, output and difference of cells the model never saw, and the output with one level's"
        + " codes alone (the other level zeroed)."
    ) { () throws(FigureError) in
      try ReconstructionFigure(
        result.reconstruction, channels: result.channels,
        names: result.labels.isEmpty ? result.cells : result.labels, levels: [1, 2]
      ).figure(named: "reconstructions")
    }
    let accuracy = picture("Cells of held-out fields told apart by their embeddings.") {
      () throws(FigureError) in
      try AccuracyBars(bars, title: "Held-out fields").figure(named: "accuracy")
    }
    let umap = picture(
      "Every cell by its global embedding (vqvec2), coloured by the true pattern, which the"
        + " training never saw: it was told protein names alone."
    ) { () throws(FigureError) in
      try GroupMap(
        x: x, y: y, groups: patterns, palette: GroupPalette(Set(patterns).sorted()),
        title: "UMAP of vqvec2"
      ).figure(named: "umap")
    }
    let plan = simulated.plan
    let lead =
      "\(plan.count) simulated cells of \(plan.proteins.count) proteins in"
      + " \(plan.settings.patterns.count) localization patterns were learnt from images and protein"
      + " names alone, on a processor, in \(ProgressLine.duration(seconds))."
    return Report(
      title: "cytoself demo", lead: lead, scores: scores,
      sections: [
        .init(
          title: "Told apart on held-out fields", blocks: [.picture(accuracy), .picture(umap)]),
        .init(title: "Reconstruction", blocks: [.picture(cells)]),
        .init(title: "Training", blocks: [.picture(losses)]),
      ],
      commands: [
        "cytoself simulate \(paths.cells.path) --seed \(seed)",
        "cytoself train \(paths.cells.path) --out \(paths.run.path) --preset small",
        "cytoself embed \(paths.run.path) \(paths.cells.path) --out \(paths.embeddings.path)"
          + " --layer vqvec2 --layer vqindhist1",
      ],
      provenance: [
        ("Cells", "simulated, seed \(seed)"),
        ("Best epoch", result.outcome.best.map { "\($0.epoch)" } ?? "none"),
        ("cytoself", Version.current), ("libtorch", Runtime.version),
        ("Time", ProgressLine.duration(seconds)),
      ])
  }

  private func picture(
    _ caption: String, _ make: () throws(FigureError) -> Figure
  ) -> Report.Picture {
    do throws(FigureError) {
      return Report.Picture(try make().write(to: paths.figures), caption: caption)
    } catch {
      TrainingSession.say(error.description)
      return Report.Picture(notDrawn: error.description, caption: caption)
    }
  }

  private static func word(for column: String) -> String {
    column == proteinColumn ? "Protein" : "Localization pattern"
  }

  private static func percent(_ share: Double) -> String {
    "\(ProgressLine.short(share * 100)) %"
  }
}
