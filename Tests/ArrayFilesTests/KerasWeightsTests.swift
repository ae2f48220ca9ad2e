import ArrayFiles
import Foundation
import Testing

@Suite struct KerasWeightsTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: [
    "keras_weights.h5", "keras_chunked_names.h5", "keras_model.h5", "keras_latest.h5",
  ]) func readsLayersInOrder(name: String) throws {
    let file = try KerasWeights(fixture(name))
    #expect(file.layers.map(\.name) == ["conv_1", "activation", "batch_norm_7"])
    #expect(file.kerasVersion == "2.15.0")
    #expect(
      file.arrays.map(\.name) == [
        "conv_1/kernel:0", "conv_1/bias:0", "batch_norm_7/gamma:0", "batch_norm_7/moving_mean:0",
      ])
    #expect(file.layers[1].arrays.isEmpty)
    for (place, array) in file.arrays.enumerated() {
      #expect(array.shape == [2, 3] && array.elementType == .float32)
      #expect(array.floats() == (0..<6).map { Float($0 * (place + 1)) })
    }
  }

  @Test func readsChunksFiltersAndLongText() throws {
    let arrays = try KerasWeights(fixture("keras_compressed.h5")).arrays
    #expect(arrays.map(\.name) == ["dense/kernel:0", "dense/bias:0"])
    #expect(arrays[0].shape == [20, 30])
    #expect(arrays[0].floats() == (0..<600).map(Float.init))
    #expect(arrays[1].elementType == .float64)
    #expect(arrays[1].doubles() == [0, 1, 2, 3, 4])
  }

  @Test func refusesWhatLeadsElsewhere() throws {
    func problem(_ name: String) throws -> String {
      let error = try #require(arrayFileError { _ = try KerasWeights(fixture(name)) })
      #expect(error.kind == .badData)
      return error.description
    }
    #expect(try problem("keras_external.h5").contains("to another file, which is not followed"))
    #expect(try problem("keras_cycle.h5").contains("'again/again/w', which is not there"))
    #expect(try problem("keras_plain.h5").contains("without the layer_names"))
    #expect(try problem("stored.npz").contains("no HDF5 file"))
  }

  @Test func saysWhichListIsMissing() throws {
    var bytes = Array(try Data(contentsOf: fixture("keras_weights.h5")))
    let name = try #require(bytes.firstRange(of: Array("weight_names".utf8)))
    bytes[name.lowerBound] = UInt8(ascii: "x")
    let layer = try scratch.file("l.h5", bytes)
    let error = try #require(arrayFileError { _ = try KerasWeights(layer) })
    #expect(error.description.contains("lacks its weight_names"))
    // A name in the list that leads nowhere.
    let kernel = try #require(bytes.firstRange(of: Array("batch_norm_7".utf8)))
    bytes[name.lowerBound] = UInt8(ascii: "w")
    bytes[kernel.lowerBound] = UInt8(ascii: "x")
    let wrong = try scratch.file("w.h5", bytes)
    #expect(arrayFileError { _ = try KerasWeights(wrong) } != nil)
  }

  @Test func returnsWhatWasWritten() throws {
    let url = try scratch.file("w.h5")
    let values = (0..<24).map(Float.init)
    // More layers than one node of names holds, and names too long for one attribute.
    let names = (0..<700).map { "layer_\($0)_" + String(repeating: "x", count: 120) }
    try values.withUnsafeBytes { bytes in
      try KerasWeights.write(
        names.enumerated().map { place, name in
          place % 3 == 2
            ? (name, [])
            : (
              name,
              [
                ("\(name)/deep/kernel:0", .float32, [2, 3, 4], bytes),
                (
                  "\(name)/bias:0", .float64, [1],
                  UnsafeRawBufferPointer(rebasing: bytes[8..<16])
                ),
              ]
            )
        }, to: url)
    }
    let file = try KerasWeights(url)
    #expect(file.layers.map(\.name) == names)
    #expect(
      file.layers[0].arrays.map(\.name) == ["\(names[0])/deep/kernel:0", "\(names[0])/bias:0"])
    #expect(file.layers[699].arrays[0].shape == [2, 3, 4])
    #expect(file.layers[699].arrays[0].floats() == values)
    #expect(file.layers[2].arrays.isEmpty)
    #expect(try scratch.names() == ["w.h5"])
  }

  @Test(arguments: ["keras_weights.h5", "keras_latest.h5", "keras_compressed.h5"])
  func survivesTruncation(name: String) throws {
    let whole = Array(try Data(contentsOf: fixture(name)))
    for part in 0..<100 {
      let url = try scratch.file("t.h5", Array(whole.prefix(whole.count * part / 100)))
      _ = arrayFileError { _ = try KerasWeights(url).arrays.map { $0.floats() } }
    }
    let empty = try scratch.file("e.h5", [])
    #expect(arrayFileError { _ = try KerasWeights(empty) } != nil)
  }

  @Test(.enabled(if: SharedFiles.exist)) func readsWhatKerasWrote() throws {
    let file = try KerasWeights(SharedFiles.url("golden/keras_full/weights.h5"))
    #expect(file.layers.count > 10 && file.arrays.count > 100)
    #expect(file.arrays.allSatisfy { $0.floats().allSatisfy(\.isFinite) })
  }
}
