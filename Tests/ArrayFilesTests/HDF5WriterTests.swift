import ArrayFiles
import Foundation
import Testing

/// What is written through the HDF5 library; `WrittenForPythonTests` and its script read it with h5py.
@Suite struct HDF5WriterTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Keras files are what the reader here reads, so attributes and datasets are told by it.
  @Test(arguments: [0, 6]) func returnsWhatWasStreamed(deflate: Int) throws {
    let url = try scratch.file("s.h5")
    let writer = try HDF5Writer(url)
    try writer.group("layer")
    try writer.attribute("layer_names", ["layer"], of: "/")
    try writer.attribute("weight_names", ["a/b/values", "counts", "half", "none"], of: "layer")
    try writer.attribute("keras_version", "µ 2.15", of: "/")
    let values = try writer.dataset(
      "layer/a/b/values", .float64, shape: [1000, 7], deflate: deflate)
    // Ranges of uneven sizes, the last first.
    for range in [640..<1000, 0..<3, 3..<640] {
      try values.write(range, range.flatMap { row in (0..<7).map { Double(row * 7 + $0) } })
    }
    try writer.dataset("layer/counts", [3, -4, 5, 6] as [Int32], shape: [2, 2])
    try [0.5, -2].map(HalfPrecision.half).withUnsafeBytes {
      try writer.dataset("layer/half", .float16, shape: [2], bytes: $0)
    }
    _ = try writer.dataset("layer/none", .float32, shape: [0, 3], deflate: deflate)
    #expect(try scratch.names() == ["s.h5.partial"])
    try writer.finish()
    #expect(try scratch.names() == ["s.h5"])
    let file = try KerasWeights(url)
    #expect(file.kerasVersion == "µ 2.15")
    let arrays = try #require(file.layers.first).arrays
    #expect(arrays[0].doubles() == (0..<7000).map(Double.init))
    #expect(arrays[1].elementType == .int32 && arrays[1].doubles() == [3, -4, 5, 6])
    #expect(arrays[2].elementType == .float16 && arrays[2].floats() == [0.5, -2])
    #expect(arrays[3].shape == [0, 3])
  }

  @Test func sameCallsGiveTheSameBytes() throws {
    func write(_ name: String) throws -> Data {
      let url = try scratch.file(name)
      let writer = try HDF5Writer(url)
      try writer.dataset("texts", ["a", "", "é", String(repeating: "x", count: 100)])
      try writer.dataset("x", [1, 2, 3] as [Float])
      try writer.dataset("g/flags", [true, false])
      try writer.attribute("flag", true, of: "g")
      try writer.finish()
      return try Data(contentsOf: url)
    }
    #expect(try write("a.h5") == write("b.h5"))
  }

  @Test func leavesNothingUnfinished() throws {
    let url = try scratch.file("u.h5", [1, 2, 3])
    do {
      let writer = try HDF5Writer(url)
      try writer.dataset("x", [1, 2, 3] as [Float])
    }
    #expect(try scratch.names() == ["u.h5"])
    #expect(try Data(contentsOf: url) == Data([1, 2, 3]))
  }

  @Test func saysWhyItCannotWrite() throws {
    let nowhere = scratch.url.appending(path: "no/x.h5")
    let error = try #require(arrayFileError { _ = try HDF5Writer(nowhere) })
    #expect(error.kind == .inputOutput && error.problem.contains("folder does not exist"))
    let writer = try HDF5Writer(try scratch.file("t.h5"))
    try writer.group("twice")
    let twice = try #require(arrayFileError { try writer.group("twice") })
    #expect(twice.description.contains("the HDF5 library could not write it: name already exists"))
    // What the file holds is unknown from then on.
    #expect(arrayFileError { try writer.finish() } == twice)
  }

  /// Weights of Keras 3 have numbers for names; the advice must not lead to the same file again.
  @Test func weightsOfKeras3AreToldApart() throws {
    let url = try scratch.file("model.weights.h5")
    let writer = try HDF5Writer(url)
    try writer.dataset("layers/conv2d/vars/0", [1, 2] as [Float])
    try writer.finish()
    let error = try #require(arrayFileError { _ = try WeightFile(url) })
    #expect(error.kind == .badData && error.problem.contains("layout of Keras 3"))
    #expect(error.advice?.contains("model.save('model.h5')") == true)
    #expect(error.advice?.contains("TF_USE_LEGACY_KERAS=1") == true)
  }

  @Test func writersOfSeveralThreadsDoNotMeet() async throws {
    let scratch = scratch
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        let url = try scratch.file("p\(number).h5")
        group.addTask {
          let values = (0..<200).map { Float($0 + number) }
          for _ in 0..<20 {
            try values.withUnsafeBytes {
              try KerasWeights.write([("l", [("l/w:0", .float32, [200], $0)])], to: url)
            }
          }
          #expect(try KerasWeights(url).arrays.first?.floats() == values)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func versionIsKnown() {
    let parts = HDF5Writer.hdf5Version.split(separator: ".").compactMap { Int($0) }
    #expect(parts.count == 3 && parts[0] >= 1)
  }
}
