import ArrayFiles
import Foundation
import Testing

@Suite struct TorchFileTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test(arguments: ["state_zip.pt", "state_legacy.pt"]) func readsStateDictionaries(name: String)
    throws
  {
    let file = try TorchFile(fixture(name))
    #expect(file.content == .stateDictionary)
    let arrays = Dictionary(uniqueKeysWithValues: file.arrays.map { ($0.name, $0) })
    #expect(
      file.arrays.map(\.name) == [
        "whole", "view", "transposed", "strided", "expanded", "half", "bfloat16", "double", "long",
        "int", "short", "byte", "char", "bool", "scalar", "empty", "parameter",
      ])
    func values(_ name: String) throws -> [Double] { try #require(arrays[name]).doubles() }
    #expect(arrays["whole"]?.shape == [2, 3, 4])
    #expect(try values("whole") == (0..<24).map(Double.init))
    #expect(arrays["view"]?.shape == [2, 3])
    #expect(try values("view") == [6, 7, 8, 9, 10, 11])
    #expect(arrays["transposed"]?.shape == [6, 4])
    #expect(try values("transposed").prefix(5) == [0, 6, 12, 18, 1])
    #expect(try values("strided") == [1, 6, 11, 16, 21])
    #expect(arrays["expanded"]?.shape == [3, 2])
    #expect(try values("expanded") == [1, 1, 1, 1, 1, 1])
    #expect(arrays["half"]?.elementType == .float16)
    #expect(try values("half") == [0.5, -2])
    #expect(arrays["bfloat16"]?.elementType == .bfloat16)
    #expect(try values("bfloat16") == [1.5, -4])
    #expect(try values("double") == [0.1])
    #expect(try values("long") == [1_099_511_627_776, -3])
    #expect(try values("int") == [7, -8])
    #expect(try values("short") == [9])
    #expect(try values("byte") == [250])
    #expect(try values("char") == [-5])
    #expect(try values("bool") == [1, 0])
    #expect(arrays["scalar"]?.shape == [])
    #expect(try values("scalar") == [3])
    #expect(arrays["empty"]?.shape == [0, 4])
    #expect(try values("empty") == [])
    #expect(try values("parameter") == [11, 12])
    let bytes = try #require(arrays["transposed"]).withBytes { Array($0) }
    #expect(bytes == rawBytes((0..<6).flatMap { row in (0..<4).map { Float($0 * 6 + row) } }))
  }

  @Test(arguments: ["module_zip.pt", "module_legacy.pt"]) func readsWholeModules(name: String)
    throws
  {
    let file = try TorchFile(fixture(name))
    #expect(file.content == .module)
    #expect(file.className == "torch.nn.modules.container.Sequential")
    // The names and order of state_dict(); the buffer that is not persistent is left out.
    #expect(
      file.arrays.map(\.name) == [
        "0.fixed", "0.linear.weight", "0.linear.bias", "0.norm.running_mean", "0.norm.running_var",
        "0.norm.num_batches_tracked",
      ])
    #expect(file.arrays[1].shape == [3, 2])
    #expect(file.arrays[1].floats() == [0, 1, 2, 3, 4, 5])
    #expect(file.arrays[2].floats() == [0.5, 0.25, 0.125])
    #expect(file.arrays[5].elementType == .int64)
  }

  @Test func readsCheckpoints() throws {
    let file = try TorchFile(fixture("checkpoint.chkp"))
    #expect(file.content == .checkpoint)
    #expect(file.numbers == ["epoch": 3])
    #expect(file.arrays.map(\.name).contains("0.linear.weight"))
    let optimizer = try #require(file.optimizer)
    #expect(
      optimizer.arrays.map(\.name) == [
        "1.step", "1.exp_avg", "1.exp_avg_sq", "2.step", "2.exp_avg", "2.exp_avg_sq",
      ]
        || optimizer.arrays.map(\.name) == [
          "0.step", "0.exp_avg", "0.exp_avg_sq", "1.step", "1.exp_avg", "1.exp_avg_sq",
        ])
    #expect(optimizer.groups.first?["lr"] == 1e-3)
    #expect(file.history.map(\.name) == ["epoch", "train_loss", "lr"])
    #expect(
      file.history.map(\.values) == [[1, 2, 3], [0.5, 0.25, 0.125], [1e-3, 1e-3, 1e-4]])
  }

  @Test(arguments: [UInt64(0xFFFF_FFFF), 16]) func returnsWhatWasWritten(wideFrom: UInt64) throws {
    let url = try scratch.file("w.pt")
    let weights = (0..<35).map { Float($0) / 4 }
    let counts: [Int64] = [1 << 40]
    let wide: [UInt16] = [60_000, 3]
    try weights.withUnsafeBytes { weights in
      try counts.withUnsafeBytes { counts in
        try wide.withUnsafeBytes { wide in
          try TorchFile.write(
            [
              ("encoder.0.weight", .float32, [5, 7], weights), ("steps é", .int64, [], counts),
              ("wide", .uint16, [2], wide),
              ("none", .float16, [0], UnsafeRawBufferPointer(start: nil, count: 0)),
            ], to: url, wideFrom: wideFrom)
        }
      }
    }
    #expect(try scratch.names() == ["w.pt"])
    let file = try TorchFile(url)
    #expect(file.content == .stateDictionary)
    #expect(file.arrays.map(\.name) == ["encoder.0.weight", "steps é", "wide", "none"])
    #expect(file.arrays.map(\.shape) == [[5, 7], [], [2], [0]])
    #expect(file.arrays.map(\.elementType) == [.float32, .int64, .uint16, .float16])
    #expect(file.arrays[0].floats() == weights)
    #expect(file.arrays[1].doubles() == [1_099_511_627_776])
    #expect(file.arrays[2].doubles() == [60_000, 3])
    file.arrays[0].withBytes { bytes in
      let offset = Int(bitPattern: bytes.baseAddress) % 64
      #expect(offset == 0)
    }
  }

  @Test func saysWhatIsWrong() throws {
    func problem(_ change: (inout [UInt8]) throws -> Void, of name: String = "state_legacy.pt")
      throws
      -> String
    {
      var bytes = Array(try Data(contentsOf: fixture(name)))
      try change(&bytes)
      let url = try scratch.file("b.pt", bytes)
      let error = try #require(arrayFileError { _ = try TorchFile(url) })
      #expect(error.kind == .badData)
      return error.description
    }
    func replace(_ bytes: inout [UInt8], _ old: String, _ new: String) throws {
      let range = try #require(bytes.firstRange(of: Array(old.utf8)))
      bytes.replaceSubrange(range, with: Array(new.utf8))
    }
    #expect(try problem { $0 = [1, 2, 3] }.contains("no file of torch.save"))
    #expect(try problem { $0.removeLast(3) }.contains("cut short"))
    let order = try problem { bytes in
      let key = try #require(bytes.firstRange(of: Array("little_endian".utf8)))
      let flag = try #require(bytes[key.upperBound...].firstIndex(of: 0x88))
      bytes[flag] = 0x89
    }
    #expect(order.contains("big-endian"))
    #expect(
      try problem { try replace(&$0, "FloatStorage", "QInt8Storage") }.contains("not known here"))
    #expect(
      try problem { try replace(&$0, "_rebuild_tensor_v2", "_rebuild_sparse_t_") }
        .contains("torch._utils._rebuild_sparse_t_"))
    let zipped = try problem(
      { try replace(&$0, "little", "bigbig") },
      of: "state_zip.pt")
    #expect(zipped.contains("does not match its checksum"))
  }

  @Test func refusesTensorsLargerThanTheFile() throws {
    // One stored number, seen as two thousand million of them by a stride of zero.
    var bytes = Array(try Data(contentsOf: fixture("state_legacy.pt")))
    // The shape (3, 2) of the expanded tensor: BININT1 3, BININT1 2, TUPLE2.
    let range = try #require(bytes.firstRange(of: [0x4B, 3, 0x4B, 2, 0x86]))
    bytes.replaceSubrange(range, with: [0x4A, 0, 0, 0, 0x40, 0x4B, 2, 0x86])
    let url = try scratch.file("e.pt", bytes)
    let error = try #require(arrayFileError { _ = try TorchFile(url) })
    #expect(error.problem.contains("larger than the whole file"))
  }

  @Test(arguments: ["state_zip.pt", "state_legacy.pt", "module_zip.pt", "checkpoint.chkp"])
  func survivesTruncation(name: String) throws {
    let whole = Array(try Data(contentsOf: fixture(name)))
    for part in 0..<100 {
      let url = try scratch.file("t.pt", Array(whole.prefix(whole.count * part / 100)))
      #expect(arrayFileError { _ = try TorchFile(url) } != nil)
    }
  }

  @Test(.enabled(if: SharedFiles.exist)) func readsWhatUpstreamWrote() throws {
    let checkpoint = try TorchFile(SharedFiles.url("golden/pt_vqvaefc/checkpoint_ep1.chkp"))
    let module = try TorchFile(SharedFiles.url("golden/pt_vqvaefc/model_1.pt"))
    let state = try TorchFile(SharedFiles.url("golden/pt_vqvaefc/state_dict.pt"))
    #expect(checkpoint.content == .checkpoint && module.content == .module)
    #expect(module.className?.hasPrefix("cytoself.") == true)
    #expect(Set(module.arrays.map(\.name)) == Set(state.arrays.map(\.name)))
    #expect(module.arrays.map(\.name) == state.arrays.map(\.name))
    #expect(checkpoint.arrays.map(\.shape) == state.arrays.map(\.shape))
    #expect(checkpoint.history.isEmpty == false)
    for name in ["pt_readme", "pt_split", "pt_lite"] {
      let file = try TorchFile(SharedFiles.url("golden/\(name)/state_dict.pt"))
      #expect(file.arrays.count > 300)
      #expect(file.arrays.allSatisfy { $0.doubles().allSatisfy(\.isFinite) })
    }
  }
}
