import ArrayFiles
import Foundation
import Testing

@Suite struct ZipArchiveTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func open(_ url: URL) throws -> ZipArchive { try ZipArchive(MappedFile(url)) }

  @Test(arguments: ["stored.npz", "deflated.npz"]) func readsEntries(name: String) throws {
    let archive = try open(fixture(name))
    #expect(archive.names == ["x.npy", "labels.npy"])
    let array = try archive.block("x.npy")
    #expect(array.bytes.prefix(6).elementsEqual([0x93] + "NUMPY".utf8))
    #expect(array.bytes.suffix(24).elementsEqual(rawBytes([0, 1, 2, 3, 4, 5] as [Float])))
    let error = try #require(arrayFileError { _ = try archive.block("y.npy") })
    #expect(error.problem.contains("has no entry 'y.npy'"))
  }

  private func problem(_ bytes: [UInt8], reading name: String? = nil) throws -> String {
    let url = try scratch.file("z.npz", bytes)
    let error = try #require(
      arrayFileError {
        let archive = try open(url)
        if let name { _ = try archive.block(name) }
      })
    #expect(error.kind == .badData)
    return error.description
  }

  @Test func refusesHostileArchives() throws {
    let data: [UInt8] = [1, 2, 3]
    #expect(try problem(zipArchive([("../x.npy", data, 0, 3)])).contains("unsafe name '../x.npy'"))
    #expect(try problem(zipArchive([("/x.npy", data, 0, 3)])).contains("unsafe name"))
    #expect(try problem(zipArchive([("a\\..\\x.npy", data, 0, 3)])).contains("unsafe name"))
    #expect(
      try problem(zipArchive([("x.npy", data, 0, 3), ("x.npy", data, 0, 3)])).contains(
        "occurs twice"))
    #expect(try problem(zipArchive([("x.npy", data, 0, 4)])).contains("two different sizes"))
    #expect(try problem(zipArchive([("x.npy", data, 8, 1 << 30)])).contains("claims to grow"))
    #expect(try problem(zipArchive([("x.npy", data, 12, 3)])).contains("packed by method 12"))
    #expect(try problem(zipArchive([("x.npy", data, 0, 3)], flags: 1)).contains("encrypted"))
    #expect(
      try problem(zipArchive([("x.npy", data, 0, 3)], localName: "y.npy")).contains(
        "described differently"))
    #expect(
      try problem(zipArchive([("x.npy", data, 0, 3), ("x.npz", data, 0, 3)], overlap: true))
        .contains("described differently"))
    #expect(
      try problem(zipArchive([("x.npy", data, 0, 3)], checksum: 7), reading: "x.npy")
        .contains("does not match its checksum"))
    #expect(
      try problem(zipArchive([("x.npy", data, 8, 3)]), reading: "x.npy").contains("packed wrongly"))
    #expect(try problem([1, 2, 3]).contains("no zip archive"))
    #expect(try problem([UInt8](repeating: 0, count: 100_000)).contains("no zip archive"))
  }

  @Test(arguments: ["stored.npz", "deflated.npz"]) func survivesEveryTruncation(name: String) throws
  {
    let whole = Array(try Data(contentsOf: fixture(name)))
    for length in 0..<whole.count {
      let url = try scratch.file("t.npz", Array(whole.prefix(length)))
      #expect(arrayFileError { _ = try open(url).block("x.npy") } != nil)
    }
  }
}
