import ArrayFiles
import Foundation
import Testing

/// The figures, the page and the tables of `cytoself umap`.
@Suite struct MapDrawingTests {
  /// Sixty cells of three proteins in three places, with their crops.
  private func cells(_ folder: TemporaryFolder) throws -> (embeddings: String, crops: String) {
    var values: [Float] = []
    var table = "cell,name,area,FOV_id,split,source,row\n"
    var seed: UInt64 = 3
    for cell in 0..<60 {
      for axis in 0..<3 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Float(seed >> 40) / Float(1 << 24)
        values.append(cell / 20 == axis ? 6 + noise : noise)
      }
      let area = cell == 7 ? "" : "\(Float(cell) * 1.5)"
      let protein = ["ACTB", "LMNB1", "TOMM20"][cell / 20]
      table += "crops:\(cell),\(protein),\(area),\(cell / 5),test,crops,\(cell)\n"
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "e"), withIntermediateDirectories: true)
    try NPY.write(values, shape: [60, 3], to: folder.url.appending(path: "e/vqvec2.npy"))
    try folder.write(table, to: "e/cells.csv")
    let pixels = (0..<17_280).map { (index: Int) -> Float in Float(index % 97) / 97 }
    try NPY.write(pixels, shape: [60, 2, 12, 12], to: folder.url.appending(path: "crops.npy"))
    return (folder.path("e"), folder.path("crops.npy"))
  }

  private static let quick = ["--epochs", "5", "--neighbors", "8"]

  @Test func groupsNumbersScoresAndPage() async throws {
    let folder = try TemporaryFolder()
    let (embeddings, crops) = try cells(folder)
    let run = try await BuiltProgram.run(
      [
        "umap", embeddings, "--out", folder.path("o"), "--color-by", "name", "--color-by", "area",
        "--crops", crops, "--crop-channel", "1",
      ] + Self.quick,
      environment: ["CYTOSELF_PLOTLY": try plotly(folder)])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("cluster score of 'name': "))
    #expect(run.output.contains("pooled, 3 groups"))
    let palette = try CSVTable(folder.url.appending(path: "o/palette.csv"))
    #expect(palette.header == ["column", "group", "color", "marker"])
    #expect(try palette.column("group").strings() == ["ACTB", "LMNB1", "TOMM20"])
    #expect(try palette.column("color").strings().first == "#0072b2")
    let scores = try CSVTable(folder.url.appending(path: "o/cluster_scores.csv"))
    #expect(scores.header == ["group", "cells", "centroid_1", "centroid_2", "size"])
    #expect(try scores.column("cells").strings() == ["20", "20", "20"])
    for name in ["umap_name", "umap_area", "umap_scores"] {
      #expect(folder.contains("o/figures/\(name).gnuplot"), "\(name)")
    }
    // Numbers are drawn on a scale, with the cell that has none behind.
    let points = try String(
      contentsOf: folder.url.appending(path: "o/figures/umap_area.points.tsv"), encoding: .utf8)
    #expect(points.split(separator: "\n").count == 61)
    #expect(points.split(separator: "\n")[1].hasSuffix("\tNaN"))
    let html = try String(
      contentsOf: folder.url.appending(path: "o/map.html"), encoding: .utf8)
    #expect(html.contains("crops:59"))
    #expect(html.contains("\"pictures\":{\"side\":48,"))
    #expect(html.contains("\"name\":\"name\"") && html.contains("\"name\":\"FOV_id\""))
  }

  @Test func highlightedGroupsKeepTheirLooks() async throws {
    let folder = try TemporaryFolder()
    let (embeddings, _) = try cells(folder)
    func run(_ out: String, _ more: [String]) async throws -> [String] {
      let run = try await BuiltProgram.run(
        ["umap", embeddings, "--out", folder.path(out), "--highlight", "TOMM20,ACTB"] + Self.quick
          + more, environment: ["CYTOSELF_PLOTLY": try plotly(folder)])
      #expect(run.status == 0, "\(run.errors)")
      let palette = try CSVTable(folder.url.appending(path: out + "/palette.csv"))
      let html = try String(
        contentsOf: folder.url.appending(path: out + "/map.html"), encoding: .utf8)
      #expect(html.contains("others"))
      #expect(folder.contains(out + "/figures/umap.gnuplot"))
      return try palette.column("group").strings()
    }
    #expect(try await run("a", []) == ["TOMM20", "ACTB"])
    try folder.write(
      "column,group,color,marker\nname,LMNB1,#0072b2,circle\nname,ACTB,#e69f00,circle\n",
      to: "known.csv")
    #expect(
      try await run("b", ["--palette", folder.path("known.csv")]) == ["LMNB1", "ACTB", "TOMM20"])
  }

  @Test func whatCannotBeDrawnIsSaidBeforeAnythingIsComputed() async throws {
    let folder = try TemporaryFolder()
    let (embeddings, crops) = try cells(folder)
    try folder.write("a,b\n1,2\n", to: "wrong.csv")
    let bare = folder.path("e/vqvec2.npy")
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      ([embeddings, "--color-by", "gene"], 64, "has no column 'gene'"),
      (
        [embeddings, "--highlight", "ACTN"], 64,
        "--highlight is ACTN; expected groups in the column"
      ),
      ([bare, "--highlight", "ACTB"], 64, "since the cells have no labels"),
      ([embeddings, "--palette", folder.path("no.csv")], 66, "Give the palette.csv"),
      ([embeddings, "--palette", folder.path("wrong.csv")], 64, "has no column 'column'"),
      ([embeddings, "--crops", folder.path("none")], 66, "none"),
      ([embeddings, "--crops", crops, "--crop-channel", "dapi"], 64, "dapi"),
      ([embeddings, "--crop-channel", "1"], 64, "--crop-channel needs --crops"),
      ([embeddings, "--pictures", "0"], 64, "--pictures is 1 to 50,000"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(["umap", "--out", folder.path("o")] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contains("o"), "\(arguments)")
    }
  }

  @Test func missingPartsAndForeignCropsAreSaid() async throws {
    let folder = try TemporaryFolder()
    let (embeddings, _) = try cells(folder)
    let run = try await BuiltProgram.run(
      ["umap", embeddings, "--out", folder.path("o")] + Self.quick,
      environment: ["CYTOSELF_PLOTLY": "/nowhere.js", "CYTOSELF_GNUPLOT": "/nowhere"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("warning: CYTOSELF_GNUPLOT names /nowhere, which is not a program"))
    #expect(run.errors.contains("warning: CYTOSELF_PLOTLY names /nowhere.js, which cannot be read"))
    #expect(folder.contains("o/umap.npy") && folder.contains("o/figures/umap_scores.gnuplot"))
    try NPY.write(
      [Float](repeating: 0, count: 8), shape: [2, 2, 2], to: folder.url.appending(path: "x.npy"))
    let foreign = try await BuiltProgram.run(
      ["umap", embeddings, "--out", folder.path("p"), "--crops", folder.path("x.npy")]
        + Self.quick)
    #expect(foreign.status == 65, "\(foreign.errors)")
    #expect(foreign.errors.contains("it holds none of the cells, for instance no 'crops:0'"))
  }

  /// Something that passes for plotly.js.
  private func plotly(_ folder: TemporaryFolder) throws -> String {
    try folder.write(
      "/* plotly.js v0 */" + String(repeating: " ", count: 120_000), to: "plotly.min.js")
    return folder.path("plotly.min.js")
  }
}
