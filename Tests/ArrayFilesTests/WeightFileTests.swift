import ArrayFiles
import Foundation
import Testing

@Suite struct WeightFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func tellsFormatsApartByContent() throws {
    func open(_ name: String) throws -> WeightFile {
      let url = try scratch.file("weights", Array(try Data(contentsOf: fixture(name))))
      return try WeightFile(url)
    }
    #expect(try open("state_zip.pt").format == .torch)
    #expect(try open("state_legacy.pt").format == .torch)
    #expect(try open("checkpoint.chkp").format == .torch)
    #expect(try open("module_zip.pt").arrays.contains { $0.name == "0.linear.weight" })
    let keras = try open("keras_model.h5")
    #expect(keras.format == .keras && keras.arrays.count == 4)
    let url = try scratch.file("w.bin")
    try ([1, 2] as [Float]).withUnsafeBytes {
      try Safetensors.write([("a", .float32, [2], $0)], to: url)
    }
    let own = try WeightFile(url)
    #expect(own.format == .safetensors)
    #expect(own.arrays.map(\.name) == ["a"] && own.arrays[0].floats() == [1, 2])
  }

  @Test func saysWhatItIsNot() throws {
    let array = try #require(arrayFileError { _ = try WeightFile(fixture("labels_unicode.npy")) })
    #expect(array.kind == .badData)
    #expect(array.description.contains("neither safetensors, nor a file of torch.save, nor HDF5"))
    let empty = try scratch.file("empty", [])
    #expect(arrayFileError { _ = try WeightFile(empty) }?.problem == "the file is empty")
    let none = try scratch.file("none")
    #expect(arrayFileError { _ = try WeightFile(none) }?.kind == .missingInput)
  }
}
