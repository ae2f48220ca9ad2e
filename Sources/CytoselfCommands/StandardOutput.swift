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

  /// Writes what is buffered; a sentence if anything printed so far could not be written.
  ///
  /// A reader that has gone away is no failure, a full disk behind `> file` is one.
  static func flush() -> String? {
    errno = 0
    let isFlushed = fflush(stdout) == 0
    let number = errno
    guard !isFlushed || ferror(stdout) != 0 else { return nil }
    // A line that failed earlier has left its mark but not its reason, so the state of the pipe itself is read.
    var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    if number == EPIPE || (poll(&state, 1, 0) > 0 && state.revents & Int16(POLLERR) != 0) {
      return nil
    }
    let reason = number == 0 ? "" : " (\(String(cString: strerror(number))))"
    return "Standard output could not be written\(reason)."
  }
}
