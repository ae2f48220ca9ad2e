public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation

/// `cytoself spectrum EMBEDDINGS --out DIR`: how proteins use the codes, codes used alike together.
public struct SpectrumCommand: AsyncParsableCommand {
  /// Name, summary and examples as `cytoself spectrum --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Order the codes of a codebook by how proteins use them.",
    discussion: """
      EMBEDDINGS is a folder that 'cytoself embed' wrote with the layer vqindhist1 or vqind1; or give
      --matrix, a file [proteins, codes]. DIR holds code_histogram.npy [proteins, codes],
      proteins.csv, code_correlation.npy (Pearson, [codes, codes]), linkage.npy (average linkage in
      SciPy's four columns), leaf_order.npy (the order of features) and figures/.

      Example: cytoself spectrum embeddings --labels name --out spectrum
      """)

  @Argument(help: "A folder of embeddings.")
  var embeddings: String?

  @Option(help: "Start from this file [proteins, codes] instead.")
  var matrix: String?

  @Option(help: "The folder to write.")
  var out: String

  @Option(help: "The layer (default: vqindhist1, vqindhist, vqind1 or vqind, the first there is).")
  var layer: String?

  @Option(help: "The column that names the protein (default: found by its name).")
  var labels: String?

  @Option(help: "The size of the codebook, for a layer of code indices (default: the largest + 1).")
  var codes: Int?

  @Option(help: "Proteins whose spectra are drawn, separated by commas (default: the first eight).")
  var show: String?

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var results: ResultOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Says which inputs go together.
  public func validate() throws {
    guard (embeddings == nil) != (matrix == nil) else {
      throw ValidationError("Give a folder of embeddings or --matrix FILE.npy, one of the two.")
    }
  }

  /// Makes the spectrum and writes it.
  public func run() async throws {
    let start = ContinuousClock().now
    let spectrum = try load(workers: threading.workers)
    let shown = try places(in: spectrum)
    let folder = try results.folder(out)
    try write(spectrum, to: folder)
    let seconds = (ContinuousClock().now - start) / .seconds(1)
    try draw(spectrum, shown, in: folder)
    let summary = Summary(
      out: out, proteins: spectrum.proteins.count, codes: spectrum.codes, seconds: seconds)
    try results.print(summary) {
      [
        "\(spectrum.codes) codes over \(spectrum.proteins.count) proteins in "
          + "\(seconds.decimals(1)) s; written to \(out)"
      ]
    }
  }

  private func load(workers: Workers) throws -> FeatureSpectrum {
    if let matrix {
      let file = try NPYFile(URL(filePath: matrix))
      guard file.shape.count == 2 else {
        throw AnalysisError.badFile(
          path: matrix, problem: "the array has shape \(file.shape)",
          expected: "two axes, [proteins, codes]")
      }
      return try FeatureSpectrum(
        proteins: (0..<file.shape[0]).map(String.init),
        cellCounts: [Int](repeating: 1, count: file.shape[0]), histograms: file.doubles(),
        codes: file.shape[1], source: matrix, workers: workers)
    }
    let table = try EmbeddingTable(URL(filePath: embeddings ?? ""))
    let usual = ["vqindhist1", "vqindhist", "vqind1", "vqind"]
    let chosen = layer ?? usual.first(where: table.layers.contains)
    guard let chosen else {
      throw AnalysisError.badOption(
        name: "--layer", value: "not given",
        expected: "a layer of codes, but \(table.url.path) has only "
          + "\(table.layers.joined(separator: ", ")): embed with --layer vqindhist1")
    }
    let source = try table.layer(chosen)
    guard let column = labels ?? table.proteinColumn else {
      throw AnalysisError.badOption(
        name: "--labels", value: "not given", expected: "the column of cells.csv with the protein")
    }
    return try FeatureSpectrum(
      source, labels: table.labels(column),
      countsCodes: chosen.hasPrefix("vqind") && !chosen.hasPrefix("vqindhist"), codeCount: codes,
      workers: workers)
  }

  private func places(in spectrum: FeatureSpectrum) throws -> [Int] {
    guard let show else { return Array(spectrum.proteins.indices.prefix(8)) }
    return try show.split(separator: ",").map { name in
      guard let place = spectrum.proteins.firstIndex(of: String(name)) else {
        throw AnalysisError.badOption(
          name: "--show", value: String(name),
          expected: "proteins of the table, such as \(spectrum.proteins[0])")
      }
      return place
    }
  }

  private func write(_ spectrum: FeatureSpectrum, to folder: URL) throws {
    let codes = spectrum.codes
    try NPY.write(
      spectrum.histograms, shape: [spectrum.proteins.count, codes],
      to: folder.appending(path: "code_histogram.npy"))
    try NPY.write(
      spectrum.correlation.values, shape: [codes, codes],
      to: folder.appending(path: "code_correlation.npy"))
    try NPY.write(
      spectrum.linkage.table, shape: [codes - 1, 4], to: folder.appending(path: "linkage.npy"))
    try NPY.write(
      spectrum.leafOrder.map { Int64($0) }, shape: [codes],
      to: folder.appending(path: "leaf_order.npy"))
    let writer = try CSVWriter(
      folder.appending(path: "proteins.csv"), header: ["protein", "cells"])
    for (protein, count) in zip(spectrum.proteins, spectrum.cellCounts) {
      try writer.append([protein, "\(count)"])
    }
    try writer.finish()
  }

  private func draw(_ spectrum: FeatureSpectrum, _ shown: [Int], in folder: URL) throws {
    let tree = try Dendrogram(
      joints: spectrum.linkage.joins.map {
        Dendrogram.Joint(first: $0.first, second: $0.second, height: $0.distance)
      })
    let heatMap = ClusteredHeatMap(
      rows: spectrum.codes, columns: spectrum.codes,
      values: spectrum.correlation.values.map { Float($0) }, rowTree: tree, columnTree: tree,
      title: "Codes used alike", valueName: "Pearson correlation", rowTitle: "code",
      columnTitle: "code", range: -1...1)
    let spectra = SpectrumFigure(
      shown.map { place in
        SpectrumFigure.Spectrum(
          name: spectrum.proteins[place], values: spectrum.spectrum(of: place).map { Float($0) })
      }, valueName: "mean count")
    try results.draw(in: folder) { () throws(FigureError) in
      [try heatMap.figure(named: "code_correlation"), try spectra.figure(named: "spectra")]
    }
  }

  private struct Summary: Encodable {
    let out: String
    let proteins: Int
    let codes: Int
    let seconds: Double
  }
}
