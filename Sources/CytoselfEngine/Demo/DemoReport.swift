import CellData
import CellSimulation
import CytoselfAnalysis
import CytoselfAtlas
import CytoselfCommands
import CytoselfFigures
import CytoselfTraining
import Foundation
import JobControl
import Torch
import Numerics

/// The last step of the demo: numbers on held-out fields, figures, and the page that shows them.
struct DemoReport {
  private let paths: DemoPaths
  private let simulated: SimulatedDataset
  private let result: TrainingSession.Result
  private let seconds: Double
  private let seed: UInt64
  private let epochs: Int
  private let threads: Int

  /// The report of a demo that ran in some seconds with these options.
  init(
    _ paths: DemoPaths, simulated: SimulatedDataset, result: TrainingSession.Result,
    seconds: Double, seed: UInt64, epochs: Int, threads: Int
  ) {
    self.paths = paths
    self.simulated = simulated
    self.result = result
    self.seconds = seconds
    self.seed = seed
    self.epochs = epochs
    self.threads = threads
  }

  private static let proteinColumn = "name"
  private static let patternColumn = "loc_grade3"

  /// Computes, draws and writes.
  func write() throws {
    let table = try EmbeddingTable(paths.embeddings)
    let embedding = try table.layer("features").matrix()
    let units = try table.fieldColumn.map { HeldOutProbe.Units("fields", try table.labels($0)) }
    let probes = try [Self.proteinColumn, Self.patternColumn].map { column in
      let labels = try table.labels(column)
      return try HeldOutProbe(
        embedding, column: column, labels: labels,
        folds: HeldOutFolds(
          split: table.split ?? [], labels: labels, source: paths.embeddings.path),
        units: units, settings: .init(sampling: Sampling(seed: seed)),
        source: paths.embeddings.path)
    }
    var settings = UMAPSettings()
    settings.seed = seed
    let map = try UMAP(settings).fit(embedding, source: paths.embeddings.path)

    let scores = probes.flatMap { probe in
      let chosen = probe.scores.filter { ["accuracy", "top-1"].contains($0.score) }
      return chosen.map { score in
        Report.Score(
          name: "\(Self.word(for: score.label)) by \(score.method)",
          share: score.estimate.value, chance: score.estimate.chance,
          note: "\(score.trials) \(score.trialName) of \(probe.askedUnits ?? 0) held-out"
            + " fields; 95 % interval \(Self.percent(score.estimate.low)) to"
            + " \(Self.percent(score.estimate.high))")
      }
    }
    for score in scores { print("\(score.name): \(score.value) (chance \(score.chance))") }
    let drawing = try MapDrawing(
      table, colorBy: [Self.patternColumn],
      crops: CropPictures(paths.cells.path, channel: nil, most: 3000))
    try drawing.writePage(
      map.positions, title: "Cells of the cytoself demo", to: paths.page)
    try writeAtlas(of: table, positions: map.positions)
    let sections = try [
      scoreSection(probes: probes, map: map, drawing: drawing), spectrumSection(table),
      reconstructionSection(), trainingSection(),
    ]
    let clusters = try drawing.score(map.positions).map { Self.score($0.score) }
    try report(scores + [clusters].compactMap { $0 }, sections: sections).write(to: paths.report)
  }

  /// Writes the atlas, unless an earlier run of the demo did.
  private func writeAtlas(of table: EmbeddingTable, positions: Matrix) throws {
    guard !AtlasServer.isAtlas(paths.atlas) else { return }
    var atlas = try Atlas(
      table, layers: [table.layer("features")],
      maps: [
        AtlasMap(
          name: "features", layer: "features", positions: positions,
          source: paths.embeddings.path)
      ], title: "Cells of the cytoself demo")
    atlas.sheets = CropSheets(try CellDataSet(paths.cells), most: positions.rows)
    let codes = try CodeLayer(table.layer("vqindhist1"), holdsCodes: false)
    let proteins = try codes.means(of: table.labels(Self.proteinColumn))
    atlas.spectra = CellSpectra(
      codes, order: try CodeTree(proteins, source: paths.embeddings.path).order,
      source: "codes by use in proteins")
    try atlas.write(to: paths.atlas) { TrainingSession.say($0) }
  }

  // MARK: Sections

  private func scoreSection(
    probes: [HeldOutProbe], map: UMAPMap, drawing: MapDrawing
  ) throws -> Report.Section {
    var blocks: [Report.Block] = []
    for probe in probes {
      let word = Self.word(for: probe.label)
      let accuracy = picture(
        "\(word) of cells in held-out fields, predicted from their embeddings, beside chance."
      ) { () throws(FigureError) in
        try AccuracyBars(probe, title: "\(word) in held-out fields")
          .figure(named: Figure.fileName(for: "accuracy_\(probe.label)"))
      }
      blocks.append(.picture(accuracy))
    }
    if let patterns = probes.last?.identifications.first {
      let confusion = picture("Predicted and true patterns of held-out cells.") {
        () throws(FigureError) in
        try ConfusionMatrix(patterns, title: "Localization pattern in held-out fields")
          .figure(named: "confusion")
      }
      blocks.append(.picture(confusion))
    }
    for figure in try drawing.figures(map.positions, score: nil) {
      let caption =
        "Every cell by its features, coloured by the true pattern, which was"
        + " not used in training; its labels are protein names."
      blocks.append(.picture(picture(caption) { () throws(FigureError) in figure }))
    }
    blocks.append(
      .link(
        text: "The atlas: walk in the map with pictures, neighbours and spectra of every cell",
        file: paths.atlas.appending(path: "index.html")))
    if FileManager.default.fileExists(atPath: paths.page.path) {
      blocks.append(
        .link(text: "The same map, interactive, with a picture of every cell", file: paths.page))
    }
    return .init(title: "Classification of held-out fields", blocks: blocks)
  }

