package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Makes folders; what fails is an error that names the folder.
package enum NewFolder {
  /// Makes a folder and those above it, unless they are there.
  ///
  /// - Throws: `inputOutput` or `missingInput` naming the folder and what the system said.
  package static func make(_ url: URL) throws(ArrayFileError) {
    // Of a relative path the folders above might not be seen.
    let url = url.absoluteURL
    let path = url.path(percentEncoded: false)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
      guard isFolder.boolValue else {
        throw ArrayFileError(
          .inputOutput, url, problem: "is a file where a folder is to be made",
          advice: "Choose another name")
      }
      return
    }
    let parent = url.deletingLastPathComponent()
    if parent.path(percentEncoded: false) != path { try make(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw .system(errno, url, doing: "make the folder")
    }
  }

  /// Gives a file or folder another name.
  ///
  /// - Throws: `inputOutput` or `missingInput` naming the new name and what the system said.
  package static func move(_ url: URL, to target: URL) throws(ArrayFileError) {
    guard rename(url.path(percentEncoded: false), target.path(percentEncoded: false)) == 0 else {
      throw .system(errno, target, doing: "write the folder")
    }
  }
}
