import ArrayFiles
import Foundation
import Testing

/// `cytoself umap --pca` and `cytoself cluster --pca`, which read rows a block at a time.
@Suite struct UMAPReductionTests {
  /// Sixty rows of twenty numbers in two groups.
  private func rows() -> [Float] {
    var seed: UInt64 = 7
    return (0..<60 * 20).map { index in
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(seed >> 40) / Float(1 << 24) + (index / 20 < 30 ? 0 : 5)
    }
  }

  private struct Summary: Decodable {
    let neighbor_search: String
    let neighbor_recall: Double?
    let explained_variance: Double?
  }

  @Test func writesComponentsAndTheirVariance() async throws {
    let folder = try TemporaryFolder()
    let input = folder.url.appending(path: "rows.npy")
    try NPY.write(rows(), shape: [60, 20], to: input)
    let run = try await BuiltProgram.run([
      "umap", input.path, "--out", folder.path("o"), "--pca", "3", "--epochs", "20", "--json",
      "--no-figures",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    #expect(summary.neighbor_search == "exact")
    #expect(summary.neighbor_recall == nil)
    // The two groups are most of the variance.
    #expect((0.8...1).contains(summary.explained_variance ?? 0))
    #expect(try NPYFile(folder.url.appending(path: "o/pca.npy")).shape == [60, 3])
    let table = try CSVTable(folder.url.appending(path: "o/pca.csv"))
    #expect(table.header == ["component", "variance", "explained"])
    #expect(table.rowCount == 3)
    // The same rows placed in the saved map go through the same reduction.
    let placed = try await BuiltProgram.run([
      "umap", input.path, "--out", folder.path("p"), "--transform", folder.path("o/map"),
      "--no-figures",
    ])
    #expect(placed.status == 0, "\(placed.errors)")
    #expect(try NPYFile(folder.url.appending(path: "p/umap.npy")).shape == [60, 2])
    #expect(!folder.contains("p/pca.npy"))
  }

  @Test(arguments: ["umap", "cluster"])
  func rowsThatAreNotFiniteAreNamed(command: String) async throws {
    let folder = try TemporaryFolder()
    let input = folder.url.appending(path: "rows.npy")
    var values = rows()
    values[17 * 20 + 3] = .nan
    values[44 * 20] = .infinity
    try NPY.write(values, shape: [60, 20], to: input)
    let run = try await BuiltProgram.run([
      command, input.path, "--out", folder.path("o"), "--pca", "3", "--no-figures",
    ])
    #expect(run.status == 65)
    #expect(run.errors.contains("NaN or infinite values in rows 17, 44"), "\(run.errors)")
    #expect(!folder.contains("o"))
  }

  @Test func clustersOfComponentsAreThoseOfRows() async throws {
    let folder = try TemporaryFolder()
    let input = folder.url.appending(path: "rows.npy")
    try NPY.write(rows(), shape: [60, 20], to: input)
    let run = try await BuiltProgram.run([
      "cluster", input.path, "--out", folder.path("o"), "--pca", "3", "--resolution", "0.3",
      "--no-figures",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("2 clusters of 60 cells"), "\(run.output)")
    #expect(run.output.contains("neighbours: exact"), "\(run.output)")
  }
}
