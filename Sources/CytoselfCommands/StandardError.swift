import Foundation

extension String {
  /// The text with one full stop at its end where a quoted sentence has left two.
  var endingOnce: String { hasSuffix("..") && !hasSuffix("...") ? String(dropLast()) : self }
}

/// Messages to the user, separate from results.
package enum StandardError {
  /// A line that begins with the word warning.
  package static func warn(_ text: String) { print("warning: \(text.endingOnce)") }

  /// Writes a line, whether or not anyone still reads it.
  ///
  /// `FileHandle` would end the process when the reader has gone away.
  @Sendable package static func print(_ text: String) {
    var line = text + "\n"
    line.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = write(STDERR_FILENO, start, rest.count)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }
}
