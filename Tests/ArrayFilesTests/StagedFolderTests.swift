import ArrayFiles
import Foundation
import Testing

/// Folders whose content gets its name when all of it is complete.
@Suite struct StagedFolderTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  @Test func oneProcessAtATimeWritesAFolder() throws {
    let target = scratch.url.appending(path: "set", directoryHint: .isDirectory)
    var first: StagedFolder? = try StagedFolder(target)
    try NPY.write(
      [1, 2] as [Float], shape: [2], to: try #require(first).url.appending(path: "a.npy"))
    for continuing in [false, true] {
      let error = try #require(
        arrayFileError { _ = try StagedFolder(target, continuing: continuing) })
      #expect(error.kind == .inputOutput)
      #expect(error.problem == "another process is writing into this folder")
    }
    #expect(try scratch.names() == [".set.partial"])
    first = nil
    // Nobody holds it now: what was left is taken up, or removed.
    let second = try StagedFolder(target, continuing: true)
    #expect(try NPYFile(second.url.appending(path: "a.npy")).floats() == [1, 2])
    try second.publish()
    #expect(try scratch.names() == ["set"])
  }

  @Test func filesOfAFolderAreReplacedTogether() throws {
    let old = try scratch.file("a.npy", [1])
    let staging = try StagedFolder(inside: scratch.url, as: "new")
    for name in ["a.npy", "b.npy"] {
      try NPY.write([3] as [Float], shape: [1], to: staging.url.appending(path: name))
    }
    #expect(try Data(contentsOf: old) == Data([1]))
    try staging.publish(files: ["a.npy", "b.npy"])
    #expect(try scratch.names() == ["a.npy", "b.npy"])
    #expect(try NPYFile(old).floats() == [3])
  }
}
