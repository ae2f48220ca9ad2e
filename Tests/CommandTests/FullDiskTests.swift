import ArrayFiles
import Foundation
import Testing

/// A disk that fills up in the middle of a job.
@Suite struct FullDiskTests {
  /// Only root may make a small file system to fill.
  static let canMount: Bool = {
    #if os(Linux)
      guard getuid() == 0 else { return false }
      guard let disk = try? SmallDisk(kilobytes: 64) else { return false }
      return disk.isMounted
    #else
      return false
    #endif
  }()

  @Test(.enabled(if: canMount, "a small file system needs root on Linux"))
  func trainingSaysThatTheDiskIsFull() async throws {
    let folder = try TemporaryFolder()
    let data = try TinyDataSet().write(to: folder)
    let disk = try SmallDisk(kilobytes: 256)
    let run = try await BuiltProgram.run(
      ["train", data, "--out", disk.path("run"), "--preset", "small", "--epochs", "1"])
    BadInput(
      "a full disk", status: 74, words: [disk.path("run"), "No space left"], data: { $0.path("") }
    )
    .expect(run)
    // What did not fit is not there under a name that says it is whole.
    let names = disk.folder.contents()
    #expect(!names.contains("run/best.safetensors"), "\(names)")
  }

  @Test(.enabled(if: canMount, "a small file system needs root on Linux"))
  func simulationSaysThatTheDiskIsFull() async throws {
    let disk = try SmallDisk(kilobytes: 256)
    let run = try await BuiltProgram.run(
      ["simulate", disk.path("cells"), "--fields", "3", "--cells", "4"])
    BadInput(
      "a full disk", status: 74, words: [disk.path(""), "No space left"], data: { $0.path("") }
    )
    .expect(run, nothingAt: disk.folder.url.appending(path: "cells"))
  }

  @Test(.enabled(if: canMount, "a small file system needs root on Linux"))
  func exportSaysThatTheDiskIsFull() async throws {
    let folder = try TemporaryFolder()
    let array = folder.url.appending(path: "x.npy")
    try NPY.write([Float](repeating: 1, count: 100_000), shape: [1000, 100], to: array)
    let disks = [("x.csv", 256)] + [64, 256, 400, 420, 440].map { ("x.h5ad", $0) }
    for (name, size) in disks {
      // At 400 and more it is what the HDF5 library gathered that does not fit, when it closes the file.
      let disk = try SmallDisk(kilobytes: size)
      let run = try await BuiltProgram.run(
        ["export", folder.path("x.npy"), "--features", "--out", disk.path(name)]
          .filter { name == "x.csv" || $0 != "--features" })
      BadInput(
        "a full disk", status: 74, words: [disk.path(name), "No space left"], data: { $0.path("") }
      )
      .expect(run)
      #expect(disk.folder.contents() == [], "\(size) kB")
    }
  }

  @Test(
    .enabled(if: canMount, "a small file system needs root on Linux"), arguments: [8, 40, 100, 160])
  func mapsSayThatTheDiskIsFull(kilobytes: Int) async throws {
    let folder = try TemporaryFolder()
    try NPY.write(
      (0..<1080).map { Float($0 * 37 % 101) }, shape: [54, 20],
      to: folder.url.appending(path: "x.npy"))
    let disk = try SmallDisk(kilobytes: kilobytes)
    let run = try await BuiltProgram.run(
      ["umap", folder.path("x.npy"), "--epochs", "5", "--out", disk.path("map")])
    BadInput(
      "a full disk", status: 74, words: [disk.path("map"), "space"], data: { $0.path("") }
    )
    .expect(run)
  }

  @Test(.enabled(if: canMount, "a small file system needs root on Linux"), arguments: [8, 60, 150])
  func atlasesSayThatTheDiskIsFull(kilobytes: Int) async throws {
    let folder = try TemporaryFolder()
    for (name, columns) in [("e", 20), ("map", 2)] {
      try NPY.write(
        (0..<1000 * columns).map { Float($0 * 37 % 101) }, shape: [1000, columns],
        to: folder.url.appending(path: "\(name).npy"))
    }
    let disk = try SmallDisk(kilobytes: kilobytes)
    let run = try await BuiltProgram.run(
      [
        "atlas", folder.path("e.npy"), "--umap", folder.path("map.npy"), "--out",
        disk.path("atlas"),
      ])
    BadInput("a full disk", status: 74, words: ["No space left"], data: { $0.path("") }).expect(run)
    #expect(disk.folder.contents() == [])
  }
}

/// A file system of a few kilobytes, in memory, that goes away with the test.
private final class SmallDisk {
  let folder: TemporaryFolder
  private(set) var isMounted = false

  init(kilobytes: Int) throws {
    folder = try TemporaryFolder()
    isMounted = try Self.run(
      "mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder.path("")])
  }

  deinit {
    if isMounted { _ = try? Self.run("umount", ["-l", folder.path("")]) }
  }

  func path(_ name: String) -> String { folder.path(name) }

  private static func run(_ program: String, _ arguments: [String]) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
