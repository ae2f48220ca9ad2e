import ArrayFiles
import Foundation
import Testing

@Suite struct NPZTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: ["stored.npz", "deflated.npz"]) func readsArraysOfNumPy(name: String) throws {
    let file = try NPZFile(fixture(name))
    #expect(file.names == ["x", "labels"])
    let array = try file.array("x")
    #expect(array.shape == [2, 3] && array.elementType == .float32)
    #expect(array.floats() == [0, 1, 2, 3, 4, 5])
    #expect(try file.strings("labels").values == ["p", "q"])
    let error = try #require(arrayFileError { _ = try file.array("y") })
    #expect(error.problem.contains("has no entry 'y.npy'"))
  }

  /// A zip archive by hand, with lies where a test wants them.
  private func archive(
    _ entries: [(name: String, data: [UInt8], method: UInt16, size: UInt32)],
    localName: String? = nil, flags: UInt16 = 0, checksum: UInt32 = 0, overlap: Bool = false
  ) -> [UInt8] {
    func bytes<Number: FixedWidthInteger & BitwiseCopyable>(_ value: Number) -> [UInt8] {
      rawBytes([value])
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let local = Array((localName ?? entry.name).utf8)
      let place = overlap ? 0 : UInt32(file.count)
      file +=
        bytes(0x0403_4B50 as UInt32) + bytes(20 as UInt16) + bytes(flags) + bytes(entry.method)
      file += bytes(0 as UInt32) + bytes(checksum) + bytes(UInt32(entry.data.count))
      file +=
        bytes(entry.size) + bytes(UInt16(local.count)) + bytes(0 as UInt16) + local + entry.data
      directory += bytes(0x0201_4B50 as UInt32) + bytes(20 as UInt16) + bytes(20 as UInt16)
      directory += bytes(flags) + bytes(entry.method) + bytes(0 as UInt32) + bytes(checksum)
      directory += bytes(UInt32(entry.data.count)) + bytes(entry.size) + bytes(UInt16(name.count))
      directory += [UInt8](repeating: 0, count: 12) + bytes(place) + name
    }
    let end =
      bytes(0x0605_4B50 as UInt32) + bytes(0 as UInt32) + bytes(UInt16(entries.count))
      + bytes(UInt16(entries.count)) + bytes(UInt32(directory.count)) + bytes(UInt32(file.count))
      + bytes(0 as UInt16)
    return file + directory + end
  }

  private func problem(_ bytes: [UInt8], reading name: String? = nil) throws -> String {
    let url = try scratch.file("z.npz", bytes)
    let error = try #require(
      arrayFileError {
        let file = try NPZFile(url)
        if let name { _ = try file.array(name) }
      })
    #expect(error.kind == .badData)
    return error.description
  }

  @Test func refusesHostileArchives() throws {
    let data: [UInt8] = [1, 2, 3]
    #expect(try problem(archive([("../x.npy", data, 0, 3)])).contains("unsafe name '../x.npy'"))
    #expect(try problem(archive([("/x.npy", data, 0, 3)])).contains("unsafe name"))
    #expect(try problem(archive([("a\\..\\x.npy", data, 0, 3)])).contains("unsafe name"))
    #expect(
      try problem(archive([("x.npy", data, 0, 3), ("x.npy", data, 0, 3)])).contains("occurs twice"))
    #expect(try problem(archive([("x.npy", data, 0, 4)])).contains("two different sizes"))
    #expect(try problem(archive([("x.npy", data, 8, 1 << 30)])).contains("claims to grow"))
    #expect(try problem(archive([("x.npy", data, 12, 3)])).contains("packed by method 12"))
    #expect(try problem(archive([("x.npy", data, 0, 3)], flags: 1)).contains("encrypted"))
    #expect(
      try problem(archive([("x.npy", data, 0, 3)], localName: "y.npy")).contains(
        "described differently"))
    #expect(
      try problem(archive([("x.npy", data, 0, 3), ("x.npz", data, 0, 3)], overlap: true))
        .contains("described differently"))
    #expect(
      try problem(archive([("x.npy", data, 0, 3)], checksum: 7), reading: "x")
        .contains("does not match its checksum"))
    #expect(
      try problem(archive([("x.npy", data, 8, 3)]), reading: "x").contains("packed wrongly"))
    #expect(try problem(archive([("x.txt", data, 0, 3)])).contains("without npy arrays"))
    #expect(try problem([1, 2, 3]).contains("no zip archive"))
    #expect(try problem([UInt8](repeating: 0, count: 100_000)).contains("no zip archive"))
  }

  @Test(arguments: ["stored.npz", "deflated.npz"]) func survivesEveryTruncation(name: String) throws
  {
    let whole = Array(try Data(contentsOf: fixture(name)))
    for length in 0..<whole.count {
      let url = try scratch.file("t.npz", Array(whole.prefix(length)))
      #expect(arrayFileError { _ = try NPZFile(url).array("x") } != nil)
    }
  }
}
