import ArrayFiles
import CellData
import Foundation
import Testing

@Suite struct PixelTypeTests {
  func read(_ folder: TestFolder, _ scale: CellDataOptions.IntegerScale = .unit) throws -> [Float] {
    let data = try CellDataSet(
      folder.file("a.npy"), options: CellDataOptions(integerScale: scale))
    return try CropReader(data).crop(1)
  }

  @Test func integersAreScaledToOne() throws {
    let folder = try TestFolder()
    let bytes = (0..<512).map { UInt8($0 & 255) }
    try NPY.write(bytes, shape: [2, 16, 16], to: folder.file("a.npy"))
    for (value, byte) in zip(try read(folder), bytes[256...]) {
      #expect(value == Float(byte) / 255)
    }
    #expect(try read(folder, .none) == bytes[256...].map(Float.init))

    let words = (0..<512).map { UInt16($0 * 128 + 127) }
    try NPY.write(words, shape: [2, 16, 16], to: folder.file("a.npy"))
    let scaled = try read(folder)
    for (value, word) in zip(scaled, words[256...]) {
      #expect(value == Float(word) / 65535)
    }
    #expect(scaled[255] == 1)
    let notes = try CellDataSet(folder.file("a.npy")).notes
    #expect(notes.contains("uint16 pixels are divided by 65535"))
  }

  @Test func halvesAreExact() throws {
    let folder = try TestFolder()
    // Every finite half, subnormal ones and both zeros included.
    let halves = (0...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
    var bytes = Data()
    halves.withUnsafeBytes { bytes.append(contentsOf: $0) }
    let side = halves.count / 2 / 31
    try folder.writeNPY(
      "a.npy", descriptor: "<f2", shape: [2, side, 31], bytes: bytes)
    let values = try read(folder)
    #expect(values.count == halves.count / 2)
    for (value, half) in zip(values, halves[(halves.count / 2)...]) {
      #expect(value.bitPattern == HalfPrecision.float(half).bitPattern)
    }
  }

  @Test func doublesAndTruthValuesAreRead() throws {
    let folder = try TestFolder()
    let doubles = (0..<18).map { Double($0) / 3 }
    try NPY.write(doubles, shape: [2, 3, 3], to: folder.file("a.npy"))
    #expect(try read(folder) == doubles[9...].map(Float.init))
    try NPY.write((0..<18).map { $0 % 2 == 1 }, shape: [2, 3, 3], to: folder.file("a.npy"))
    #expect(try read(folder) == (9..<18).map { Float($0 % 2) })
  }

  @Test(arguments: [[5, 4, 3, 2], [5, 2, 4, 3], [5, 4, 3]])
  func fortranOrderGivesTheSame(shape: [Int]) throws {
    let folder = try TestFolder()
    let count = shape.reduce(1, *)
    let plain = (0..<count).map(Float.init)
    try NPY.write(plain, shape: shape, to: folder.file("a.npy"))
    let wanted = try read(folder)
    // The same array with the first axis fastest.
    var scattered = [Float](repeating: 0, count: count)
    for (index, value) in plain.enumerated() {
      var rest = index
      var place = 0
      for axis in shape.indices.reversed() {
        place += rest % shape[axis] * shape[..<axis].reduce(1, *)
        rest /= shape[axis]
      }
      scattered[place] = value
    }
    var bytes = Data()
    scattered.withUnsafeBytes { bytes.append(contentsOf: $0) }
    try folder.writeNPY("a.npy", descriptor: "<f4", fortran: true, shape: shape, bytes: bytes)
    #expect(try read(folder) == wanted)
  }
}
