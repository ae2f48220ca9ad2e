import ArrayFiles
import Foundation
import Testing

@Suite struct SafetensorsTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func file(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) throws -> URL {
    let count = length ?? UInt64(header.utf8.count)
    let size = (0..<8).map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    return try scratch.file("t.safetensors", size + Array(header.utf8) + data)
  }

  private func problem(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) throws
    -> String
  {
    let url = try file(header, data, length: length)
    let error = try #require(arrayFileError { _ = try Safetensors(url) })
    #expect(error.kind == .badData)
    return error.description
  }

  @Test func returnsWhatWasWritten() throws {
    let url = try scratch.file("w.safetensors")
    let weights: [Float] = [1, 2, 3, 4, 5, 6]
    let counts: [Int64] = [7]
    let codes: [UInt8] = [1, 2, 3]
    try weights.withUnsafeBytes { weights in
      try counts.withUnsafeBytes { counts in
        try codes.withUnsafeBytes { codes in
          try Safetensors.write(
            [
              ("codes é\"\\\n", .uint8, [3], codes), ("a.weight", .float32, [2, 3], weights),
              ("steps", .int64, [], counts),
              ("none", .float16, [0, 4], UnsafeRawBufferPointer(start: nil, count: 0)),
            ], metadata: ["format": "pt", "note": "tab\there"], to: url)
        }
      }
    }
    #expect(try scratch.names() == ["w.safetensors"])
    let file = try Safetensors(url)
    #expect(Set(file.names) == ["codes é\"\\\n", "a.weight", "steps", "none"])
    #expect(file.metadata == ["format": "pt", "note": "tab\there"])
    #expect(try file.floats("a.weight") == weights)
    #expect(try file.info("a.weight").shape == [2, 3])
    #expect(try Array(file.bytes(of: "codes é\"\\\n")) == codes)
    #expect(try file.floats("steps") == [7])
    #expect(try file.info("none").elementType == .float16 && file.bytes(of: "none").isEmpty)
    let address = try #require(try file.bytes(of: "a.weight").baseAddress)
    #expect(Int(bitPattern: address).isMultiple(of: 8))
    #expect(!file.contains("b") && arrayFileError { _ = try file.info("b") }?.kind == .badData)
  }

  @Test func readsWhatPythonWrites() throws {
    // safetensors.numpy.save({"a": float32 [1, 2], "b": bool [True]}, {"k": "v"}), header unpadded
    let header =
      #"{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""b":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}      "#
    let file = try Safetensors(try file(header, rawBytes([1, 2 as Float]) + [1]))
    #expect(file.names == ["a", "b"] && file.metadata == ["k": "v"])
    #expect(try file.floats("a") == [1, 2] && file.floats("b") == [1])
    let escaped = #"{"\u00e9\ud83d\ude00\/":{"shape":[],"dtype":"U8","data_offsets":[0,1]}}"#
    #expect(try Safetensors(try self.file(escaped, [5])).names == ["é😀/"])
    #expect(try Safetensors(try self.file("{}")).names == [])
  }

  @Test func refusesLyingHeaders() throws {
    func entry(_ name: String, _ type: String, _ shape: String, _ range: String) -> String {
      #""\#(name)":{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(range)]}"#
    }
    let two = [UInt8](repeating: 0, count: 8)
    #expect(try problem("{}", length: 1 << 40).contains("claims a header of 1099511627776 bytes"))
    #expect(try problem("{}", length: .max).contains("claims a header"))
    #expect(
      try problem("{" + entry("a", "F32", "2", "0,8") + "}").contains("bytes 0..<8 of 0 bytes"))
    #expect(
      try problem("{" + entry("a", "F32", "2", "8,0") + "}", two).contains("bytes 8..<0 of 8"))
    #expect(try problem("{" + entry("a", "F32", "3", "0,8") + "}", two).contains("12 bytes, but 8"))
    #expect(try problem("{" + entry("a", "F8_E4M3", "8", "0,8") + "}", two).contains("'F8_E4M3'"))
    #expect(
      try problem("{" + entry("a", "F32", "4294967296,4294967296", "0,8") + "}", two)
        .contains("too large to address"))
    #expect(
      try problem("{" + entry("a", "F32", "99999999999999999999", "0,8") + "}", two)
        .contains("too large"))
    #expect(
      try problem(
        "{" + entry("a", "U8", "8", "0,8") + "," + entry("b", "U8", "4", "4,8") + "}", two
      )
      .contains("tensor 'b': overlaps"))
    #expect(
      try problem(
        "{" + entry("a", "U8", "2", "0,2") + "," + entry("b", "U8", "4", "4,8") + "}", two
      )
      .contains("leaves a gap"))
    #expect(
      try problem("{" + entry("a", "U8", "2", "0,2") + "}", two).contains("6 bytes no tensor"))
    #expect(
      try problem(
        "{" + entry("a", "U8", "4", "0,4") + "," + entry("a", "U8", "4", "4,8") + "}", two
      )
      .contains("occurs twice"))
    #expect(try problem("{" + entry("a", "U8", "-8", "0,8") + "}", two).contains("whole number"))
    #expect(try problem(#"{"a":{"dtype":"U8"}}"#).contains("lacks a dtype"))
    #expect(try problem(#"{"a":[1]}"#).contains("lacks a '{'"))
    #expect(try problem(#"{"__metadata__":{"a":1}}"#).contains("lacks a '\"'"))
    #expect(try problem(#"{"__metadata__":{},"__metadata__":{}}"#).contains("twice"))
    #expect(try problem(#"{"\ud800":{}}"#).contains("surrogate"))
    #expect(try problem("{} x").contains("text after its end"))
    #expect(try problem(String(repeating: "[", count: 100_000)).contains("lacks a '{'"))
    let short = try scratch.file("s.safetensors", [1, 2, 3])
    #expect(arrayFileError { _ = try Safetensors(short) }?.problem.contains("too short") == true)
  }
}
