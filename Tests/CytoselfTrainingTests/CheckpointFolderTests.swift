import CytoselfTraining
import Foundation
import Testing
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor) struct CheckpointFolderTests {
  let folder: TemporaryFolder
  let checkpoints: CheckpointFolder
  init() throws {
    folder = try TemporaryFolder()
    checkpoints = CheckpointFolder(folder.url)
  }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.url.path)) ?? []).sorted()
  }

  private func save(_ name: String, best: String? = nil) throws {
    try checkpoints.save(name: name, keeping: best) {
      try Data(name.utf8).write(to: $0.appending(path: "state.json"))
    }
  }

  @Test func newestTwoAndTheBestAreKept() throws {
    for (name, best) in [
      ("epoch-0001-step-00000005", nil), ("epoch-0002-step-00000010", "epoch-0002-step-00000010"),
      ("epoch-0003-step-00000020", "epoch-0002-step-00000010"),
      ("epoch-0004-step-00000030", "epoch-0002-step-00000010"),
      ("epoch-0005-step-00000040", "epoch-0002-step-00000010"),
    ] {
      try save(name, best: best)
    }
    #expect(
      names == [
        "epoch-0002-step-00000010", "epoch-0004-step-00000030", "epoch-0005-step-00000040",
      ])
    #expect(checkpoints.newest?.lastPathComponent == "epoch-0005-step-00000040")
  }

  @Test func failedSaveLeavesThePreviousOnly() throws {
    struct Full: Error {}
    try save("epoch-0001-step-00000005")
    #expect(throws: Full.self) {
      try checkpoints.save(name: "epoch-0001-step-00000006", keeping: nil) { partial in
        try Data("half".utf8).write(to: partial.appending(path: "state.json"))
        throw Full()
      }
    }
    #expect(names == ["epoch-0001-step-00000005"])
  }

  @Test func remainsOfAKilledSaveAreNoCheckpoint() throws {
    try save("epoch-0001-step-00000005")
    let partial = folder.url.appending(path: ".epoch-0001-step-00000006.partial")
    try FileManager.default.createDirectory(at: partial, withIntermediateDirectories: true)
    #expect(checkpoints.newest?.lastPathComponent == "epoch-0001-step-00000005")
    checkpoints.removeRemains()
    #expect(names == ["epoch-0001-step-00000005"])
  }

  /// A save that fails behind its checkpoint leaves older ones, which the next start removes.
  @Test func whatIsNoLongerNeededIsRemovedLater() throws {
    let all = (1...4).map { "epoch-000\($0)-step-0000000\($0)" }
    for name in all {
      try FileManager.default.createDirectory(
        at: folder.url.appending(path: name), withIntermediateDirectories: true)
    }
    try checkpoints.prune(keeping: all[0])
    #expect(names == [all[0], all[2], all[3]])
  }

  @Test func theSameStateTwiceIsWrittenOnce() throws {
    try save("epoch-0001-step-00000005")
    try checkpoints.save(name: "epoch-0001-step-00000005", keeping: nil) { _ in
      Issue.record("A complete checkpoint was written again.")
    }
  }
}
