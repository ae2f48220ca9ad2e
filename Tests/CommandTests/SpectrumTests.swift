import ArrayFiles
import Foundation
import Testing

/// `cytoself spectrum` on embeddings made by hand.
@Suite struct SpectrumTests {
  /// Four proteins of three cells; two use codes 0 and 2, two use codes 1 and 3, all use code 4 or 5.
  private func embeddings(_ folder: TemporaryFolder, proteins: Int = 4, name: String = "e") throws
    -> String
  {
    var values: [Float] = []
    var table = "cell,name,split,source,row\n"
    for protein in 0..<proteins {
      for cell in 0..<3 {
        let (a, b): (Float, Float) = protein < 2 ? (8, 0) : (0, 8)
        values += [a + Float(cell), b, a, b + Float(protein), 4 - Float(cell), 1]
        table += "c\(protein)-\(cell),P\(protein),test,s,0\n"
      }
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: name), withIntermediateDirectories: true)
    try NPY.write(
      values, shape: [proteins * 3, 6], to: folder.url.appending(path: name + "/vqindhist1.npy"))
    try folder.write(table, to: name + "/cells.csv")
    return folder.path(name)
  }

  @Test func spectraOfProteinsCellsAndDifferences() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await BuiltProgram.run([
      "spectrum", input, "--out", folder.path("o"), "--show", "P0,c3-2", "--difference", "P0,P2",
      "--clusters", "2", "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let out = folder.url.appending(path: "o")
    let order = try NPYFile(out.appending(path: "leaf_order.npy")).int64s()
    #expect(order.sorted() == [0, 1, 2, 3, 4, 5])
    // Codes that the same proteins use stand side by side.
    let place = order.enumerated().reduce(into: [:]) { $0[$1.element] = $1.offset }
    #expect(abs((place[0] ?? 0) - (place[2] ?? 9)) == 1)
    let spectra = try CSVTable(out.appending(path: "spectra.csv"))
    #expect(spectra.header == ["feature", "code", "P0", "c3-2", "P2", "P0 − P2"])
    #expect(try spectra.column("code").strings() == order.map(String.init))
    func column(_ name: String) throws -> [Double] {
      let values = try spectra.column(name).strings().map { Double($0) ?? .nan }
      return (0..<6).map { code in values[place[Int64(code)] ?? 0] }
    }
    #expect(try column("P0") == [9, 0, 8, 0, 3, 1])
    #expect(try column("c3-2") == [2, 8, 0, 11, 2, 1])
    #expect(try column("P0 − P2") == [8, -8, 8, -10, 0, 0])
    #expect(try NPYFile(out.appending(path: "code_histogram.npy")).shape == [4, 6])
    #expect(try NPYFile(out.appending(path: "code_correlation.npy")).shape == [6, 6])
    #expect(try NPYFile(out.appending(path: "linkage.npy")).shape == [5, 4])
    let script = try String(
      contentsOf: out.appending(path: "figures/spectra.gnuplot"), encoding: .utf8)
    #expect(script.contains("\"II\""))
    #expect(script.contains("P0"))
  }

  @Test func anOrderServesOtherData() async throws {
    let folder = try TemporaryFolder()
    let first = try await BuiltProgram.run([
      "spectrum", try embeddings(folder), "--out", folder.path("a"), "--no-figures",
    ])
    #expect(first.status == 0, "\(first.errors)")
    // One protein alone has no tree, but it has a spectrum in the order of others.
    let order = folder.path("a/leaf_order.npy")
    let second = try await BuiltProgram.run([
      "spectrum", try embeddings(folder, proteins: 1, name: "n"), "--out", folder.path("b"),
      "--leaf-order", order, "--no-figures",
    ])
    #expect(second.status == 0, "\(second.errors)")
    let file = folder.url.appending(path: "b/leaf_order.npy")
    #expect(
      try NPYFile(file).int64s() == NPYFile(folder.url.appending(path: "a/leaf_order.npy")).int64s()
    )
    #expect(folder.contains("b/spectra.csv") && !folder.contains("b/linkage.npy"))
  }

  @Test func withoutGnuplotEverythingElseIsThere() async throws {
    let folder = try TemporaryFolder()
    let run = try await BuiltProgram.run(
      ["spectrum", try embeddings(folder), "--out", folder.path("o")],
      environment: ["PATH": "/nowhere", "CYTOSELF_GNUPLOT": ""])
    #expect(run.status == 0)
    #expect(
      run.errors.contains("warning: gnuplot, which draws the figures, was not found. Install it"))
    #expect(run.errors.contains("draw it later with: gnuplot code_correlation.gnuplot"))
    #expect(run.errors.components(separatedBy: "gnuplot, which draws").count == 2, "said once")
    for name in ["leaf_order.npy", "figures/code_correlation.gnuplot", "figures/spectra.gnuplot"] {
      #expect(folder.contains("o/" + name), "\(name)")
    }
  }

  @Test func whatHasNoSpectrumIsSaid() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let one = try embeddings(folder, proteins: 1, name: "one")
    try NPY.write([Int64](0..<5), shape: [5], to: folder.url.appending(path: "five.npy"))
    try NPY.write([1, 2, 3] as [Float], shape: [3], to: folder.url.appending(path: "row.npy"))
    let out = ["--out", folder.path("o")]
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      (["spectrum"] + out, 64, "Give a folder of embeddings or --matrix FILE.npy"),
      (["spectrum", input, "--matrix", "x.npy"] + out, 64, "one of the two"),
      (["spectrum", input, "--leaf-order", "x", "--codebook", "y"] + out, 64, "choose one"),
      (["spectrum", input, "--leaf-order", "x", "--clusters", "3"] + out, 64, "there is none"),
      (["spectrum", input, "--clusters", "1"] + out, 64, "--clusters is 2 to 50"),
      (["spectrum", "--codebook", "m", "--show", "P0"] + out, 64, "need spectra"),
      (["spectrum", "--codebook", folder.path("no")] + out, 66, "Give a run folder"),
      (["spectrum", input, "--leaf-order", folder.path("five.npy")] + out, 65, "expected 6"),
      (["spectrum", input, "--leaf-order", folder.path("none.npy")] + out, 66, "none.npy"),
      (["spectrum", input, "--show", "P9"] + out, 64, "--show is P9; expected proteins of the"),
      (["spectrum", input, "--difference", "P0"] + out, 64, "two proteins or cell ids"),
      (["spectrum", input, "--difference", "P0,Q"] + out, 64, "--difference is Q; expected"),
      (["spectrum", input, "--labels", "gene"] + out, 64, "has no column 'gene'"),
      (["spectrum", one] + out, 65, "1 proteins in"),
      (["spectrum", "--matrix", folder.path("row.npy")] + out, 65, "two axes, [proteins, codes]"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contains("o"), "\(arguments)")
    }
  }
}
