import Foundation

/// The shared libraries of this process.
enum LoadedLibrary {
  /// The file of the loaded library whose name contains the text.
  static func path(containing name: String) -> String? {
    #if canImport(Darwin)
      return (0..<_dyld_image_count()).lazy
        .compactMap { _dyld_get_image_name($0).map { String(cString: $0) } }
        .first { URL(filePath: $0).lastPathComponent.contains(name) }
    #else
      // The kernel's list of mapped files; the path is the sixth column.
      guard let maps = Machine.text(of: "/proc/self/maps") else { return nil }
      for line in maps.split(separator: "\n") where line.contains(name) {
        guard let start = line.firstIndex(of: "/") else { continue }
        let path = String(line[start...])
        if URL(filePath: path).lastPathComponent.contains(name) { return path }
      }
      return nil
    #endif
  }

  /// The interface of the C++ standard library, which this program and libtorch must share.
  static var abi: String {
    #if canImport(Darwin)
      "libc++ ABI"
    #else
      // The shim does not compile against another one.
      "C++11 ABI"
    #endif
  }
}
