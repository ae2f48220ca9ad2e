import ArrayFiles
import Foundation
import Testing

/// What the commands of the analysis make of tables and files that are not as they should be.
@Suite struct AnalysisBadInputTests {
  private static let cells = 40

  /// Forty cells in two places, with layers of vectors and of codes.
  ///
  /// - Parameter row: what stands after a cell's id in `cells.csv`, under `header`.
  private func embeddings(
    _ folder: TemporaryFolder, header: String = "name,loc",
    row: (Int) -> String = { "P\($0 % 4),\($0 < 20 ? "left" : "right")" }
  ) throws -> String {
    var values: [Float] = []
    var seed: UInt64 = 1
    for cell in 0..<Self.cells {
      for _ in 0..<4 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        values.append((cell < 20 ? 0 : 9) + Float(seed >> 40) / Float(1 << 24))
      }
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "e"), withIntermediateDirectories: true)
    try NPY.write(values, shape: [Self.cells, 4], to: folder.url.appending(path: "e/vqvec2.npy"))
    try NPY.write(
      values, shape: [Self.cells, 4], to: folder.url.appending(path: "e/vqindhist1.npy"))
    let rows = (0..<Self.cells).map { "c\($0),\(row($0))\n" }.joined()
    try folder.write("cell,\(header)\n" + rows, to: "e/cells.csv")
    return folder.path("e")
  }

  /// Each command of the analysis, quick and without figures.
  private static let commands = [
    ["umap", "--layer", "vqvec2", "--epochs", "2", "--no-figures"],
    ["cluster", "--layer", "vqvec2", "--no-figures"],
    ["spectrum", "--labels", "name", "--no-figures"],
    ["export", "--layer", "vqvec2"],
  ]

  /// Runs a command on embeddings and returns how it ended; `o` or `o.csv` is where it writes.
  private func run(
    _ command: [String], _ input: String, _ folder: TemporaryFolder,
    environment: [String: String] = [:]
  ) async throws -> BuiltProgram.Outcome {
    let out = folder.path(command[0] == "export" ? "o.csv" : "o")
    return try await BuiltProgram.run(
      [command[0], input, "--out", out] + command.dropFirst(), environment: environment)
  }

  @Test(arguments: commands) func tablesOfOtherCells(_ command: [String]) async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let table = try String(contentsOfFile: folder.path("e/cells.csv"), encoding: .utf8)
    try folder.write(
      table.split(separator: "\n").dropLast(3).joined(separator: "\n") + "\n", to: "e/cells.csv")
    let run = try await run(command, input, folder)
    #expect(run.status == 65, "\(run.errors)")
    #expect(run.errors.contains("cells.csv: found 37, expected 40"), "\(run.errors)")
    #expect(!folder.contains("o") && !folder.contains("o.csv"))
  }

  @Test(arguments: commands) func arraysCutShort(_ command: [String]) async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let name = command[0] == "spectrum" ? "vqindhist1.npy" : "vqvec2.npy"
    let file = folder.url.appending(path: "e/\(name)")
    let whole = try Data(contentsOf: file)
    for kept in [whole.count - 7, 300, 60, 5, 0] {
      try whole.prefix(kept).write(to: file)
      let run = try await run(command, input, folder)
      #expect(run.status == 65, "\(kept) bytes: \(run.errors)")
      #expect(run.errors.hasPrefix("error: ") && run.errors.contains(name), "\(run.errors)")
      #expect(!folder.contains("o") && !folder.contains("o.csv"), "\(kept) bytes")
    }
  }

  @Test(arguments: commands) func tablesCutShort(_ command: [String]) async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let table = try Data(contentsOf: folder.url.appending(path: "e/cells.csv"))
    // In the middle of a row, and in the middle of a quoted field.
    for text in [
      String(decoding: table.prefix(table.count - 10), as: UTF8.self), "cell,name,loc\nc0,\"P0", "",
    ] {
      try folder.write(text, to: "e/cells.csv")
      let run = try await run(command, input, folder)
      #expect(run.status == 65, "\(run.errors)")
      #expect(run.errors.contains("cells.csv"), "\(run.errors)")
      #expect(!folder.contains("o") && !folder.contains("o.csv"))
    }
  }

  @Test func oneGroupIsMappedWithoutAScore() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder) { _ in "P,here" }
    let map = try await run(
      ["umap", "--layer", "vqvec2", "--epochs", "2", "--color-by", "loc"], input, folder,
      environment: ["CYTOSELF_PLOTLY": "/nowhere"])
    #expect(map.status == 0, "\(map.errors)")
    #expect(!map.output.contains("cluster score"))
    #expect(
      folder.contains("o/figures/umap_loc.gnuplot") && !folder.contains("o/cluster_scores.csv"))
    for (command, text) in [
      (["cluster", "--layer", "vqvec2", "--compare", "loc"], "1 known groups; at least 2"),
      (["spectrum", "--labels", "name"], "1 proteins in"),
    ] {
      let folder = try TemporaryFolder()
      let run = try await run(command, input, folder)
      #expect(run.status == 65, "\(run.errors)")
      #expect(run.errors.contains(text), "\(run.errors)")
      #expect(!folder.contains("o"))
    }
  }

  @Test func cellsWithoutAGroupStandBehind() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder) {
      "P\($0 % 4),\($0 % 2 == 0 ? "" : $0 < 20 ? "left" : "right")"
    }
    let map = try await run(
      ["umap", "--layer", "vqvec2", "--epochs", "2", "--color-by", "loc"], input, folder,
      environment: ["CYTOSELF_PLOTLY": "/nowhere"])
    #expect(map.status == 0, "\(map.errors)")
    let palette = try CSVTable(folder.url.appending(path: "o/palette.csv"))
    #expect(try palette.column("group").strings() == ["left", "right"])
    let scores = try CSVTable(folder.url.appending(path: "o/cluster_scores.csv"))
    #expect(try scores.column("cells").strings() == ["10", "10"])
    let clusters = try await run(
      ["cluster", "--layer", "vqvec2", "--compare", "loc", "--resolutions", "2", "--seeds", "1"],
      input, folder)
    #expect(clusters.output.contains("(means of 1 seeds, 20 cells; chance is 0)"), "\(clusters)")
  }

  @Test func aColumnThatIsEmptyHasNoGroups() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder) { "P\($0 % 4)," }
    let map = try await run(
      ["umap", "--layer", "vqvec2", "--epochs", "2", "--color-by", "loc"], input, folder,
      environment: ["CYTOSELF_PLOTLY": "/nowhere"])
    #expect(map.status == 0, "\(map.errors)")
    #expect(
      folder.contains("o/figures/umap_loc.gnuplot") && !folder.contains("o/cluster_scores.csv"))
    let clusters = try await run(
      ["cluster", "--layer", "vqvec2", "--compare", "loc"], input, try TemporaryFolder())
    #expect(clusters.status == 65, "\(clusters.errors)")
    #expect(clusters.errors.contains("0 known groups; at least 2 are needed"), "\(clusters.errors)")
  }

  @Test func clustersWithoutGnuplotAreWritten() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await run(
      ["cluster", "--layer", "vqvec2", "--compare", "loc", "--resolutions", "2", "--seeds", "1"],
      input, folder, environment: ["PATH": "/nowhere", "CYTOSELF_GNUPLOT": ""])
    #expect(run.status == 0)
    #expect(
      run.errors.contains("warning: gnuplot, which draws the figures, was not found. Install it"))
    #expect(run.errors.contains("draw it later with: gnuplot agreement.gnuplot"))
    for name in ["clusters.csv", "agreement.csv", "figures/agreement.gnuplot"] {
      #expect(folder.contains("o/" + name), "\(name)")
    }
  }

  @Test func aSavedMapCutShortIsRefused() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let fit = ["umap", "--layer", "vqvec2", "--epochs", "2", "--no-figures"]
    #expect(try await run(fit, input, folder).status == 0)
    let map = folder.url.appending(path: "o/map")
    for name in ["map.json", "data.npy", "positions.npy"] {
      let file = map.appending(path: name)
      let whole = try Data(contentsOf: file)
      try whole.prefix(whole.count - 20).write(to: file)
      let placed = try await BuiltProgram.run([
        "umap", input, "--layer", "vqvec2", "--transform", map.path, "--out", folder.path("p"),
      ])
      #expect(placed.status == 65, "\(name): \(placed.errors)")
      #expect(placed.errors.contains(name), "\(placed.errors)")
      #expect(!folder.contains("p"))
      try whole.write(to: file)
    }
  }
}
