import ArrayFiles
import Foundation
import Testing

/// What every command of the analysis takes the columns of a `--table` for, and their values.
@Suite struct TableRoleTests {
  private static let proteins = ["2310009E13", "1E5", "1.10"]

  /// Fifty-four cells of three proteins in nine fields, as one array.
  private func array(_ folder: TemporaryFolder, scale: Float = 1) throws -> String {
    var values: [Float] = []
    var seed: UInt64 = 7
    for cell in 0..<54 {
      for axis in 0..<6 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        values.append(((axis == cell / 18 ? 4 : 0) + Float(seed >> 40) / Float(1 << 24)) * scale)
      }
    }
    try NPY.write(values, shape: [54, 6], to: folder.url.appending(path: "x.npy"))
    return folder.path("x.npy")
  }

  /// The table that people have: no ids, the protein first.
  private func table(
    _ folder: TemporaryFolder, header: String = "name,fov,n",
    row: (Int) -> String = { "\(proteins[$0 / 18]),\(proteins[$0 / 18])_f\($0 / 6),\($0)" }
  ) throws -> String {
    try folder.write(
      "\(header)\n" + (0..<54).map { row($0) + "\n" }.joined(), to: "t.csv")
  }

  private func run(
    _ folder: TemporaryFolder, _ command: String, _ options: [String], table: String? = nil,
    status: Int32 = 0
  ) async throws -> BuiltProgram.Outcome {
    let run = try await BuiltProgram.run(
      [command, folder.path("x.npy"), "--table", try table ?? self.table(folder)] + options)
    #expect(run.status == status, "\(run.errors)\(run.output)")
    return run
  }

  @Test func onlyAColumnCalledCellIsIds() async throws {
    let folder = try TemporaryFolder()
    _ = try array(folder)
    let cluster = try await run(
      folder, "cluster", ["--recipe", "opencell", "--out", folder.path("c"), "--no-figures"])
    #expect(cluster.output.contains("of 3 proteins"), "\(cluster.output)")
    #expect(cluster.errors.contains("note: proteins are identified by column name (by its name)"))
    #expect(cluster.errors.contains("has no column 'cell' with ids, so cells are numbered"))
    #expect(
      try folder.rows("c/clusters.csv").map { $0[0] } == ["protein", "1.10", "1E5", "2310009E13"])

    _ = try await run(folder, "umap", ["--out", folder.path("u"), "--epochs", "5"])
    let map = try folder.rows("u/umap.csv")
    #expect(map[0] == ["cell", "umap_1", "umap_2", "name", "fov", "n"])
    #expect(map[1][0] == "0" && map[1][3] == "2310009E13")
    // Proteins that look like numbers are groups with a place in the palette.
    #expect(
      try folder.rows("u/palette.csv").map { $0[1] } == ["group", "1.10", "1E5", "2310009E13"])

    let score = try await run(
      folder, "score", ["--labels", "name", "--hold-out", "proteins"], status: 64)
    #expect(score.errors.contains("another --labels column than 'name'"))
    let fields = try await run(folder, "score", ["--labels", "name", "--permutations", "19"])
    #expect(fields.output.contains("each of 9 fields of view in turn"), "\(fields.output)")
    #expect(fields.errors.contains("note: fields of view are identified by column fov"))

    _ = try await run(
      folder, "export", ["--column", "name", "--out", folder.path("n.csv")])
    let exported = try folder.rows("n.csv")
    #expect(exported[0] == ["cell", "name"] && exported[1] == ["0", "2310009E13"])
  }

  @Test func missingLabelsAreNoGroupAndAreCounted() async throws {
    let folder = try TemporaryFolder()
    _ = try array(folder)
    let words = ["nan", "NA", "", "None"]
    let table = try table(folder, header: "cell,name,fov") { cell in
      "c\(cell),\(cell < 4 ? words[cell] : Self.proteins[cell / 18]),f\(cell / 6)"
    }
    let cluster = try await run(
      folder, "cluster", ["--recipe", "opencell", "--out", folder.path("c"), "--no-figures"],
      table: table)
    #expect(cluster.output.contains("of 3 proteins"))
    #expect(
      cluster.errors.contains("column name: 4 of 54 cells have no value and are left out"))
    #expect(try folder.rows("c/clusters.csv").map { $0[1] } == ["cells", "18", "18", "14"])
    let score = try await run(
      folder, "score", ["--labels", "name", "--permutations", "19"], table: table)
    #expect(score.output.contains("3 classes of 'name', 50 of 54 cells"), "\(score.output)")
  }

  @Test func likelierColumnsThatArePassedOverAreSaid() async throws {
    let folder = try TemporaryFolder()
    _ = try array(folder)
    let table = try table(folder, header: "name,gene,gene") { "c\($0),\(Self.proteins[$0 / 18]),x" }
    let cluster = try await run(
      folder, "cluster", ["--recipe", "opencell", "--out", folder.path("c"), "--no-figures"],
      table: table)
    #expect(cluster.output.contains("of 3 proteins"))
    #expect(cluster.errors.contains("proteins are identified by column gene"))
    #expect(cluster.errors.contains("column name: nearly every cell has another value there"))
    #expect(cluster.errors.contains("several columns are called 'gene'"))
  }

  @Test func namesWithSeparatorsAreComparedWhole() async throws {
    let folder = try TemporaryFolder()
    _ = try array(folder)
    let names = ["\"Histone H2A, type 1\"", "a;b|c", "\"q\"\"uo/te\""]
    let table = try table(folder, header: "name") { names[$0 / 18] }
    let options = [
      "--compare", "name", "--resolutions", "2", "--seeds", "1", "--no-figures", "--json", "--out",
      folder.path("c"),
    ]
    let whole = try await run(folder, "cluster", options, table: table)
    #expect(whole.output.contains("\"compared_rows\":54"), "\(whole.output)")
    #expect(whole.errors.contains("'a;b|c' are taken for one group each"), "\(whole.errors)")
    let parted = try await run(folder, "cluster", options + ["--separator", ";"], table: table)
    #expect(parted.output.contains("\"compared_rows\":36"), "\(parted.output)")
    #expect(parted.errors.contains("left out of the comparison, such as 'a;b|c'"))
  }

  @Test func differencesOfNamesWithCommas() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "e"), withIntermediateDirectories: true)
    try NPY.write(
      (0..<36).map { Float($0 * 7 % 11) }, shape: [6, 6],
      to: folder.url.appending(path: "e/vqindhist1.npy"))
    let names = ["\"H2A, type 1\"", "B", "\"C,D\""]
    try folder.write(
      "cell,name\n" + (0..<6).map { "c\($0),\(names[$0 / 2])\n" }.joined(), to: "e/cells.csv")
    for pair in ["H2A, type 1,C,D", "\"H2A, type 1\",\"C,D\"", "H2A, type 1,\"C,D\""] {
      let run = try await BuiltProgram.run([
        "spectrum", folder.path("e"), "--out", folder.path("s"), "--difference", pair,
        "--no-figures",
      ])
      #expect(run.status == 0, "\(pair): \(run.errors)")
      let table = try CSVTable(folder.url.appending(path: "s/spectra.csv"))
      #expect(table.header.last == "H2A, type 1 − C,D")
    }
    let wrong = try await BuiltProgram.run([
      "spectrum", folder.path("e"), "--out", folder.path("s"), "--difference", "A,B,E",
    ])
    #expect(wrong.status == 64 && wrong.errors.contains("quotes go around names"))
  }

  @Test(arguments: [Float(1e30), 1e-30]) func numbersOutOfRangeAreRefused(_ scale: Float)
    async throws
  {
    let folder = try TemporaryFolder()
    _ = try array(folder, scale: scale)
    for command in [
      ["cluster"], ["umap", "--epochs", "2"], ["umap", "--pca", "2"], ["cluster", "--pca", "2"],
    ] {
      let run = try await run(
        folder, command[0], command.dropFirst() + ["--out", folder.path("o"), "--no-figures"],
        status: 65)
      #expect(run.errors.contains("x.npy: "), "\(run.errors)")
      #expect(run.errors.contains("expected numbers between 1e-12 and 1e+15"), "\(run.errors)")
      #expect(!folder.contains("o"))
    }
  }

  @Test func tablesWithoutAHeaderAreToldApart() async throws {
    let folder = try TemporaryFolder()
    _ = try array(folder)
    let table = try table(folder, header: "A,f0,0")
    try folder.write((0..<54).map { "A,f0,\($0)\n" }.joined(), to: "t.csv")
    let run = try await run(
      folder, "cluster", ["--out", folder.path("o")], table: table, status: 65)
    #expect(run.errors.contains("found 53, expected 54. The first line of a table is taken"))
  }
}
