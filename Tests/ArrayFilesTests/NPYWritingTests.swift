import ArrayFiles
import Foundation
import Testing

@Suite struct NPYWritingTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func returnsWhatWasWritten() throws {
    let url = try scratch.file("a.npy")
    try NPY.write([1, 2, 3, 4, 5, 6 as Float], shape: [3, 2], to: url)
    let file = try NPYFile(url)
    #expect(file.shape == [3, 2] && file.trailingByteCount == 0)
    #expect(try file.floats() == [1, 2, 3, 4, 5, 6])
    try NPY.write([-1, 1 << 40 as Int64], shape: [2], to: url)
    #expect(try NPYFile(url).int64s() == [-1, 1 << 40])
    try NPY.write([0.1], shape: [], to: url)
    #expect(try NPYFile(url).doubles() == [0.1])
    try NPY.write([Int32](), shape: [0, 7], to: url)
    #expect(try NPYFile(url).shape == [0, 7])
    try NPY.write([true, false], shape: [2], to: url)
    #expect(try NPYFile(url).elementType == .bool)
    #expect(try scratch.names() == ["a.npy"])
  }

  @Test func writesTheBytesOfNumPy() throws {
    // numpy.save of numpy.arange(3, dtype='<u2')
    let url = try scratch.file("a.npy")
    try NPY.write([0, 1, 2 as UInt16], shape: [3], to: url)
    let text = "{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }"
    var expected = npyBytes(text + String(repeating: " ", count: 128 - 10 - text.count - 1) + "\n")
    expected += [0, 0, 1, 0, 2, 0]
    #expect(try Array(Data(contentsOf: url)) == expected)
  }

  @Test func streamsItemsOfUnknownNumber() throws {
    let url = try scratch.file("s.npy")
    let writer = try NPYWriter(url, elementType: .float32, itemShape: [100, 3])
    for item in 0..<500 { try writer.append([Float](repeating: Float(item), count: 300)) }
    #expect(writer.itemCount == 500)
    #expect(try scratch.names() == ["s.npy.partial"])
    try writer.finish()
    #expect(try scratch.names() == ["s.npy"])
    let file = try NPYFile(url)
    #expect(file.shape == [500, 100, 3])
    #expect(try file.floats() == (0..<500).flatMap { [Float](repeating: Float($0), count: 300) })
  }

  @Test func streamsOtherTypes() throws {
    let url = try scratch.file("h.npy")
    let halves = try NPYWriter(url, elementType: .float16, itemShape: [2])
    try halves.append([0.5, 65504 as Float])
    try halves.finish()
    #expect(try NPYFile(url).floats() == [0.5, 65504])
    let codes = try NPYWriter(url, elementType: .int32, itemShape: [])
    try codes.append([3, -4, 5 as Int32])
    try codes.finish()
    #expect(try NPYFile(url).int64s() == [3, -4, 5])
    let error = try #require(
      arrayFileError { _ = try NPYWriter(url, elementType: .bfloat16, itemShape: []) })
    #expect(error.kind == .usage)
  }

  @Test func leavesNothingUnfinished() throws {
    let url = try scratch.file("u.npy")
    try NPY.write([1 as Float], shape: [1], to: url)
    do {
      let writer = try NPYWriter(url, elementType: .float32, itemShape: [])
      try writer.append([1, 2, 3 as Float])
    }
    #expect(try scratch.names() == ["u.npy"])
    #expect(try NPYFile(url).shape == [1])
  }

  @Test func saysWhyItCannotWrite() throws {
    let nowhere = scratch.url.appending(path: "no/such/a.npy")
    let missing = try #require(
      arrayFileError { try NPY.write([1 as Float], shape: [1], to: nowhere) })
    #expect(missing.kind == .inputOutput && missing.problem.contains("folder does not exist"))
    let folder = try #require(
      arrayFileError { try NPY.write([1 as Float], shape: [1], to: scratch.url) })
    #expect(folder.kind == .inputOutput && folder.problem.contains("a folder has this name"))
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func saysThatTheDiskIsFull() throws {
    let url = try scratch.file("f.npy")
    // The partial name leads to a device that is always full.
    try FileManager.default.createSymbolicLink(
      atPath: url.path(percentEncoded: false) + ".partial", withDestinationPath: "/dev/full")
    #expect(
      arrayFileError { try NPY.write([1 as Float], shape: [1], to: url) }?.kind == .inputOutput)
    #expect(try scratch.names() == ["f.npy.partial"])
  }
}
