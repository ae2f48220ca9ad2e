import ArrayFiles
import Foundation
import Testing

/// `cytoself atlas` on embeddings made by hand.
@Suite struct AtlasCommandTests {
  /// Forty cells of four proteins: embeddings with codes, a map, a 3-D map, crops.
  private func cells(_ folder: TemporaryFolder) throws -> String {
    for name in ["e", "map", "map3", "cells", "clusters", "scores"] {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    func write(_ count: Int, _ name: String, _ scale: Int = 37) throws {
      try NPY.write(
        (0..<40 * count).map { Float($0 * scale % 101) }, shape: [40, count],
        to: folder.url.appending(path: name))
    }
    try write(6, "e/features.npy")
    try write(5, "e/vqindhist1.npy", 7)
    try write(2, "map/umap.npy", 13)
    try write(3, "map3/umap.npy", 29)
    try write(2 * 12 * 12, "crops.npy", 11)
    try NPY.write(
      (0..<40 * 288).map { Float($0 % 91) }, shape: [40, 12, 12, 2],
      to: folder.url.appending(path: "cells/Image_data00.npy"))
    try NPY.write(
      [4, 2, 0, 1, 3] as [Int64], shape: [5], to: folder.url.appending(path: "leaf_order.npy"))
    let rows = (0..<40).map { "c\($0),P\($0 % 4)" }
    try folder.write(
      "cell,name,split,source,row\n" + rows.map { $0 + ",train,s,0\n" }.joined(), to: "e/cells.csv")
    try folder.write(
      "cell,name\n" + rows.map { $0 + "\n" }.joined(), to: "cells/Label_data00.csv")
    try folder.write(
      "cell,name,cluster\n" + (0..<40).map { "c\($0),P\($0 % 4),\($0 % 3)\n" }.joined(),
      to: "clusters/clusters.csv")
    try folder.write(
      "label,method,score,value,low,high,interval,chance,null_high,p_value,trials,trial\n"
        + "name,nearest,top-1,0.75,0.7,0.8,x,0.25,0.3,0.001,40,cells\n", to: "scores/scores.csv")
    return folder.path("e")
  }

  @Test func everythingThereIsGoesIn() async throws {
    let folder = try TemporaryFolder()
    let input = try cells(folder)
    let run = try await BuiltProgram.run([
      "atlas", input, "--layer", "features", "--layer", "vqindhist1", "--umap", folder.path("map"),
      "--umap", folder.path("map3"), "--crops", folder.path("cells"), "--spectrum",
      folder.path("leaf_order.npy"), "--clusters", folder.path("clusters"), "--scores",
      folder.path("scores"), "--title", "A <b>title</b>", "--out", folder.path("atlas"), "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("\"cells\":40"), "\(run.output)")
    #expect(run.errors.contains("proteins are identified by column name"), "\(run.errors)")
    let manifest = try String(
      contentsOf: folder.url.appending(path: "atlas/data/manifest.js"), encoding: .utf8)
    for part in [
      "\"title\":\"A <b>title</b>\"", "\"dimensions\":3", "\"name\":\"map3\"", "\"clusters\":2",
      "\"role\":\"cluster\"", "\"units\":5", "\"side\":8", "\"score\":\"top-1\"",
      "\"name\":\"distance_to_mean\"",
    ] { #expect(manifest.contains(part), "\(part) in \(manifest)") }
    let names = folder.contents().filter { $0.hasPrefix("atlas/") }
    for name in [
      "index.html", "data/proteins.js", "data/positions-1-0.js", "data/neighbours-1-0.js",
      "data/spectrum-0.js", "pictures/1-0.jpg",
    ] { #expect(names.contains("atlas/" + name), "\(names)") }
    // Once more into the same folder.
    let again = try await BuiltProgram.run([
      "atlas", input, "--umap", folder.path("map"), "--out", folder.path("atlas"),
    ])
    #expect(again.status == 64 && again.errors.contains("exists and is not empty"))
  }

  @Test func fewerPicturesThanCells() async throws {
    let folder = try TemporaryFolder()
    let input = try cells(folder)
    let run = try await BuiltProgram.run([
      "atlas", input, "--umap", folder.path("map/umap.npy"), "--crops", folder.path("cells"),
      "--channels", "nuc", "--pictures", "10", "--picture-size", "16", "--out", folder.path("a"),
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(folder.contains("a/data/pictured.js") && !folder.contains("a/pictures/1-0.jpg"))
    #expect(run.output.contains("40 cells on 1 map"), "\(run.output)")
  }

  @Test func isShownAtAnAddressOfThisMachine() async throws {
    let folder = try TemporaryFolder()
    let input = try cells(folder)
    let script = """
      "$0" atlas "$1" --umap "$2" --out "$3" > /dev/null || exit
      "$0" atlas "$3" --serve > "$3.log" &
      for i in $(seq 100); do grep -q http "$3.log" 2>/dev/null && break; sleep 0.1; done
      port=$(sed -n 's|^http://127.0.0.1:\\([0-9]*\\)/.*|\\1|p' "$3.log")
      exec 3<>"/dev/tcp/127.0.0.1/$port"
      printf 'GET /index.html HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n' >&3
      timeout 5 head -n 1 <&3
      exec 4<>"/dev/tcp/127.0.0.1/$port"
      printf 'GET /../e/cells.csv HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n' >&4
      timeout 5 head -n 1 <&4
      kill $!
      """
    let run = try await BuiltProgram.run(
      program: URL(filePath: "/bin/bash"),
      ["-c", script, BuiltProgram.url.path, input, folder.path("map"), folder.path("atlas")])
    let lines = run.output.split(whereSeparator: \.isNewline)
    #expect(lines.first == "HTTP/1.1 200 OK", "\(run.output) \(run.errors)")
    #expect(lines.last == "HTTP/1.1 404 Not Found", "\(run.output) \(run.errors)")
  }

  @Test func whatCannotBeMadeIsSaid() async throws {
    let folder = try TemporaryFolder()
    let input = try cells(folder)
    let map = ["--umap", folder.path("map")]
    let out = ["--out", folder.path("o")]
    try NPY.write([1, 2] as [Float], shape: [1, 2], to: folder.url.appending(path: "one.npy"))
    try NPY.write(
      [Float](repeating: 0, count: 40), shape: [40, 1], to: folder.url.appending(path: "line.npy"))
    try folder.write(
      "cell,umap_1,umap_2\n" + (1...40).map { "c\($0),0,0\n" }.joined(), to: "map3/umap.csv")
    try NPY.write([0, 1] as [Int64], shape: [2], to: folder.url.appending(path: "short.npy"))
    let cases: [(arguments: [String], status: Int32, text: String)] = [
      ([input] + map, 64, "--out"),
      ([input] + out, 64, "An atlas needs a map"),
      ([input, "--serve"] + map, 64, "give --out, the folder to write"),
      ([input, "--serve"], 66, "Give a folder that 'cytoself atlas' wrote"),
      ([input, "--port", "80"] + map + out, 64, "--port needs --serve"),
      ([input, "--channels", "nuc"] + map + out, 64, "need --crops"),
      ([input, "--pictures", "0"] + map + out, 64, "--pictures is 1 or more"),
      ([input, "--picture-size", "20"] + map + out, 64, "a multiple of 8 from 8 to 512"),
      ([input, "--spectrum-layer", "vqind1"] + map + out, 64, "needs --spectrum"),
      ([folder.path("nowhere")] + map + out, 66, "does not exist"),
      ([input, "--layer", "vqvec9"] + map + out, 64, "one of features, vqindhist1"),
      ([input, "--umap", folder.path("no")] + out, 66, "'cytoself umap' wrote"),
      ([input, "--umap", folder.path("one.npy")] + out, 65, "found 1, expected 40"),
      ([input, "--umap", folder.path("line.npy")] + out, 65, "a map of two or three axes"),
      ([input, "--umap", folder.path("map3")] + out, 65, "1 of 40 cells of the embeddings"),
      ([input, "--label-column", "gene"] + map + out, 64, "has no column 'gene'"),
      ([input, "--crops", folder.path("no")] + map + out, 66, folder.path("no")),
      (
        [input, "--crops", folder.path("crops.npy")] + map + out, 65, "are not there, such as 'c0'"
      ),
      ([input, "--spectrum", folder.path("no")] + map + out, 66, "'cytoself spectrum' wrote"),
      ([input, "--spectrum", folder.path("short.npy")] + map + out, 65, "found 2, expected 5"),
      ([input, "--scores", folder.path("map")] + map + out, 66, "'cytoself score --out' wrote"),
      ([input, "--clusters", folder.path("map")] + map + out, 66, "'cytoself cluster' wrote"),
    ]
    for (arguments, status, text) in cases {
      let run = try await BuiltProgram.run(["atlas"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(text), "\(arguments): \(run.errors)")
      #expect(
        !folder.contents().contains { $0.hasPrefix("o") || $0.hasPrefix(".o") }, "\(arguments)")
    }
  }
}
