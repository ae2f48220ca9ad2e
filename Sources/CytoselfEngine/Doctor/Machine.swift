import Foundation

/// The machine and its operating system.
enum Machine {
  /// Name and version of the system and the kind of processor.
  static var system: String {
    #if arch(x86_64)
      let processor = "x86_64"
    #elseif arch(arm64)
      let processor = "arm64"
    #else
      let processor = "other processor"
    #endif
    return ProcessInfo.processInfo.operatingSystemVersionString + ", " + processor
  }

  /// Memory that a new program could use without swapping, in bytes; nil where the system does not report it.
  static var availableMemory: UInt64? {
    guard let table = text(of: "/proc/meminfo") else { return nil }
    for line in table.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
    return nil
  }

  /// The text of a file that the kernel makes up while it is read.
  ///
  /// Such a file has no size, and `String(contentsOfFile:)` stops after its first page.
  static func text(of path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let bytes = try? file.readToEnd() else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The first line that a program prints, nil when it cannot be run or fails.
  static func firstLine(of program: URL, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return text.split(separator: "\n").first.map(String.init)
  }
}
