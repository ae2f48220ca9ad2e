import ArrayFiles
import Foundation
import Testing

/// Weight files as people pass them on: under other names, without counters, with spoiled numbers.
@Suite(.serialized) struct SharedWeightTests {
  /// A trained model's tensors with their bytes.
  private typealias Tensors = [(name: String, type: ElementType, shape: [Int], bytes: [UInt8])]

  private func tensors(_ folder: TemporaryFolder, _ data: String) async throws -> Tensors {
    let trained = try await BuiltProgram.run([
      "train", data, "--out", folder.path("run"), "--preset", "small", "--batch-size", "8",
      "--threads", "1", "--epochs", "1", "--set", "model.scale=quarter", "--set",
      "model.levels=[{codes: 16, code_width: 4, stages: [[1, 3, 2, 32, 16, 1]]}, "
        + "{codes: 16, code_width: 8, stages: [[2, 3, 2, 16, 24, 2]]}]",
    ])
    #expect(trained.status == 0, "\(trained.errors)")
    return try WeightFile(folder.url.appending(path: "run/best.safetensors")).arrays.map { array in
      (array.name, array.elementType, array.shape, array.withBytes { Array($0) })
    }
  }

  /// Writes tensors as a state dictionary of PyTorch, which describes nothing.
  private func write(_ tensors: Tensors, to url: URL) throws {
    let buffers = tensors.map { tensor in
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: tensor.bytes.count, alignment: 64)
      buffer.copyBytes(from: tensor.bytes)
      return buffer
    }
    defer { for buffer in buffers { buffer.deallocate() } }
    try TorchFile.write(
      zip(tensors, buffers).map { ($0.name, $0.type, $0.shape, UnsafeRawBufferPointer($1)) },
      to: url)
  }

  @Test func whatIsUnambiguousIsRead() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let own = try await tensors(folder, data)
    let counter = ".num_batches_tracked"
    let cases: [(name: String, change: (Tensors) -> Tensors)] = [
      ("own", { $0 }),
      ("lightning", { $0.map { ("model." + $0.name, $0.type, $0.shape, $0.bytes) } }),
      ("wrapped", { $0.map { ("net._orig_mod." + $0.name, $0.type, $0.shape, $0.bytes) } }),
      ("uncounted", { $0.filter { !$0.name.hasSuffix(counter) } }),
    ]
    var embeddings: Set<Data> = []
    for (name, change) in cases {
      try write(change(own), to: folder.url.appending(path: name + ".pt"))
      let run = try await BuiltProgram.run([
        "embed", folder.path(name + ".pt"), data, "--out", folder.path("out-" + name), "--threads",
        "1",
      ])
      #expect(run.status == 0, "\(name): \(run.errors)")
      embeddings.insert(try Data(contentsOf: folder.url.appending(path: "out-\(name)/vqvec2.npy")))
    }
    #expect(embeddings.count == 1)

    let both = own + own.map { ("ema." + $0.name, $0.type, $0.shape, $0.bytes) }
    let beside =
      own.map { ("model." + $0.name, $0.type, $0.shape, $0.bytes) }
      + [own[0]].map {
        ("loss.weight", $0.type, $0.shape, $0.bytes)
      }
    try write(
      both.map { ("m." + $0.name, $0.type, $0.shape, $0.bytes) },
      to: folder.url.appending(path: "both.pt"))
    try write(beside, to: folder.url.appending(path: "beside.pt"))
    for (name, words) in [
      ("both.pt", ["those of 2 models ('m.', 'm.ema.')", "k[2:]"]),
      ("beside.pt", ["('loss.weight')", "k.startswith('model.')"]),
    ] {
      let run = try await BuiltProgram.run(["inspect", folder.path(name)])
      #expect(run.status == 65 && words.allSatisfy(run.output.contains), "\(run.output)")
    }
  }

  /// Not a number, infinite as float32, a variance below zero: every command says which tensor.
  @Test func numbersThatCannotBeAreRefused() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let own = try await tensors(folder, data)
    func spoiled(_ name: String, _ value: Float) throws -> Tensors {
      let place = try #require(own.firstIndex { $0.name == name })
      var tensors = own
      withUnsafeBytes(of: value) { tensors[place].bytes.replaceSubrange(0..<4, with: $0) }
      return tensors
    }
    let codebook = "vq_layers.0.codebook.weight"
    let variance = try #require(own.first { $0.name.hasSuffix("running_var") }).name
    let cases: [(tensors: Tensors, words: [String])] = [
      (try spoiled(codebook, .nan), ["'\(codebook)'", "1 of its 64 numbers is NaN or infinite"]),
      (try spoiled(codebook, -.infinity), ["'\(codebook)'", "NaN or infinite"]),
      (try spoiled(variance, -0.5), ["'\(variance)'", "below 0"]),
    ]
    for (tensors, words) in cases {
      try write(tensors, to: folder.url.appending(path: "w.pt"))
      let weights = folder.path("w.pt")
      for command in [
        ["inspect", weights], ["convert", weights, folder.path("out.pt")],
        ["embed", weights, data, "--out", folder.path("out")],
        ["reconstruct", weights, data, "--out", folder.path("out")],
        ["spectrum", "--codebook", weights, "--level", "1", "--out", folder.path("out")],
        ["train", data, "--out", folder.path("out"), "--init", weights],
      ] {
        let run = try await BuiltProgram.run(command)
        #expect(run.status == 65, "\(command): \(run.errors)")
        for word in words + ["w.pt"] {
          #expect(
            (run.output + run.errors).contains(word), "\(command): \(run.output)\(run.errors)")
        }
        #expect(!folder.contains("out") && !folder.contains("out.pt"), "\(command)")
      }
    }

    // Finite weights can still be too large for any result to be.
    try write(
      try spoiled("encoders.0.features.0.0.weight", 3e38), to: folder.url.appending(path: "w.pt"))
    let large = try await BuiltProgram.run(
      ["embed", folder.path("w.pt"), data, "--out", folder.path("large"), "--layer", "vqind1"])
    #expect(large.status == 65, "\(large.errors)")
    #expect(
      large.errors.contains("encoder1 of") && large.errors.contains("cell "), "\(large.errors)")
    #expect(!folder.contains("large/vqind1.npy"))
  }
}
