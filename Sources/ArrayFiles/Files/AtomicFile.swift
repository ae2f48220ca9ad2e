public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that appears under its name only when it is complete.
///
/// Bytes go to `NAME.partial` beside it; `finish` syncs them to the disk and renames. An object
/// that goes away unfinished removes its partial file.
public final class AtomicFile {
  /// The final name.
  public let url: URL
  /// The path of the unfinished file, for libraries that write by name; they must neither remove nor
  /// replace it.
  package let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 18

  /// The bytes handed over so far.
  public private(set) var byteCount = 0

  /// Starts a file.
  ///
  /// - Throws: `inputOutput` when its folder does not exist or the system refuses.
  public init(_ url: URL) throws(ArrayFileError) {
    self.url = url
    let path = url.path(percentEncoded: false)
    self.partial = path + ".partial"
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw ArrayFileError(
        .inputOutput, url, problem: "cannot be written, a folder has this name",
        advice: "Choose another name")
    }
    descriptor = open(
      partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666 as mode_t)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT {
        throw ArrayFileError(
          .inputOutput, url, problem: "cannot be written, its folder does not exist",
          advice: "Make the folder first")
      }
      throw .system(code, url, doing: "create the file")
    }
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Takes up a file where an earlier process left it, unfinished or finished.
  ///
  /// - Parameters:
  ///   - url: The final name.
  ///   - byteCount: How much of it stands, as ``checkpoint()`` returned it; what follows is cut off.
  /// - Throws: `badData` when there is less of it; `inputOutput` when the system refuses.
  public init(_ url: URL, continuingAt byteCount: Int) throws(ArrayFileError) {
    self.url = url
    let path = url.path(percentEncoded: false)
    partial = path + ".partial"
    if access(partial, F_OK) != 0 { rename(path, partial) }
    descriptor = open(partial, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system(errno, url, doing: "take up the file") }
    let length = Int(lseek(descriptor, 0, SEEK_END))
    guard length >= byteCount else {
      close(descriptor)
      descriptor = -1
      throw ArrayFileError(
        .badData, url, problem: "has \(length) bytes where \(byteCount) were written",
        advice: "Remove it and start again")
    }
    guard ftruncate(descriptor, off_t(byteCount)) == 0,
      lseek(descriptor, 0, SEEK_END) == off_t(byteCount)
    else { throw .system(errno, url, doing: "take up the file") }
    self.byteCount = byteCount
    buffer.reserveCapacity(Self.bufferSize)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(partial)
    }
  }

  /// Syncs what was written so far, so that a later process can take the file up from here.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func checkpoint() throws(ArrayFileError) -> Int {
    try flush()
    guard fsync(descriptor) == 0 else { throw .system(errno, url, doing: "sync the file") }
    return byteCount
  }

  /// Leaves the unfinished file for a later process to take up.
  public func leave() {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  /// Appends bytes.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(ArrayFileError) {
    precondition(descriptor >= 0, "A finished file takes no more bytes.")
    byteCount += bytes.count
    if bytes.count < Self.bufferSize / 4 {
      buffer.append(contentsOf: bytes)
      if buffer.count >= Self.bufferSize { try flush() }
    } else {
      try flush()
      try put(bytes, at: nil)
    }
  }

  /// Appends bytes.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func write(_ bytes: [UInt8]) throws(ArrayFileError) {
    try withRawBytes(of: bytes) { raw throws(ArrayFileError) in try write(raw) }
  }

  /// Appends text as UTF-8.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func write(_ text: String) throws(ArrayFileError) {
    try write(Array(text.utf8))
  }

  /// Replaces bytes written earlier, such as a header whose counts are known only at the end.
  ///
  /// - Throws: `inputOutput` when the disk fails.
  public func rewrite(_ bytes: [UInt8], at offset: Int) throws(ArrayFileError) {
    precondition(
      offset >= 0 && offset + bytes.count <= byteCount, "Only bytes already written are replaced.")
    try flush()
    try withRawBytes(of: bytes) { raw throws(ArrayFileError) in try put(raw, at: offset) }
  }

  /// Syncs the content to the disk and gives the file its name.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails; nothing is left under the name then.
  public func finish() throws(ArrayFileError) {
    precondition(descriptor >= 0, "A file is finished once.")
    try flush()
    guard fsync(descriptor) == 0 else { throw .system(errno, url, doing: "sync the file") }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else {
      let code = errno
      unlink(partial)
      throw .system(code, url, doing: "close the file")
    }
    guard rename(partial, url.path(percentEncoded: false)) == 0 else {
      let code = errno
      unlink(partial)
      throw .system(code, url, doing: "give the finished file its name")
    }
    // The new name itself must survive a power cut; a system that cannot sync folders is fine.
    let folder = open(
      url.deletingLastPathComponent().path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Writes a whole file at once.
  ///
  /// - Throws: `inputOutput` when its folder does not exist, or the disk is full or fails.
  public static func write(_ bytes: [UInt8], to url: URL) throws(ArrayFileError) {
    let file = try AtomicFile(url)
    try file.write(bytes)
    try file.finish()
  }

  private func flush() throws(ArrayFileError) {
    guard !buffer.isEmpty else { return }
    let pending = buffer
    buffer.removeAll(keepingCapacity: true)
    try withRawBytes(of: pending) { raw throws(ArrayFileError) in try put(raw, at: nil) }
  }

  private func put(_ bytes: UnsafeRawBufferPointer, at offset: Int?) throws(ArrayFileError) {
    guard var source = bytes.baseAddress else { return }
    var left = bytes.count
    var place = offset ?? 0
    while left > 0 {
      // Linux writes at most 2 GB at once, macOS refuses more.
      let step = min(left, 1 << 30)
      let count =
        offset == nil
        ? systemWrite(descriptor, source, step) : pwrite(descriptor, source, step, off_t(place))
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(errno, url, doing: "write")
      }
      source += count
      left -= count
      place += count
    }
  }
}

// Inside the class `write` means its own method.
private func systemWrite(_ descriptor: Int32, _ source: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, source, count)
}

/// Hands the bytes of an array to a closure with a typed error.
func withRawBytes<Element: BitwiseCopyable, Result>(
  of values: [Element],
  _ body: (UnsafeRawBufferPointer) throws(ArrayFileError) -> Result
) throws(ArrayFileError) -> Result {
  let outcome = values.withUnsafeBytes { raw -> Swift.Result<Result, ArrayFileError> in
    do throws(ArrayFileError) { return .success(try body(raw)) } catch { return .failure(error) }
  }
  return try outcome.get()
}
