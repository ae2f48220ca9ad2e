import ArrayFiles
import Foundation
import Testing

/// `cytoself export` on embeddings made by hand.
@Suite struct ExportTests {
  /// Twelve cells of three proteins, in a folder as `embed` writes it, and a map of them.
  private func embeddings(_ folder: TemporaryFolder) throws -> String {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "e"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "map"), withIntermediateDirectories: true)
    try NPY.write(
      (0..<48).map(Float.init), shape: [12, 4], to: folder.url.appending(path: "e/vqvec2.npy"))
    try NPY.write(
      (0..<24).map { Int32($0) }, shape: [12, 2], to: folder.url.appending(path: "e/vqind1.npy"))
    try NPY.write(
      (0..<24).map { Float($0) / 2 }, shape: [12, 2],
      to: folder.url.appending(path: "map/umap.npy"))
    var table = "cell,name,split,source,row\n"
    for row in 0..<12 { table += "c\(row),P\(row % 3),train,s,\(row)\n" }
    try folder.write(table, to: "e/cells.csv")
    try folder.write("{\"cells\": 12}", to: "e/manifest.json")
    return folder.path("e")
  }

  @Test func annDataHoldsEverything() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await BuiltProgram.run([
      "export", input, "--out", folder.path("cells.h5ad"), "--umap", folder.path("map"), "--pca",
      folder.path("e/vqvec2.npy"), "--also", "vqind1", "--deflate", "4",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "12 cells x 4 of vqvec2 written to \(folder.path("cells.h5ad"))\n")
    let file = try HDF5File(MappedFile(folder.url.appending(path: "cells.h5ad")))
    func names(_ path: String) throws -> Set<String> {
      Set(try file.links(#require(try file.find(path, in: file.root))).keys)
    }
    #expect(
      try names("/") == [
        "X", "layers", "obs", "obsm", "obsp", "uns", "var", "varm", "varp",
      ])
    #expect(try names("obs") == ["cell", "name", "split", "source", "row"])
    #expect(try names("obsm") == ["X_umap", "X_pca", "X_vqind1"])
    #expect(
      try names("uns/cytoself") == [
        "command", "embeddings", "hdf5_version", "item_shape", "layer", "manifest",
      ])
    let map = try #require(try file.find("obsm/X_umap", in: file.root))
    #expect(
      try HDF5Dataset(file, map, name: "map").array().floats() == (0..<24).map { Float($0) / 2 })
  }

  @Test func tablesHoldColumnsAndMap() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let out = folder.path("cells.csv")
    let run = try await BuiltProgram.run([
      "export", input, "--out", out, "--column", "name", "--umap", folder.path("map/umap.npy"),
      "--layer", "vqind1", "--features", "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"matrices\":[\"umap\"]"), "\(run.output)")
    let table = try folder.rows("cells.csv")
    #expect(table[0] == ["cell", "name", "umap_1", "umap_2", "vqind1_0", "vqind1_1"])
    #expect(table[12] == ["c11", "P2", "11.0", "11.5", "22", "23"])
    // Once more over the file that is there.
    let again = try await BuiltProgram.run(["export", input, "--out", out, "--overwrite"])
    #expect(again.status == 0, "\(again.errors)")
    #expect(try folder.rows("cells.csv")[0] == ["cell", "name", "split", "source", "row"])
  }

  @Test func whatCannotBeExportedIsSaid() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let out = ["--out", folder.path("o.h5ad")]
    try NPY.write([1, 2] as [Float], shape: [1, 2], to: folder.url.appending(path: "umap.npy"))
    try folder.write("there", to: "old.h5ad")
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      ([folder.path("nowhere")] + out, 66, "does not exist"),
      ([input, "--column", "gene"] + out, 64, "has no column 'gene'"),
      ([input, "--layer", "vqvec9"] + out, 64, "one of vqind1, vqvec2"),
      ([input, "--also", "vqvec9"] + out, 64, "one of vqind1, vqvec2"),
      ([input, "--umap", folder.path("umap.npy")] + out, 65, "found 1, expected 12"),
      ([input, "--umap", folder.path("no-map")] + out, 66, "no-map"),
      ([input, "--table", folder.path("no.csv")] + out, 66, "no.csv"),
      ([input, "--out", folder.path("o.xlsx")], 64, "a .h5ad or a .csv file"),
      ([input, "--out", folder.path("old.h5ad")], 64, "--overwrite replaces it"),
      ([input, "--out", folder.path("no/o.h5ad")], 74, "its folder does not exist"),
      ([input, "--features"] + out, 64, "--features is for .csv"),
      ([input, "--deflate", "10"] + out, 64, "--deflate is 1 to 9"),
      ([input, "--deflate", "3", "--out", folder.path("o.csv")], 64, "--deflate is for .h5ad"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(["export"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contents().contains { $0.hasPrefix("o.") }, "\(arguments)")
    }
    #expect(try String(contentsOfFile: folder.path("old.h5ad"), encoding: .utf8) == "there")
  }
}