  private func spectrumSection(_ table: EmbeddingTable) throws -> Report.Section {
    let layer = try CodeLayer(table.layer("vqindhist1"), holdsCodes: false)
    let proteins = try layer.means(of: table.labels(Self.proteinColumn))
    let tree = try CodeTree(proteins, source: paths.embeddings.path)
    let heatMap = picture(
      "Codes of the local level (vqindhist1): two are red where the same proteins use both, blue"
        + " where proteins use either but not both. The tree gives the order of features."
    ) { () throws(FigureError) in
      try ClusteredHeatMap(tree, title: "Codes by use in proteins")
        .figure(named: "code_correlation")
    }
    let count = proteins.proteins.count
    let shown = stride(from: 0, to: count, by: max(1, count / 6)).prefix(6).map { protein in
      SpectrumFigure.Spectrum(
        name: proteins.proteins[protein],
        values: tree.order.spectrum(of: proteins.histogram(of: protein)).map { Float($0) })
    }
    var figureOfSpectra = SpectrumFigure(
      shown, valueName: "mean count per cell", sharesScale: false)
    figureOfSpectra.showClusters(min(6, proteins.codes), of: tree)
    let drawn = figureOfSpectra
    let spectra = picture(
      "Feature spectra of \(shown.count) of \(count.counted("protein")): how often each code occurs in a cell."
        + " Roman numbers are clusters of the tree."
    ) { () throws(FigureError) in try drawn.figure(named: "spectra") }
    return .init(
      title: "How proteins use the codes", blocks: [.picture(heatMap), .picture(spectra)])
  }

  private func reconstructionSection() -> Report.Section {
    let cells = picture(
      "Input, output and difference of cells of the test set, and the output with one level's"
        + " codes alone (the other level zeroed)."
    ) { () throws(FigureError) in
      try ReconstructionFigure(
        result.reconstruction, channels: result.channels,
        names: result.labels.isEmpty ? result.cells : result.labels, levels: [1, 2]
      ).figure(named: "reconstructions")
    }
    return .init(title: "Reconstruction", blocks: [.picture(cells)])
  }

  private func trainingSection() -> Report.Section {
    let losses = picture("Losses, perplexities (codes in use) and learning rate over epochs.") {
      () throws(FigureError) in
      try HistoryFigure(TrainingHistory(result.outcome.history))
        .figure(named: "history")
    }
    return .init(title: "Training", blocks: [.picture(losses)])
  }

  private func report(_ scores: [Report.Score], sections: [Report.Section]) -> Report {
    let plan = simulated.plan
    let lead =
      "\(plan.count.counted("simulated cell")) of \(plan.proteins.count.counted("protein")) in"
      + " \(plan.settings.patterns.count) localization patterns: the model was trained on images and"
      + " protein names, on a CPU, in \(ProgressLine.duration(seconds))."
    let (cells, run, embeddings) = (paths.cells.path, paths.run.path, paths.embeddings.path)
    return Report(
      title: "cytoself demo", lead: lead, scores: scores, sections: sections,
      commands: [
        "cytoself simulate \(cells) --cells \(plan.settings.cells) --seed \(seed)",
        "cytoself train \(cells) --out \(run) --epochs \(epochs) --seed \(seed)"
          + " --threads \(threads)",
        "cytoself embed \(run) \(cells) --out \(embeddings) --layer features --layer vqindhist1",
        "cytoself umap \(embeddings) --layer features --out map --seed \(seed)"
          + " --color-by \(Self.patternColumn) --crops \(cells)",
        "cytoself spectrum \(embeddings) --out spectrum --clusters 6",
        "cytoself atlas \(embeddings) --umap map --crops \(cells) --spectrum spectrum --out atlas",
        "cytoself score \(embeddings) --labels \(Self.proteinColumn) --also \(Self.patternColumn)"
          + " --seed \(seed)",
      ],
      provenance: [
        ("Cells", "simulated, seed \(seed)"),
        ("Best epoch", result.outcome.best.map { "\($0.epoch)" } ?? "none"),
        ("cytoself", Version.current), ("libtorch", Runtime.version),
        ("Time", ProgressLine.duration(seconds)),
      ])
  }

  private static func score(_ score: ClusterScore) -> Report.Score {
    Report.Score(
      name: "Cluster score of the map", value: score.perAxis.decimals(2),
      note:
        "spread of the centroids of \(score.clusters.count) patterns over their median size, mean"
        + " of both axes; \(score.pooled.decimals(2)) with axes pooled as the original does")
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
    "\((share * 100).shortText) %"
  }
}
