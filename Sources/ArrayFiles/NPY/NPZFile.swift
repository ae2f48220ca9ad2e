public import Foundation

/// Several npy arrays in one archive, as `numpy.savez` and `savez_compressed` write them.
public struct NPZFile: Sendable {
  /// Where the file is.
  public var url: URL { archive.url }
  /// The names of the arrays, without `.npy`.
  public let names: [String]
  private let archive: ZipArchive

  /// Opens an archive and checks its directory.
  ///
  /// - Throws: `badData` when it is no archive of npy files.
  public init(_ url: URL) throws(ArrayFileError) {
    archive = try ZipArchive(try MappedFile(url))
    names = archive.names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    guard !names.isEmpty || archive.entries.isEmpty else {
      throw ArrayFileError(
        .badData, url, problem: "is an archive without npy arrays",
        advice: "Save it with numpy.savez")
    }
  }

  /// An array of numbers.
  ///
  /// - Throws: `badData` when there is none of this name, or it is damaged or holds text.
  public func array(_ name: String) throws(ArrayFileError) -> NamedArray {
    try NPY.array(try archive.block(name + ".npy"), name: name, file: entryURL(name))
  }

  /// An array of labels, as `NPY.strings` reads them.
  ///
  /// - Throws: `badData` when there is none of this name, or it is damaged.
  public func strings(_ name: String) throws(ArrayFileError) -> (shape: [Int], values: [String]) {
    try NPY.strings(try archive.block(name + ".npy"), file: entryURL(name))
  }

  /// What errors about one array name.
  private func entryURL(_ name: String) -> URL { url.appending(path: name + ".npy") }
}
