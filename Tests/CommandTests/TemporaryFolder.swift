import Foundation

/// A folder for one test that goes away with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "cytoself-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of a name in the folder.
  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  /// The relative paths of everything in the folder, sorted.
  func contents() -> [String] {
    FileManager.default.enumerator(atPath: url.path(percentEncoded: false))?
      .compactMap { $0 as? String }.sorted() ?? []
  }

  /// Whether a file or folder of a relative path is there.
  func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// The fields of every line of a table without quoted fields.
  func rows(_ name: String) throws -> [[String]] {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
      .split(separator: "\n")
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  /// Writes a text file and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return path(name)
  }
}
