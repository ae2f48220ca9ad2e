import ArrayFiles
import Foundation
import Testing

@Suite struct NPYReadingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
  }

  @Test(arguments: [UInt8(1), 2, 3]) func readsEveryFormatVersion(version: UInt8) throws {
    let url = try scratch.file(
      "a.npy",
      npyBytes(
        header("<f4", "(2, 3)"), version: version, data: rawBytes([1, 2, 3, 4, 5, 6 as Float])))
    let file = try NPYFile(url)
    #expect(file.shape == [2, 3])
    #expect(file.strides == [3, 1])
    #expect(file.elementType == .float32)
    #expect(try file.floats() == [1, 2, 3, 4, 5, 6])
  }

  @Test func readsFortranOrder() throws {
    let url = try scratch.file(
      "a.npy",
      npyBytes(header("<i2", "(2, 3)", fortran: true), data: rawBytes([1, 4, 2, 5, 3, 6 as Int16])))
    let file = try NPYFile(url)
    #expect(file.isFortranOrder && file.strides == [1, 2])
    #expect(try file.floats() == [1, 2, 3, 4, 5, 6])
    #expect(try file.int64s() == [1, 2, 3, 4, 5, 6])
  }

  @Test func readsEveryElementType() throws {
    func read(_ type: String, _ data: [UInt8]) throws -> [Double] {
      try NPYFile(try scratch.file("t.npy", npyBytes(header(type, "(2,)"), data: data))).doubles()
    }
    #expect(try read("|b1", [0, 2]) == [0, 1])
    #expect(try read("|u1", [0, 255]) == [0, 255])
    #expect(try read("|i1", [1, 255]) == [1, -1])
    #expect(try read("<u2", rawBytes([1, .max as UInt16])) == [1, 65535])
    #expect(try read("<i2", rawBytes([1, .min as Int16])) == [1, -32768])
    #expect(try read("<u4", rawBytes([1, .max as UInt32])) == [1, 4_294_967_295])
    #expect(try read("<i4", rawBytes([1, .min as Int32])) == [1, -2_147_483_648])
    #expect(try read("<u8", rawBytes([1, 1 << 63 as UInt64])) == [1, 9_223_372_036_854_775_808])
    #expect(
      try read("<i8", rawBytes([1, -(1 << 60) as Int64])) == [1, -1_152_921_504_606_846_976])
    #expect(try read("<f2", rawBytes([0x3C00, 0xC000 as UInt16])) == [1, -2])
    #expect(try read("<f4", rawBytes([0.5, -2 as Float])) == [0.5, -2])
    #expect(try read("<f8", rawBytes([0.1, -2 as Double])) == [0.1, -2])
  }

  @Test func readsSingleNumbersAndEmptyArrays() throws {
    let single = try NPYFile(
      try scratch.file("s.npy", npyBytes(header("<f8", "()"), data: rawBytes([2.5]))))
    #expect(single.shape == [])
    #expect(try single.floats() == [2.5])
    let empty = try NPYFile(try scratch.file("e.npy", npyBytes(header("<f4", "(0, 100, 4)"))))
    #expect(empty.shape == [0, 100, 4] && empty.count == 0)
    #expect(try empty.floats() == [])
  }

  @Test func acceptsPythonTwoSpelling() throws {
    let text = "{u'shape': (2L,), \"descr\": b'<i4', 'fortran_order': False}"
    let file = try NPYFile(
      try scratch.file("p.npy", npyBytes(text, data: rawBytes([7, 8 as Int32]))))
    #expect(try file.int64s() == [7, 8])
  }

  @Test func countsTrailingBytes() throws {
    let file = try NPYFile(
      try scratch.file("t.npy", npyBytes(header("|u1", "(2,)"), data: [1, 2, 3])))
    #expect(file.trailingByteCount == 1 && file.bytes.count == 2)
  }

  @Test func saysWhatIsWrong() throws {
    func error(_ bytes: [UInt8]) throws -> ArrayFileError {
      let url = try scratch.file("bad.npy", bytes)
      let found = try #require(arrayFileError { _ = try NPYFile(url) })
      #expect(found.kind == .badData)
      #expect(found.file.hasSuffix("bad.npy"))
      return found
    }
    #expect(try error([]).problem == "the file is empty")
    #expect(try error(Array("hello world, no array".utf8)).problem.contains("is not an npy file"))
    #expect(
      try error(Array(npyBytes(header("<f4", "(2,)")).prefix(30))).problem.contains("ends inside"))
    #expect(try error(npyBytes(header("<f4", "(2,)"), version: 9)).problem.contains("version 9.0"))
    let short = try error(npyBytes(header("<f4", "(2, 3)"), data: [0, 0, 0, 0]))
    #expect(short.problem.contains("cut short"))
    #expect(short.problem.contains("needs 24 bytes after the header, 4 are there"))
    #expect(
      try error(npyBytes(header(">f4", "(1,)"), data: [0, 0, 0, 0])).problem.contains("big-endian"))
    #expect(try error(npyBytes(header("<c8", "(1,)"))).problem.contains("'<c8'"))
    #expect(try error(npyBytes(header("<U5", "(1,)"))).problem.contains("holds text"))
    #expect(try error(npyBytes(header("|O", "(1,)"))).problem.contains("pickled"))
    #expect(
      try error(npyBytes("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"))
        .problem.contains("named fields"))
    #expect(try error(npyBytes("{'descr': '<f4', 'shape': (1,)}")).problem.contains("lacks one of"))
    #expect(
      try error(npyBytes("{'descr': '<f4', 'descr': '<f4'}")).problem.contains("unexpectedly"))
    #expect(try error(npyBytes("__import__('os').system('true')")).problem.contains("lacks a '{'"))
    #expect(
      try error(npyBytes(header("<f4", "(99999999999999999999,)"))).problem.contains("too large"))
    #expect(
      try error(npyBytes(header("<f4", "(0, 4294967296, 4294967296)"))).problem.contains(
        "more elements"))
    #expect(try error(npyBytes(header("<f8", "(-1,)"))).problem.contains("whole number"))
    let wide = "(" + [String](repeating: "1", count: 65).joined(separator: ", ") + ")"
    #expect(try error(npyBytes(header("<f4", wide))).problem.contains("65 axes"))
    let huge: [UInt8] = Array(npyBytes("", version: 2).prefix(8)) + [0xFF, 0xFF, 0xFF, 0x7F]
    #expect(try error(huge).problem.contains("claims a header of 2147483647 bytes"))
  }

  @Test func refusesFoldersAndMissingFiles() throws {
    let missing = try #require(arrayFileError { _ = try NPYFile(try scratch.file("none.npy")) })
    #expect(missing.kind == .missingInput && missing.description.contains("No such file"))
    let folder = try #require(arrayFileError { _ = try NPYFile(scratch.url) })
    #expect(folder.kind == .usage && folder.problem == "is a folder")
  }

  @Test func refusesFractionsWhereWholeNumbersAreExpected() throws {
    let url = try scratch.file(
      "f.npy", npyBytes(header("<f4", "(1,)"), data: rawBytes([1 as Float])))
    let file = try NPYFile(url)
    #expect(arrayFileError { _ = try file.int64s() }?.problem.contains("whole numbers") == true)
    let large = try scratch.file(
      "u.npy", npyBytes(header("<u8", "(2,)"), data: rawBytes([1, .max as UInt64])))
    let error = try #require(arrayFileError { _ = try NPYFile(large).int64s() })
    #expect(error.place == "element 1")
  }

  @Test func survivesEveryTruncation() throws {
    let whole = npyBytes(header("<f4", "(3, 4)"), data: rawBytes([Float](repeating: 1, count: 12)))
    for length in 0..<whole.count {
      let url = try scratch.file("cut.npy", Array(whole.prefix(length)))
      #expect(arrayFileError { _ = try NPYFile(url) } != nil)
    }
  }

  @Test(.enabled(if: SharedFiles.exist)) func readsFilesOfNumPy() throws {
    let image = try NPYFile(SharedFiles.url("golden/pt_readme/image.npy"))
    #expect(image.shape == [4, 2, 100, 100] && image.elementType == .float32)
    let crops = try NPYFile(SharedFiles.url("data/bbbc013/crops_u8_n64x64x2_gfp_dna.npy"))
    #expect(crops.shape == [794, 64, 64, 2] && crops.elementType == .uint8)
  }
}
