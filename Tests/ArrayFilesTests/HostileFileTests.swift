import ArrayFiles
import CZlib
import Foundation
import Testing

/// Files made to do harm: what is in them neither runs nor hangs nor takes memory.
@Suite struct HostileFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func problem(_ name: String, _ bytes: [UInt8], _ read: (URL) throws -> Void) throws
    -> String
  {
    let url = try scratch.file(name, bytes)
    let error = try #require(arrayFileError { try read(url) })
    #expect(error.kind == .badData)
    return error.description
  }

  @Test func everyKindOfFileIsCutAtEveryPercent() throws {
    let url = try scratch.file("cut")
    for file in try ReadableFile.all() {
      for part in 0..<100 {
        try Data(file.bytes.prefix(file.bytes.count * part / 100)).write(to: url)
        let start = ContinuousClock.now
        var error: (any Error)?
        do { try file.read(url) } catch let thrown { error = thrown }
        // A shorter table may be a table. A Keras file may end in what nobody reads.
        let mayBeWhole = ["csv", "h5"].contains(URL(filePath: file.name).pathExtension)
        #expect(
          error is ArrayFileError || (mayBeWhole && error == nil),
          "\(file.name) cut to \(part) %: \(String(describing: error))")
        #expect(ContinuousClock.now - start < .seconds(2), "\(file.name) cut to \(part) %")
      }
    }
  }

  /// A file of `torch.save` in the format before zip, with any pickle for its content.
  private func torchFile(_ content: [UInt8]) -> [UInt8] {
    let magic: [UInt8] = [
      0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]
    let version: [UInt8] = [0x80, 2, 0x4D, 0xE9, 3, 0x2E]
    let system = [0x80, 2] + Array("}".utf8) + text("little_endian") + [0x88] + Array("s.".utf8)
    return magic + version + system + [0x80, 2] + content + [0x80, 2] + Array("].".utf8)
  }

  private func text(_ text: String) -> [UInt8] {
    [0x58, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
  }

  @Test func weightsThatCallAreNotRun() throws {
    let mark = try scratch.file("owned")
    let command = text("touch \(mark.path(percentEncoded: false))")
    let calls: [String: [UInt8]] = [
      "REDUCE": Array("cos\nsystem\n".utf8) + command + [0x85] + Array("R.".utf8),
      "INST": Array("(".utf8) + command + Array("ios\nsystem\n.".utf8),
      "OBJ": Array("(cos\nsystem\n".utf8) + command + Array("o.".utf8),
      "NEWOBJ": Array("cos\nsystem\n".utf8) + command + [0x85, 0x81] + Array(".".utf8),
      "BUILD": Array("cos\nsystem\n".utf8) + [0x29] + Array("R".utf8) + command
        + Array("b.".utf8),
      "STACK_GLOBAL": text("os") + text("system") + [0x93] + command + [0x85] + Array("R.".utf8),
    ]
    for (name, content) in calls {
      let told = try problem("call.pt", torchFile(content)) { _ = try TorchFile($0) }
      #expect(told.contains("holds no tensors by name"), "\(name): \(told)")
    }
    #expect(try scratch.names() == ["call.pt"])
  }

  @Test func weightsThatLoopOrNestAreRefused() throws {
    let itself = Array("}q\0".utf8) + text("a") + Array("h\0s.".utf8)
    #expect(
      try problem("loop.pt", torchFile(itself)) { _ = try TorchFile($0) }
        .contains("nested more deeply"))
    // a module that is among its own modules
    let module =
      Array("cm\nModel\n)R".utf8) + Array("q\0}".utf8) + text("_parameters") + Array("}s".utf8)
      + text("_modules") + Array("}".utf8) + text("m") + Array("h\0ssb.".utf8)
    #expect(
      try problem("module.pt", torchFile(module)) { _ = try TorchFile($0) }
        .contains("nested more deeply"))
    let depth = 100_000
    let open = Array("}".utf8) + text("a")
    var nested = [UInt8](repeatElement(open, count: depth).joined())
    nested += Array("N".utf8) + [UInt8](repeating: UInt8(ascii: "s"), count: depth)
    #expect(
      try problem("deep.pt", torchFile(nested + Array(".".utf8))) { _ = try TorchFile($0) }
        .contains("nested more deeply"))
  }

  @Test func listsLargerThanTheFileAreRefused() throws {
    // One list of a thousand, put a thousand times into another, and that into another, and so on.
    var bomb = Array("]q\0(".utf8) + [UInt8](repeating: UInt8(ascii: "N"), count: 1000)
    bomb += Array("e".utf8)
    for level: UInt8 in 1...4 {
      bomb += Array("]q".utf8) + [level] + Array("(".utf8)
      for _ in 0..<1000 { bomb += [UInt8(ascii: "h"), level - 1] }
      bomb += Array("e".utf8)
    }
    // Sharing costs nothing, so it reads; as labels it is no text, which is said.
    #expect(
      try problem("bomb.pt", torchFile(bomb + Array(".".utf8))) { _ = try TorchFile($0) }
        .contains("holds no tensors"))
    let header = npyBytes(
      "{'descr': '|O', 'fortran_order': False, 'shape': (1000000000000,), }",
      data: Array("].".utf8))
    #expect(try problem("labels.npy", header) { _ = try NPY.strings($0) }.count > 0)
    let numbers = npyBytes("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }")
    #expect(try problem("numbers.npy", numbers) { _ = try NPYFile($0) }.contains("cut short"))
  }

  @Test func packedDataThatExplodeAreRefused() throws {
    let zeros = [UInt8](repeating: 0, count: 32 << 20)
    // Thirty-two megabytes of zeros in an HDF5 file of some tens of kilobytes.
    let h5 = try scratch.file("bomb.h5")
    let writer = try HDF5Writer(h5)
    try writer.attribute("layer_names", ["l"], of: "/")
    try writer.group("l")
    try writer.attribute("weight_names", ["w"], of: "l")
    try zeros.withUnsafeBytes {
      try writer.dataset("l/w", .uint8, shape: [zeros.count], deflate: 9)
        .write(0..<zeros.count, $0)
    }
    try writer.finish()
    let told = try problem("again.h5", Array(try Data(contentsOf: h5))) { _ = try KerasWeights($0) }
    #expect(told.contains("more than the file can honestly hold"), "\(told)")

    // The same in a zip archive, which tells its size or a smaller one.
    var packed = [UInt8](repeating: 0, count: 1 << 20)
    var count = uLong(packed.count)
    #expect(compress2(&packed, &count, zeros, uLong(zeros.count), 9) == Z_OK)
    let raw = Array(packed[2..<Int(count) - 4])
    func read(_ url: URL) throws { _ = try ZipArchive(MappedFile(url)).block("x.npy") }
    let entry = { (size: Int) in ZipEntry("x.npy", raw, 8, UInt32(size)) }
    #expect(
      try problem("told.npz", zipArchive([entry(zeros.count)]), read).contains("claims to grow"))
    #expect(
      try problem("small.npz", zipArchive([entry(1000)]), read).contains("packed wrongly"))
    #expect(
      try problem("large.npz", zipArchive([entry(raw.count * 90)]), read)
        .contains("packed wrongly"))
  }

  @Test func linksOfHDF5AreNotFollowed() throws {
    let file = try HDF5File(MappedFile(fixture("keras_cycle.h5")))
    #expect(
      arrayFileError { _ = try file.find("soft", in: file.root) }?.problem.contains("soft link")
        == true)
    // A group within itself, as often as one likes.
    let path = String(repeating: "loop/again/again/", count: 1000)
    #expect(arrayFileError { _ = try file.find(path, in: file.root) } == nil)
    let outside = try HDF5File(MappedFile(fixture("keras_external.h5")))
    let error = arrayFileError { _ = try outside.find("outside/x", in: outside.root) }
    #expect(error?.problem.contains("to another file, which is not followed") == true)
  }
}
