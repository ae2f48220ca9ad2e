import ArrayFiles
import CytoselfAnalysis
import Foundation
import Testing

/// AnnData files by their structure and numbers; `tools/reference/check_h5ad.py` opens them in Python.
@Suite struct EmbeddingExportTests {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Five cells with a column of every kind.
  private func embeddings() throws -> EmbeddingTable {
    try NPY.write(
      (0..<30).map { Float($0) / 4 }, shape: [5, 2, 3], to: folder.appending(path: "vqvec2.npy"))
    try NPY.write(
      (0..<10).map { Int32($0) }, shape: [5, 2], to: folder.appending(path: "vqind1.npy"))
    let table = """
      cell,name,note,count,area,kept,gaps,code,a/b,empty,name
      c1,ACTB,α,1,0.5,True,3,007,x,,1
      c2,TUBB,β,-2,,False,,008,y,,2
      c3,ACTB,γ,3,1000,True,9,007,y,,3
      c4,,"δ,ε",4,-0.25,True,10,009,y,,4
      c5,ACTB,ζ,5,7,False,11,007,y,,5
      """
    try Data((table + "\n").utf8).write(to: folder.appending(path: "cells.csv"))
    return try EmbeddingTable(folder)
  }

  @Test func writesWhatAnnDataReads() throws {
    let table = try embeddings()
    var export = try EmbeddingExport(table.layer(), of: table)
    try export.add(table.layer("vqind1"), as: "vqind1")
    export.notes = [("command", "cytoself export e --out µ.h5ad")]
    let url = folder.appending(path: "cells.h5ad")
    try export.writeAnnData(to: url)
    let mapped = try MappedFile(url)
    let file = try HDF5File(mapped)
    func object(_ path: String) throws -> Int {
      try #require(try file.find(path, in: file.root), "\(path)")
    }
    func attribute(_ name: String, _ path: String) throws -> [String] {
      try #require(try file.attribute(name, of: object(path)), "\(name) of \(path)").strings()
    }
    func array(_ path: String) throws -> NamedArray {
      try HDF5Dataset(file, object(path), name: path).array()
    }
    let encodings = [
      "/": "anndata", "X": "array", "obs": "dataframe", "var": "dataframe", "layers": "dict",
      "obsm": "dict", "obsp": "dict", "varm": "dict", "varp": "dict", "uns": "dict",
      "uns/cytoself": "dict", "uns/cytoself/layer": "string", "uns/cytoself/command": "string",
      "obs/cell": "string-array", "obs/name": "categorical", "obs/name/codes": "array",
      "obs/name/categories": "string-array", "obs/note": "string-array", "obs/count": "array",
      "obs/area": "array", "obs/kept": "array", "obs/gaps": "nullable-integer",
      "obs/gaps/mask": "array", "obs/code": "categorical", "obs/a_b": "categorical",
      "obs/empty": "categorical", "obs/name.1": "array", "obsm/X_vqind1": "array",
      "var/feature": "string-array",
    ]
    for (path, encoding) in encodings {
      #expect(try attribute("encoding-type", path) == [encoding], "\(path)")
      #expect(try attribute("encoding-version", path).count == 1, "\(path)")
    }
    #expect(try attribute("_index", "obs") == ["cell"] && attribute("_index", "var") == ["feature"])
    #expect(
      try attribute("column-order", "obs") == [
        "name", "note", "count", "area", "kept", "gaps", "code", "a_b", "empty", "name.1",
      ])
    let x = try array("X")
    #expect(x.shape == [5, 6] && x.elementType == .float32)
    #expect(x.floats() == (0..<30).map { Float($0) / 4 })
    #expect(try array("obsm/X_vqind1").elementType == .int32)
    #expect(try array("obsm/X_vqind1").doubles() == (0..<10).map(Double.init))
    let codes = try array("obs/name/codes")
    #expect(codes.elementType == .int8 && codes.doubles() == [0, 1, 0, -1, 0])
    #expect(try array("obs/code/codes").doubles() == [0, 1, 0, 2, 0])
    #expect(try array("obs/empty/codes").doubles() == [-1, -1, -1, -1, -1])
    #expect(try array("obs/count").elementType == .int64)
    #expect(try array("obs/count").doubles() == [1, -2, 3, 4, 5])
    let areas = try array("obs/area").doubles()
    #expect(areas[1].isNaN && [areas[0], areas[2], areas[3], areas[4]] == [0.5, 1000, -0.25, 7])
    #expect(try array("obs/gaps/values").doubles() == [3, 0, 9, 10, 11])
    #expect(try array("uns/cytoself/item_shape").doubles() == [2, 3])
  }

  @Test(arguments: [0, 4]) func sameExportsGiveTheSameBytes(deflate: Int) throws {
    let table = try embeddings()
    var export = try EmbeddingExport(table.layer(), of: table, columns: ["count", "name"])
    export.deflate = deflate
    let urls = ["a.h5ad", "b.h5ad"].map { folder.appending(path: $0) }
    for url in urls { try export.writeAnnData(to: url) }
    #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
  }

  @Test func writesTables() throws {
    let table = try embeddings()
    var export = try EmbeddingExport(table.layer(), of: table, columns: ["note"])
    try export.add(table.layer("vqind1"), as: "vqind1")
    let url = folder.appending(path: "cells_out.csv")
    try export.writeCSV(to: url, includesFeatures: true)
    let written = try CSVTable(url)
    #expect(written.header.prefix(5) == ["cell", "note", "vqind1_1", "vqind1_2", "vqvec2_0"])
    #expect(written.header.count == 10 && written.rowCount == 5)
    #expect(written[3, 1] == "δ,ε" && written[3, 3] == "7")
    #expect(try written.column("vqvec2_5").doubles() == [1.25, 2.75, 4.25, 5.75, 7.25])
  }

  @Test func aBareArrayHasRowNumbers() throws {
    _ = try embeddings()
    let table = try EmbeddingTable(folder.appending(path: "vqind1.npy"))
    let export = try EmbeddingExport(table.layer(), of: table)
    let url = folder.appending(path: "bare.csv")
    try export.writeCSV(to: url, includesFeatures: true)
    #expect(try CSVTable(url).header == ["cell", "vqind1_0", "vqind1_1"])
    #expect(throws: AnalysisError.self) {
      try EmbeddingExport(table.layer(), of: table, columns: ["name"])
    }
  }

  @Test func saysWhatDoesNotFit() throws {
    let table = try embeddings()
    var export = try EmbeddingExport(table.layer(), of: table)
    try NPY.write([1, 2, 3, 4] as [Float], shape: [2, 2], to: folder.appending(path: "umap.npy"))
    let map = try EmbeddingLayer(NPYFile(folder.appending(path: "umap.npy")), layer: "umap")
    #expect {
      try export.add(map, as: "umap")
    } throws: { error in
      "\(error)".contains("umap.npy: found 2, expected 5")
    }
    try export.add(table.layer("vqind1"), as: "vqind1")
    #expect {
      try export.add(table.layer("vqind1"), as: "vqind1")
    } throws: { error in
      "\(error)".contains("--also is vqind1; expected each layer once")
    }
    #expect {
      _ = try EmbeddingExport(table.layer(), of: table, columns: ["gene"])
    } throws: { error in
      "\(error)".contains("has no column 'gene'; its columns are cell, name")
    }
  }
}
