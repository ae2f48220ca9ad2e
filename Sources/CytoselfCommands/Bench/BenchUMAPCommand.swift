public import ArgumentParser
import CytoselfAnalysis
import Foundation
import Numerics

/// `cytoself bench umap`: the time and the trustworthiness of a UMAP of synthetic rows.
public struct BenchUMAPCommand: AsyncParsableCommand {
  /// Name and summary as `cytoself bench umap --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "umap",
    abstract: "Time a UMAP fit of synthetic data: twenty curved clusters with noise.")

  @Option(help: "Rows.")
  var rows = 20_000

  @Option(help: "Columns.")
  var columns = 200

  @Option(help: "Measure the rows of this .npy file instead.")
  var data: String?

  @OptionGroup var compute: ComputeOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  /// An empty command, as the parser needs it.
  public init() {}

  /// Measures and prints.
  public func run() async throws {
    guard rows >= 30, columns >= 1 else {
      throw AnalysisError.badOption(
        name: "--rows and --columns", value: "\(rows) and \(columns)",
        expected: "at least 30 rows and 1 column")
    }
    let workers = compute.workers
    let seed = compute.seed
    let matrix =
      try data.map { try EmbeddingTable(URL(filePath: $0)).layer().matrix() }
      ?? Self.curvedClusters(rows: rows, columns: columns, seed: seed)
    var settings = UMAPSettings()
    settings.seed = seed
    let clock = ContinuousClock()
    let start = clock.now
    var marks: [(stage: UMAP.Stage, time: ContinuousClock.Instant)] = []
    let map = try UMAP(settings, workers: workers).fit(matrix) { stage, _ in
      if marks.last?.stage != stage { marks.append((stage, clock.now)) }
    }
    let end = clock.now
    let ends = marks.dropFirst().map(\.time) + [end]
    var stages: [String: Double] = [:]
    for (mark, end) in zip(marks, ends) {
      stages[mark.stage.rawValue] = (end - mark.time) / .seconds(1)
    }
    let trustworthiness = try Trustworthiness.measure(
      map.positions, of: matrix, sample: 1000, seed: seed, workers: workers)
    let report = Report(
      rows: matrix.rows, columns: matrix.columns, threads: workers.count,
      seconds: (end - start) / .seconds(1), stageSeconds: stages,
      neighborSearch: map.neighborMethod, trustworthiness: trustworthiness)
    try Measurement.print(report, asJSON: json) {
      [
        "\(report.rows) x \(report.columns): \(report.seconds.decimals(2)) s on "
          + "\(report.threads) threads, trustworthiness \(trustworthiness) (1,000 rows)"
      ]
    }
  }

  /// Rows near twenty curved surfaces of eight dimensions, like the cells of twenty proteins.
  static func curvedClusters(rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var generator = SplitMix64(seed: seed, stream: 0xBE4C)
    let clusters = 20
    let latent = 8
    let scale = 1 / Double(latent).squareRoot()
    let bases = (0..<clusters * latent * columns).map { _ in Float(generator.normal() * scale) }
    let centers = (0..<clusters * columns).map { _ in Float(generator.normal()) }
    var matrix = Matrix(rows: rows, columns: columns)
    for row in 0..<rows {
      let cluster = generator.next(below: clusters)
      let place = (0..<latent).map { _ in Float(generator.normal()) }
      for column in 0..<columns {
        var value = centers[cluster * columns + column]
        for axis in 0..<latent {
          value += place[axis] * bases[(cluster * latent + axis) * columns + column]
        }
        matrix[row, column] = Float(tanh(Double(value)) + 0.1 * generator.normal())
      }
    }
    return matrix
  }

  private struct Report: Encodable {
    let rows: Int
    let columns: Int
    let threads: Int
    let seconds: Double
    let stageSeconds: [String: Double]
    let neighborSearch: String
    let trustworthiness: Double
  }
}
