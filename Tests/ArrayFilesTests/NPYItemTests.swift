import ArrayFiles
import Foundation
import Numerics
import Testing

@Suite struct NPYItemTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Writes values of C order in either order and type, and opens the file.
  private func file<Element: BitwiseCopyable>(
    _ values: [Element], _ type: String, shape: [Int], fortran: Bool
  ) throws -> NPYFile {
    var data = values
    if fortran {
      for (place, index) in allIndices(shape).enumerated() {
        var offset = 0
        for axis in shape.indices.reversed() { offset = offset * shape[axis] + index[axis] }
        data[offset] = values[place]
      }
    }
    let sizes = shape.map(String.init).joined(separator: ", ")
    let header =
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(sizes)), }"
    return try NPYFile(try scratch.file("x.npy", npyBytes(header, data: rawBytes(data))))
  }

  private func allIndices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { indices, size in indices.flatMap { i in (0..<size).map { i + [$0] } } }
  }

  @Test(arguments: [UInt64](1...40)) func gathersAnyPermutation(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let rank = Int.random(in: 1...5, using: &generator)
    let shape = (0..<rank).map { _ in Int.random(in: 1...5, using: &generator) }
    let count = shape.reduce(1, *)
    let values = (0..<count).map { _ in UInt16.random(in: 0...30_000, using: &generator) }
    let axes = Array(1..<rank).shuffled(using: &generator)
    let file = try file(values, "<u2", shape: shape, fortran: Bool.random(using: &generator))
    let item = Int.random(in: 0..<shape[0], using: &generator)
    var output = [Float](repeating: -1, count: count / shape[0])
    output.withUnsafeMutableBufferPointer { file.readItem(item, axes: axes, into: $0) }
    var strides = [Int](repeating: 1, count: rank)
    for axis in (0..<rank - 1).reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let expected = allIndices(axes.map { shape[$0] }).map { index in
      Float(values[zip(axes, index).reduce(item * strides[0]) { $0 + strides[$1.0] * $1.1 }])
    }
    #expect(output == expected)
  }

  @Test(arguments: [[3, 0, 2, 2], [3, 2, 2, 0]], [true, false])
  func readsItemsWithoutElements(shape: [Int], fortran: Bool) throws {
    let file = try file([Float](), "<f4", shape: shape, fortran: fortran)
    var output: [Float] = []
    try output.withUnsafeMutableBufferPointer { try file.readRows(2..<3, into: $0) }
    output.withUnsafeMutableBufferPointer { file.readItem(2, axes: [3, 1, 2], into: $0) }
  }

  @Test func tellsWhenTheFileWasShortened() throws {
    let file = try file([1, 2, 3, 4 as Float], "<f4", shape: [1, 2, 2], fortran: false)
    let handle = try FileHandle(forWritingTo: file.url)
    try handle.truncate(atOffset: 20)
    try handle.close()
    var output = [Float](repeating: 0, count: 4)
    let error = try #require(
      arrayFileError {
        try output.withUnsafeMutableBufferPointer { try file.readRows(0..<1, into: $0) }
      })
    #expect(error.kind == .inputOutput && error.problem.contains("become shorter"))
  }

  @Test func halvesAreExact() {
    for bits in UInt16.min...UInt16.max {
      let value = HalfPrecision.float(bits)
      if value.isNaN {
        #expect(bits & 0x7C00 == 0x7C00 && bits & 0x3FF != 0)
        #expect(HalfPrecision.float(HalfPrecision.half(value)).isNaN)
      } else {
        #expect(HalfPrecision.half(value) == bits)
      }
    }
    // Ties go to even; what is too large becomes infinity; what is too small becomes zero.
    #expect(HalfPrecision.half(2049) == HalfPrecision.half(2048))
    #expect(HalfPrecision.half(2051) == HalfPrecision.half(2052))
    #expect(HalfPrecision.float(HalfPrecision.half(65519)) == 65504)
    #expect(HalfPrecision.float(HalfPrecision.half(65520)) == .infinity)
    #expect(HalfPrecision.half(-1e-9) == 0x8000)
    #expect(HalfPrecision.float(1) == 5.9604645e-08)
  }
}
