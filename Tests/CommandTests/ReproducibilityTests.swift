import Foundation
import Testing

/// The same command gives the same files, whoever watches.
@Suite struct ReproducibilityTests {
  private let tiny = [
    "--preset", "small", "--epochs", "1", "--threads", "1", "--set", "model.scale=quarter",
  ]

  @Test func givesTheSameBytesForTheSameSeed() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    for name in ["one", "two"] {
      let run = try await BuiltProgram.run(["train", data, "--out", folder.path(name)] + tiny)
      try #require(run.status == 0, "\(run.errors)")
    }
    let weights = try ["one", "two"].map {
      try Data(contentsOf: folder.url.appending(path: $0 + "/best.safetensors"))
    }
    #expect(weights[0] == weights[1])
    #expect(!folder.contents().contains { $0.hasSuffix(".partial") })
  }

  @Test func readsTheConfigurationThatItPrints() async throws {
    let folder = try TemporaryFolder()
    let first = try await BuiltProgram.run(
      ["train", "cells", "--preset", "small", "--print-config"])
    #expect(first.status == 0, "\(first.errors)")
    try folder.write(first.output, to: "mine.yaml")
    let second = try await BuiltProgram.run(
      ["train", "cells", "--config", folder.path("mine.yaml"), "--print-config"])
    #expect(second.output == first.output)
    let changed = try await BuiltProgram.run([
      "train", "cells", "--config", folder.path("mine.yaml"), "--set", "training.clip_norm=1.5",
      "--print-config",
    ])
    #expect(changed.output.contains("clip_norm: 1.5"), "\(changed.output)")
  }

  @Test func trainsOnWhenItsReaderLeaves() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let program = BuiltProgram.url.path(percentEncoded: false)
    let command =
      "{ '\(program)' train '\(data)' --out '\(folder.path("run"))' "
      + tiny.map { "'\($0)'" }.joined(separator: " ")
      + "; echo $? > '\(folder.path("status"))'; } 2>&1 | true"
    _ = try await BuiltProgram.run(program: URL(filePath: "/bin/sh"), ["-c", command])
    let status = try String(contentsOf: folder.url.appending(path: "status"), encoding: .utf8)
    #expect(status == "0\n")
    #expect(folder.contains("run/best.safetensors"))
  }
}
