import Foundation
import Testing

/// Compares a text with the one kept under `Snapshots/`.
///
/// A snapshot that is not there yet is recorded, and the test fails so that someone looks at it
/// before it is committed. `RECORD_SNAPSHOTS=1` records all of them anew, and fails likewise.
func expectSnapshot(
  _ text: String, named name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")
  let url = folder.appending(path: name + ".txt")
  let record = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil
  guard !record, let kept = try? String(contentsOf: url, encoding: .utf8) else {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
    Issue.record(
      "Recorded Snapshots/\(name).txt; read it, commit it, run again.",
      sourceLocation: sourceLocation)
    return
  }
  guard kept != text else { return }
  let difference = zip(
    kept.split(separator: "\n", omittingEmptySubsequences: false),
    text.split(separator: "\n", omittingEmptySubsequences: false)
  ).enumerated().first { $1.0 != $1.1 }
  let place = difference.map { "line \($0 + 1):\n- \($1.0)\n+ \($1.1)" } ?? "one is longer"
  Issue.record(
    "Snapshots/\(name).txt differs (RECORD_SNAPSHOTS=1 records it anew), \(place)",
    sourceLocation: sourceLocation)
}
