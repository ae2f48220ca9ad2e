public import ArgumentParser
import ArrayFiles
import CytoselfAnalysis
import CytoselfFigures
import Foundation
import Numerics

/// `cytoself bench spectrum`: how long the order of the codes takes, and its figure.
public struct BenchSpectrumCommand: ParsableCommand {
  /// Name and summary as `cytoself bench spectrum --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Measure the correlation of codes, their tree and the heat map.")

  @Option(help: "Proteins.")
  var proteins = 1311

  @Option(help: "Codes.")
  var codes = 2048

  @Option(help: "Measure the histograms of this .npy file instead, [proteins, codes].")
  var matrix: String?

  @Option(help: "Runs; the median counts.")
  var runs = 3

  @OptionGroup var compute: ComputeOptions

  @Flag(inversion: .prefixedNo, help: "Draw the heat map as PNG (needs gnuplot).")
  var figure = true

  @Flag(help: "Print one JSON object.")
  var json = false

  /// An empty command, as the parser needs it.
  public init() {}

  /// Refuses sizes without meaning.
  public func validate() throws {
    guard proteins >= 2, codes >= 2, runs >= 1 else {
      throw ValidationError("--proteins and --codes are 2 or more, --runs 1 or more.")
    }
  }

  /// Measures and prints.
  public func run() throws {
    let histograms = try matrix.map { try SpectrumSource(matrix: $0).proteins } ?? synthetic()
    let workers = compute.workers
    let columns = histograms.codes
    var correlation = PearsonMatrix(columnsOf: [0, 0], rows: 1, columns: 2)
    let correlating = Measurement.seconds(runs: runs) { _ in
      correlation = PearsonMatrix(
        columnsOf: histograms.values, rows: histograms.proteins.count, columns: columns,
        workers: workers)
    }
    let joining = Measurement.seconds(runs: runs) { _ in
      _ = AverageLinkage(correlation.values, rows: columns, columns: columns, workers: workers)
    }
    var drawing: Double?
    if figure {
      let tree = try CodeTree(histograms, workers: workers)
      let folder = FileManager.default.temporaryDirectory.appending(
        path: "cytoself-bench-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: folder) }
      drawing = try Median.of(
        Measurement.seconds(runs: runs) { _ in
          try ClusteredHeatMap(tree).figure(named: "codes").write(to: folder, formats: [.png])
        })
    }
    let report = Report(
      proteins: histograms.proteins.count, codes: columns, threads: workers.count,
      correlationSeconds: Median.of(correlating),
      linkageSeconds: Median.of(joining), figureSeconds: drawing,
      peakRssMb: Measurement.peakMegabytes())
    try Measurement.print(report, asJSON: json) {
      [
        "\(columns) codes over \(report.proteins) proteins: correlation "
          + "\(report.correlationSeconds.decimals(3)) s, tree "
          + "\(report.linkageSeconds.decimals(3)) s"
          + (drawing.map { ", figure \($0.decimals(2)) s" } ?? "")
          + " on \(report.threads) threads"
      ]
    }
  }

  /// Histograms of proteins of twenty places, each with its own use of forty groups of codes.
  private func synthetic() throws -> CodeHistograms {
    var generator = SplitMix64(seed: compute.seed, stream: 0x5BEC)
    let (places, groups) = (20, 40)
    let use = (0..<places * groups).map { _ in exp(1.5 * generator.normal()) }
    let frequency = (0..<codes).map { _ in exp(generator.normal()) }
    var values: [Double] = []
    for protein in 0..<proteins {
      let counts = (0..<codes).map { code in
        use[protein % places * groups + code * groups / codes] * frequency[code]
          * exp(0.4 * generator.normal())
      }
      let total = counts.reduce(0, +)
      values += counts.map { $0 * 625 / total }
    }
    return try CodeHistograms(
      proteins: (0..<proteins).map(String.init),
      cellCounts: [Int](repeating: 1, count: proteins), values: values, codes: codes,
      source: "synthetic histograms")
  }

  private struct Report: Encodable {
    let proteins: Int
    let codes: Int
    let threads: Int
    let correlationSeconds: Double
    let linkageSeconds: Double
    let figureSeconds: Double?
    let peakRssMb: Double
  }
}
