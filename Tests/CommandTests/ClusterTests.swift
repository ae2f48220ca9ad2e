import ArrayFiles
import Foundation
import Testing

/// `cytoself cluster` on embeddings made by hand.
@Suite struct ClusterTests {
  /// Six proteins of twelve cells in two places, in a folder as `embed` writes it.
  private func embeddings(_ folder: TemporaryFolder) throws -> String {
    var values: [Float] = []
    var table = "cell,name,loc,split,source,row\n"
    var seed: UInt64 = 1
    for protein in 0..<6 {
      for cell in 0..<12 {
        for axis in 0..<4 {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let noise = Float(seed >> 40) / Float(1 << 24)
          values.append((protein < 3 ? 0 : 9) * (axis == 0 ? 1 : 0) + noise)
        }
        let place = protein == 5 ? "left;right" : protein < 3 ? "left" : "right"
        table += "c\(protein)-\(cell),P\(protein),\(place),\(cell < 6 ? "train" : "test"),s,0\n"
      }
    }
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "e"), withIntermediateDirectories: true)
    try NPY.write(values, shape: [72, 4], to: folder.url.appending(path: "e/vqvec2.npy"))
    try folder.write(table, to: "e/cells.csv")
    return folder.path("e")
  }

  private struct Summary: Decodable {
    let rows: Int
    let clusters: Int
    let sizes: [Int]
    let adjusted_rand_index: Double?
    let compared_rows: Int?
  }

  @Test func cellsAreClusteredAndCompared() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let run = try await BuiltProgram.run([
      "cluster", input, "--out", folder.path("o"), "--compare", "loc", "--resolutions", "4",
      "--seeds", "2", "--json", "--no-figures",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    #expect(summary.rows == 72)
    #expect(summary.sizes == [36, 36])
    #expect(summary.adjusted_rand_index == 1)
    // Cells with two places have no single group to compare with.
    #expect(summary.compared_rows == 60)
    let table = try CSVTable(folder.url.appending(path: "o/clusters.csv"))
    #expect(table.header == ["cell", "name", "loc", "cluster"])
    let clusters = try table.column("cluster").strings()
    #expect(Set(clusters.prefix(36)).count == 1 && Set(clusters.suffix(36)).count == 1)
    #expect(clusters.first != clusters.last)
    let codes = try NPYFile(folder.url.appending(path: "o/clusters.npy"))
    #expect(codes.elementType == .int32 && codes.shape == [72])
    let agreement = try CSVTable(folder.url.appending(path: "o/agreement.csv"))
    #expect(agreement.rowCount == 8)
  }

  @Test func proteinsAreClusteredAsInThePaper() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    try folder.write(
      "gene,where\nP0,left\nP1,left\nP2,left\nP3,right\nP4,right\nP9,left\n", to: "known.csv")
    let run = try await BuiltProgram.run([
      "cluster", input, "--out", folder.path("o"), "--recipe", "opencell", "--annotations",
      folder.path("known.csv"), "--compare", "where", "--neighbors", "3", "--resolutions", "4",
      "--seeds", "2",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("of 6 proteins"), "\(run.output)")
    #expect(run.output.contains("adjusted Rand index 1.000"), "\(run.output)")
    let table = try CSVTable(folder.url.appending(path: "o/clusters.csv"))
    #expect(table.header == ["protein", "cells", "where", "cluster"])
    #expect(try table.column("cells").strings() == [String](repeating: "6", count: 6))
  }

  @Test func gradedAnnotationsAreChosenByTheirGrade() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    // As the official table: a row for each place of a protein, with its grade.
    try folder.write(
      "gene,where,grade\nP0,left,3\nP0,right,1\nP1,left,3\nP2,left,3\nP2,right,3\nP3,right,3\nP4,right,3\n"
        + "P5,left,2\n", to: "known.csv")
    let common = [
      "cluster", input, "--recipe", "opencell", "--annotations", folder.path("known.csv"),
      "--compare", "where", "--neighbors", "3", "--resolutions", "4", "--seeds", "2",
    ]
    let run = try await BuiltProgram.run(
      common + ["--out", folder.path("o"), "--where", "grade=3", "--split", "all"])
    #expect(run.status == 0, "\(run.errors)")
    let table = try CSVTable(folder.url.appending(path: "o/clusters.csv"))
    // P2 has two places of grade 3, P5 none.
    #expect(try table.column("where").strings() == ["left", "left", "", "right", "right", ""])
    #expect(try table.column("cells").strings() == [String](repeating: "12", count: 6))
    for (filter, text) in [("grade=9", "--where is grade=9"), ("rank=3", "has no column 'rank'")] {
      let refused = try await BuiltProgram.run(
        common + ["--out", folder.path("p"), "--where", filter])
      #expect(refused.status == 64, "\(refused.errors)")
      #expect(refused.errors.contains(text), "\(refused.errors)")
    }
  }

  @Test func annotationsAreFoundByTheColumnThatIsNamed() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    try folder.write("place,side\nleft,L\nright,R\n", to: "known.csv")
    let run = try await BuiltProgram.run([
      "cluster", input, "--out", folder.path("o"), "--labels", "loc", "--annotations",
      folder.path("known.csv"), "--compare", "side", "--resolutions", "2", "--seeds", "2",
      "--seed", "7", "--json", "--no-figures",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let summary = try JSONDecoder().decode(Summary.self, from: Data(run.output.utf8))
    #expect(summary.compared_rows == 60)
    let agreement = try CSVTable(folder.url.appending(path: "o/agreement.csv"))
    #expect(try agreement.column("seed").strings() == ["7", "8", "7", "8"])
  }

  @Test func clustersAreDrawnOnAMap() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let places = (0..<144).map { Float($0 < 72 ? 0 : 5) + Float($0 % 7) }
    try NPY.write(places, shape: [72, 2], to: folder.url.appending(path: "e/umap.npy"))
    let run = try await BuiltProgram.run([
      "cluster", input, "--layer", "vqvec2", "--out", folder.path("o"), "--umap", input,
      "--resolution", "0.1",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let points = try String(
      contentsOf: folder.url.appending(path: "o/figures/clusters.points.tsv"), encoding: .utf8)
    let numbers = points.split(separator: "\n").dropFirst().map { $0.split(separator: "\t").last }
    #expect(numbers.count == 72 && Set(numbers) == ["0.0", "1.0"])
  }

  @Test func whatCannotBeClusteredIsSaid() async throws {
    let folder = try TemporaryFolder()
    let input = try embeddings(folder)
    let out = ["--out", folder.path("o")]
    try NPY.write(
      [1, 2, 3, 4] as [Float], shape: [2, 2], to: folder.url.appending(path: "few.npy"))
    try NPY.write(
      [Float](repeating: 0, count: 216), shape: [72, 3], to: folder.url.appending(path: "solid.npy")
    )
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      (["cluster", folder.path("nowhere")] + out, 66, "does not exist"),
      (["cluster", input, "--compare", "gene"] + out, 64, "has no column 'gene'"),
      (["cluster", input, "--compare", "split", "--resolution", "-1"] + out, 64, "--resolution"),
      (["cluster", input, "--annotations", "x.csv"] + out, 64, "needs --compare"),
      (["cluster", input, "--recipe", "yeast"] + out, 64, "yeast"),
      (["cluster", input, "--seeds", "0"] + out, 64, "1 or more"),
      (
        ["cluster", input, "--umap", folder.path("no")] + out, 66, "Give the folder that 'cytoself"
      ),
      (["cluster", input, "--umap", folder.path("few.npy")] + out, 65, "found 2, expected 72"),
      (["cluster", input, "--umap", folder.path("solid.npy")] + out, 65, "a map of two axes"),
      (["cluster", input, "--umap", "x", "--recipe", "opencell"] + out, 64, "clusters proteins"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(!folder.contains("o"), "\(arguments)")
    }
  }
}
