// This file imports nothing else: C declares `stdout` as a variable that anyone may change, and only
// `@preconcurrency` lets it be used. Any other import of the C library would undo that.
#if canImport(Darwin)
  @preconcurrency import Darwin
#else
  @preconcurrency import Glibc
#endif

/// What `print` writes to.
enum StandardOutput {
  /// Lets each line appear as it is printed, also in a file or a pipe.
  static func bufferByLine() { setvbuf(stdout, nil, _IOLBF, 0) }

  /// Writes what is buffered; the error number if anything printed so far could not be written.
  static func flush() -> Int32? {
    errno = 0
    let isFlushed = fflush(stdout) == 0
    let number = errno
    if isFlushed && ferror(stdout) == 0 { return nil }
    // A line that failed earlier has left its mark, but not its reason.
    return number == 0 ? EIO : number
  }
}
