import ArrayFiles
import Foundation
import Testing

@Suite struct NPYStringsTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func readsTextArrays() throws {
    let plain = try NPY.strings(fixture("labels_unicode.npy"))
    #expect(plain.shape == [2, 2] && plain.values == ["a", "µé", "", "😀x"])
    #expect(try NPY.strings(fixture("labels_unicode_fortran.npy")).values == ["a", "b", "c", "d"])
    #expect(try NPY.strings(fixture("labels_unicode_big.npy")).values == ["ab", "é"])
    #expect(try NPY.strings(fixture("labels_bytes.npy")).values == ["ab", "c", "é"])
  }

  @Test(arguments: ["labels_object.npy", "labels_object_fortran.npy"])
  func readsObjectArraysAsData(name: String) throws {
    let labels = try NPY.strings(fixture(name))
    #expect(labels.shape == [3, 3])
    #expect(
      labels.values == ["ENSG1", "ACTB", "3", "ENSG2", "µTUB", "", "ENSG1", "2.5", "True"])
  }

  @Test func readsNumPyScalarsInObjectArrays() throws {
    let labels = try NPY.strings(fixture("labels_numpy_scalars.npy"))
    #expect(labels.values == ["5", "text", "0.25", "raw"])
  }

  @Test func readsNumbersAsText() throws {
    let url = try scratch.file("n.npy")
    try NPY.write([3, -4 as Int32], shape: [2], to: url)
    #expect(try NPY.strings(url).values == ["3", "-4"])
    try NPY.write([true, false], shape: [2], to: url)
    #expect(try NPY.strings(url).values == ["True", "False"])
  }

  @Test func saysWhichElementIsNoLabel() throws {
    let error = try #require(arrayFileError { _ = try NPY.strings(fixture("labels_not_flat.npy")) })
    #expect(error.kind == .badData && error.place == "element 0")
    #expect(error.advice?.contains("astype(str)") == true)
  }

  @Test func refusesPicklesOfSomethingElse() throws {
    let header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"
    let call = Array("cos\nsystem\n(S'true'\ntR.".utf8)
    let url = try scratch.file("o.npy", npyBytes(header, data: call))
    let error = try #require(arrayFileError { _ = try NPY.strings(url) })
    #expect(error.problem.contains("does not describe an array of objects"))
  }

  @Test func refusesLyingHeaders() throws {
    func problem(_ type: String, _ shape: String, _ data: [UInt8]) throws -> String {
      let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
      let url = try scratch.file("l.npy", npyBytes(header, data: data))
      return try #require(arrayFileError { _ = try NPY.strings(url) }).description
    }
    #expect(try problem("<U4", "(2,)", [0, 0]).contains("cut short"))
    #expect(try problem("|S0", "(1000000000,)", []).contains("cut short"))
    #expect(try problem("<U1", "(1,)", [0, 0, 0x11, 0]).contains("element 0: has the code point"))
    #expect(try problem("|S1", "(1,)", [0xFF]).contains("element 0: is not valid UTF-8"))
    let big = Array(try Data(contentsOf: fixture("labels_object.npy")))
    let wrong = String(decoding: big, as: Unicode.ASCII.self).contains("(3, 3)")
    #expect(wrong)
    var changed = big
    let place = try #require(
      String(decoding: big.prefix(128), as: Unicode.ASCII.self).firstRange(of: "(3, 3)"))
    let offset = String(decoding: big.prefix(128), as: Unicode.ASCII.self)
      .distance(from: "".startIndex, to: place.lowerBound)
    changed[offset + 1] = UInt8(ascii: "4")
    let url = try scratch.file("c.npy", changed)
    #expect(
      arrayFileError { _ = try NPY.strings(url) }?.problem.contains("header says shape [4, 3]")
        == true)
  }

  @Test(.enabled(if: SharedFiles.exist)) func readsLabelsOfTheSampleLayout() throws {
    let labels = try NPY.strings(SharedFiles.url("data/opencell36/sample_layout/ACTB_label.npy"))
    #expect(labels.shape.first == 17)
    #expect(labels.values.contains("ACTB"))
    _ = try NPY.strings(SharedFiles.url("data/opencell36/sample_layout/NPM1_label.npy"))
    _ = try NPY.strings(SharedFiles.url("golden/analysis/split_labels.npy"))
  }
}
