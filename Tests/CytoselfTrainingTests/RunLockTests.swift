import ArrayFiles
import CytoselfTraining
import Foundation
import JobControl
import Testing
import TorchTestSupport
import TrainingTestSupport

/// A run has one owner, and a run that cannot start changes nothing.
@Suite(.leavesNoTensor, .serialized) struct RunLockTests {
  let folder: TemporaryFolder
  let run: RunDirectory
  init() throws {
    folder = try TemporaryFolder()
    run = RunDirectory(folder.url.appending(path: "new/run"))
    try TinyCells.write(to: folder.url.appending(path: "cells"))
  }

  private func start(_ settings: [String] = [], resumes: Bool = false) throws -> Trainer {
    try Trainer.start(
      try TinyCells.configuration(folder.url.appending(path: "cells"), settings), run: run,
      resumes: resumes, command: ["test"])
  }

  /// Every file of the run by its path, with its bytes.
  private func contents() throws -> [String: Data] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: run.url.path)
    var contents: [String: Data] = [:]
    for name in names {
      let url = run.url.appending(path: name)
      if let data = try? Data(contentsOf: url) { contents[name] = data }
    }
    return contents
  }

  @Test func aRunInProgressIsNotTouched() throws {
    let live = try start()
    let before = try contents()
    #expect(before.keys.contains("config.yaml") && before.keys.contains("run.json"))
    for resumes in [true, false] {
      let error = #expect(throws: TrainingError.self) {
        try start(["training.epochs=7"], resumes: resumes)
      }
      #expect(
        error?.description
          == "\(run.url.path) is in use: another process is training into it. Wait for it to end or"
          + " stop it, or choose another --out.")
      #expect(error?.kind == .inputOutput)
      #expect(try contents() == before)
    }
    withExtendedLifetime(live) {}
  }

  @Test func theSecondOfTwoIntoANewFolderFindsItInUse() throws {
    let lock = try run.lock()
    let error = #expect(throws: TrainingError.self) { try start() }
    #expect(error == .inUse(run.url.path))
    #expect(try contents().keys.sorted() == [".lock"])
    withExtendedLifetime(lock) {}
  }

  @Test func aRunThatCannotStartLeavesNothing() throws {
    #expect(throws: TrainingError.self) { try start(["data.fractions=[1, 0, 0]"]) }
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "new").path))
    // In a folder that was there, it leaves what was in it.
    try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: run.url.appending(path: "notes.txt"))
    #expect(throws: TrainingError.self) { try start(["data.fractions=[1, 0, 0]"]) }
    #expect(try contents().keys.sorted() == ["notes.txt"])
    // The lock went with it.
    _ = try start()
  }

  @Test func aResumeThatCannotStartChangesNothing() throws {
    _ = try start()
    let before = try contents()
    try TinyCells.write(to: folder.url.appending(path: "cells")) { _, pixels in pixels[0] += 1 }
    let error = #expect(throws: TrainingError.self) {
      try start(["training.epochs=7"], resumes: true)
    }
    #expect(error?.description.contains("The data are not those the run began with") == true)
    #expect(try contents() == before)
  }
}
