import CytoselfTraining
import Foundation
import Testing
import Torch
import TorchTestSupport
import TrainingTestSupport

/// The loss of every step of one seeded run, against the losses recorded in the repository.
///
/// A change that should not change results leaves this curve as it is. One that must (another order
/// of random draws, say) is recorded with `RECORD_GOLDEN=1`, and its commit says why.
@Suite(.leavesNoTensor) struct LossCurveTests {
  /// Relative, where the arithmetic is that of the recording.
  static let sameArithmetic = 1e-6
  /// Relative, over the first steps elsewhere: rounding errors grow during training.
  static let otherArithmetic = 2e-3
  static let firstSteps = 4

  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/loss_curve.txt")

  /// Whether this process is held to the instructions of the recording, as by `scripts/test` on x86.
  private static var isReproducible: Bool {
    let environment = ProcessInfo.processInfo.environment
    return !Runtime.usesKernels && Runtime.cpuCapability == "AVX2"
      && environment["ONEDNN_MAX_CPU_ISA"] == "AVX2"
      && environment["MKL_CBWR"]?.hasPrefix("AVX2") == true
  }

  @Test func lossesAreTheRecordedOnes() throws {
    let folder = try TemporaryFolder()
    let cells = folder.url.appending(path: "cells")
    try TinyCells.write(to: cells)
    let run = RunDirectory(folder.url.appending(path: "run"))
    _ = try Trainer.start(
      try TinyCells.configuration(cells, ["training.epochs=4"]), run: run, command: ["test"]
    ).train()
    struct Line: Decodable { var loss: Double }
    let losses = try String(contentsOf: run.metrics, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8)).loss
    }
    #expect(losses.count == 24)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      let text = losses.map { "\($0)\n" }.joined()
      try Data(text.utf8).write(to: Self.fixture)
      Issue.record("Recorded \(Self.fixture.path); run again without RECORD_GOLDEN.")
    }
    let recorded = try String(contentsOf: Self.fixture, encoding: .utf8)
      .split(separator: "\n").compactMap { Double($0) }
    try #require(recorded.count == losses.count)
    let errors = zip(losses, recorded).map { abs($0 - $1) / $1 }
    print("loss curve: greatest relative error \(errors.max() ?? 0)")
    if Self.isReproducible {
      #expect(errors.allSatisfy { $0 < Self.sameArithmetic }, "\(errors)")
    } else {
      #expect(errors.prefix(Self.firstSteps).allSatisfy { $0 < Self.otherArithmetic }, "\(errors)")
    }
  }
}
