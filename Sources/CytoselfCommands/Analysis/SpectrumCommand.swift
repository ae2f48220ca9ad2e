import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

/// `cytoself spectrum EMBEDDINGS --out DIR`: how proteins use the codes, in the order of a tree.
struct SpectrumCommand: ParsableCommand {
  /// Name, summary and examples as `cytoself spectrum --help` shows them.
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Order the codes of a codebook by how proteins use them, and draw spectra.",
    discussion: """
      EMBEDDINGS is a folder that 'cytoself embed' wrote with the layer vqindhist1 or vqind1; or give
      --matrix, a file [proteins, codes]. Codes are put in order by a tree: codes that the same
      proteins use stand side by side, or with --codebook those with similar vectors. DIR holds
      code_histogram.npy [proteins, codes], proteins.csv, code_correlation.npy (Pearson,
      [codes, codes]), linkage.npy (average linkage in SciPy's four columns), leaf_order.npy (the
      order of features), spectra.csv and figures/.

      Spectra compare only in one order: give --leaf-order the leaf_order.npy of the first data for
      all others. No tree is computed then.

      Examples: cytoself spectrum embeddings --labels name --out spectrum
                cytoself spectrum embeddings --out pair --difference LMNB1,POLR2A
                cytoself spectrum treated --out t --leaf-order spectrum/leaf_order.npy
                cytoself spectrum --codebook run --out codes
      """)

  @Argument(help: "A folder of embeddings.")
  var embeddings: String?

  @Option(help: "Start from this file [proteins, codes] instead.")
  var matrix: String?

  @Option(help: "Order the codes by their vectors in this model (needs no embeddings).")
  var codebook: String?

  @Option(help: "The level of --codebook, from 1.")
  var level = 1

  @Option(help: "Take the order of features from this leaf_order.npy.")
  var leafOrder: String?

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "The layer (default: vqindhist1, vqindhist, vqind1 or vqind, the first there is).")
  var layer: String?

  @Option(help: "The column that names the protein (default: found by its name).")
  var labels: String?

  @Option(help: "The size of the codebook, for a layer of code numbers (default: the largest + 1).")
  var codes: Int?

  @Option(
    help: """
      Proteins or cell ids whose spectra are drawn, separated by commas, those that hold commas in \
      quotes (default: the first eight proteins).
      """)
  var show: String?

  @Option(
    help:
      "Draw the spectrum of one protein or cell minus that of another, as A,B; may be given again."
  )
  var difference: [String] = []

  @Option(help: "Mark this many clusters of codes on the spectra, numbered I, II, ….")
  var clusters: Int?

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var results: ResultOptions

  /// Checks which inputs can be combined.
  func validate() throws {
    guard embeddings == nil || matrix == nil, embeddings ?? matrix ?? codebook != nil else {
      throw ValidationError(
        "Give a folder of embeddings or --matrix FILE.npy, one of the two; or --codebook MODEL.")
    }
    guard leafOrder == nil || codebook == nil else {
      throw ValidationError("--leaf-order and --codebook both give an order: choose one.")
    }
    guard leafOrder == nil || clusters == nil else {
      throw ValidationError("--clusters cuts the tree, and with --leaf-order there is none.")
    }
    guard embeddings ?? matrix != nil || (show == nil && difference.isEmpty && clusters == nil)
    else {
      throw ValidationError(
        "--show, --difference and --clusters need spectra: give embeddings or --matrix too.")
    }
    guard (2...50).contains(clusters ?? 2), codes ?? 2 >= 2 else {
      throw ValidationError("--clusters is 2 to 50, --codes 2 or more.")
    }
  }

  /// Makes the tree and the spectra and writes them.
  func run() throws {
    let vectors = try codebook.map { try Self.vectors(ofModel: $0, level: level) }
    let start = ContinuousClock().now
    let source = try openSource()
    let tree = try makeTree(of: source, vectors)
    let order = try tree?.order ?? loadOrder(for: source)
    let spectra = try source.map { try makeSpectra(of: $0, order: order) } ?? []
    let folder = try results.folder(out)
    if let source { try write(source.proteins, to: folder) }
    if let tree { try write(tree, to: folder) }
    try order.write(to: folder.appending(path: "leaf_order.npy"))
    if !spectra.isEmpty {
      try write(spectra, order, to: folder.appending(path: "spectra.csv"))
    }
    let seconds = (ContinuousClock().now - start) / .seconds(1)
    try draw(spectra, tree: tree, in: folder)
    let summary = Summary(
      out: out, proteins: source?.proteins.proteins.count, codes: order.codes.count,
      order: leafOrder ?? codebook ?? "usage by proteins", seconds: seconds)
    try results.print(summary) {
      let over = summary.proteins.map { " over " + $0.counted("protein") } ?? " by their vectors"
      return [
        "\(order.codes.count.counted("code"))\(over) in \(seconds.decimals(1)) s; written to \(out)"
      ]
    }
  }

  /// The vectors of the codes of a model, [codes, width], which the engine reads.
  private static func vectors(ofModel path: String, level: Int) throws -> Matrix {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "cytoself-codebook-\(UUID().uuidString).npy")
    defer { try? FileManager.default.removeItem(at: file) }
    try EngineProgram.run([
      "codebook", "--level", "\(level)", "--", path, file.path(percentEncoded: false),
    ])
    let array = try NPYFile(file)
    return Matrix(rows: array.shape[0], columns: array.shape[1], values: try array.floats())
  }

  private func openSource() throws -> SpectrumSource? {
    if let matrix { return try SpectrumSource(matrix: matrix) }
    return try embeddings.map {
      try SpectrumSource(embeddings: $0, layer: layer, labels: labels, codes: codes)
    }
  }

  private func makeTree(of source: SpectrumSource?, _ vectors: Matrix?) throws -> CodeTree? {
    if let codebook, let vectors {
      if let source, source.proteins.codes != vectors.rows {
        throw AnalysisError.mismatch(
          what: "codes of level \(level) in \(codebook)", found: vectors.rows,
          expected: source.proteins.codes,
          advice: "The histograms must come from the same codebook: choose --level or --layer.")
      }
      return try CodeTree(codebook: vectors, source: codebook, workers: threading.workers)
    }
    guard leafOrder == nil, let source else { return nil }
    return try CodeTree(source.proteins, source: source.name, workers: threading.workers)
  }

  private func loadOrder(for source: SpectrumSource?) throws -> FeatureOrder {
    try FeatureOrder(
      contentsOf: URL(filePath: leafOrder ?? ""), count: source?.proteins.codes ?? 0)
  }

  private func makeSpectra(
    of source: SpectrumSource, order: FeatureOrder
  ) throws -> [SpectrumFigure.Spectrum] {
    func spectrum(_ name: String, _ values: [Double]) -> SpectrumFigure.Spectrum {
      .init(name: name, values: order.spectrum(of: values).map { Float($0) })
    }
    // With differences alone, only they and their two sides are drawn.
    let usual = difference.isEmpty ? Array(source.proteins.proteins.prefix(8)) : []
    var names = show.map { source.names(in: $0) } ?? usual
    var differences: [SpectrumFigure.Spectrum] = []
    for pair in difference {
      let sides = source.names(in: pair, count: 2)
      guard sides.count == 2 else {
        throw AnalysisError.badOption(
          name: "--difference", value: pair,
          expected: "two proteins or cell ids separated by a comma, as A,B; quotes go around names "
            + "that hold commas, as \"A,1\",B")
      }
      let values = try sides.map { try source.histogram(of: $0, option: "--difference") }
      differences.append(
        spectrum("\(sides[0]) − \(sides[1])", zip(values[0], values[1]).map { $0 - $1 }))
      names += sides.filter { !names.contains($0) }
    }
    return try names.map { spectrum($0, try source.histogram(of: $0, option: "--show")) }
      + differences
  }

  private func write(_ histograms: CodeHistograms, to folder: URL) throws {
    try NPY.write(
      histograms.values, shape: [histograms.proteins.count, histograms.codes],
      to: folder.appending(path: "code_histogram.npy"))
    let writer = try CSVWriter(
      folder.appending(path: "proteins.csv"), header: ["protein", "cells"])
    for (protein, count) in zip(histograms.proteins, histograms.cellCounts) {
      try writer.append([protein, "\(count)"])
    }
    try writer.finish()
  }

  private func write(_ tree: CodeTree, to folder: URL) throws {
    try NPY.write(
      tree.correlation.values, shape: [tree.codes, tree.codes],
      to: folder.appending(path: "code_correlation.npy"))
    try NPY.write(
      tree.linkage.table, shape: [tree.codes - 1, 4], to: folder.appending(path: "linkage.npy"))
  }

  private func write(
    _ spectra: [SpectrumFigure.Spectrum], _ order: FeatureOrder, to file: URL
  ) throws {
    let writer = try CSVWriter(
      file, header: ColumnNames.unique(["feature", "code"] + spectra.map(\.name)))
    for (feature, code) in order.codes.enumerated() {
      try writer.append(["\(feature)", "\(code)"] + spectra.map { "\($0.values[feature])" })
    }
    try writer.finish()
  }

  private func draw(
    _ spectra: [SpectrumFigure.Spectrum], tree: CodeTree?, in folder: URL
  ) throws {
    try results.draw(in: folder) { () throws(FigureError) in
      var figures: [Figure] = []
      if let tree {
        let title = codebook == nil ? "Codes by use in proteins" : "Codes by similar vectors"
        figures.append(
          try ClusteredHeatMap(tree, title: title).figure(named: "code_correlation"))
      }
      if !spectra.isEmpty {
        var figure = SpectrumFigure(
          spectra, valueName: "mean count per cell", sharesScale: false)
        if let tree, let clusters { figure.showClusters(clusters, of: tree) }
        figures.append(try figure.figure(named: "spectra"))
      }
      return figures
    }
  }

  private struct Summary: Encodable {
    let out: String
    let proteins: Int?
    let codes: Int
    let order: String
    let seconds: Double
  }
}
