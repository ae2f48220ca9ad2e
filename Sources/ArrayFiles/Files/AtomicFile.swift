public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that appears under its name only when it is complete.
///
/// Bytes go to `NAME.partial` beside it; `finish` syncs them to the disk and renames. An object
/// that goes away unfinished removes its partial file. After a failure every further call throws it
/// again: what the file holds is unknown then, and a sync that succeeds later would not mean that
/// everything is there.
public final class AtomicFile {
  /// The final name.
  public let url: URL
  /// The path of the unfinished file, for libraries that write by name; they must neither remove nor
  /// replace it.
  package let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 18
  private var failure: ArrayFileError?

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
    descriptor = try Self.open(partial, O_CREAT, as: url)
    guard ftruncate(descriptor, 0) == 0 else { throw .system(errno, url, doing: "create the file") }
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
    descriptor = try Self.open(partial, 0, as: url)
    let length = Int(lseek(descriptor, 0, SEEK_END))
    guard length >= byteCount else {
      leave()
      throw ArrayFileError(
        .badData, url, problem: "has \(length) bytes where \(byteCount) were written",
        advice: "Remove it and start again")
    }
    guard ftruncate(descriptor, off_t(byteCount)) == 0,
      lseek(descriptor, 0, SEEK_END) == off_t(byteCount)
    else {
      let error = ArrayFileError.system(errno, url, doing: "take up the file")
      leave()
      throw error
    }
    self.byteCount = byteCount
    buffer.reserveCapacity(Self.bufferSize)
  }

  /// Opens the unfinished file for this process alone.
  ///
  /// Two that write to one inode would give a name to a mixture. The lock ends with the process,
  /// however it ends; a disk that knows no locks is used without. It is one of `fcntl`, which does not
  /// meet the `flock` that the HDF5 library takes.
  private static func open(
    _ partial: String, _ flag: Int32, as url: URL
  ) throws(ArrayFileError) -> Int32 {
    while true {
      let opened = systemOpen(partial, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flag)
      guard opened >= 0 else {
        let code = errno
        guard code == ENOENT, flag == O_CREAT else {
          throw .system(code, url, doing: flag == O_CREAT ? "create the file" : "take up the file")
        }
        throw ArrayFileError(
          .inputOutput, url, problem: "cannot be written, its folder does not exist",
          advice: "Make the folder first")
      }
      var lock = flock()
      lock.l_type = numericCast(F_WRLCK)
      lock.l_whence = numericCast(SEEK_SET)
      if fcntl(opened, F_SETLK, &lock) != 0, [EACCES, EAGAIN].contains(errno) {
        close(opened)
        throw ArrayFileError(
          .inputOutput, url, problem: "is being written by another process",
          advice: "Wait for it to end or stop it, or choose another name")
      }
      // Whoever held it may have given it its name, or removed it, between the two calls.
      var (held, named) = (stat(), stat())
      if fstat(opened, &held) == 0, lstat(partial, &named) == 0, held.st_ino == named.st_ino,
        held.st_dev == named.st_dev
      {
        return opened
      }
      close(opened)
    }
  }

  deinit {
    if descriptor >= 0 {
      // A library that writes by name may still have it open; its space is free all the same.
      ftruncate(descriptor, 0)
      close(descriptor)
      unlink(partial)
    }
  }

  /// Syncs what was written so far, so that a later process can take the file up from here.
  ///
  /// - Returns: The bytes of the file.
  /// - Throws: `inputOutput` when the disk is full or fails.
  public func checkpoint() throws(ArrayFileError) -> Int {
    try attempt { () throws(ArrayFileError) in
      try flush()
      try sync()
    }
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
    try attempt { () throws(ArrayFileError) in
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
    try attempt { () throws(ArrayFileError) in
      try flush()
      try withRawBytes(of: bytes) { raw throws(ArrayFileError) in try put(raw, at: offset) }
    }
  }

  /// Syncs the content to the disk and gives the file its name.
  ///
  /// - Throws: `inputOutput` when the disk is full or fails; nothing is left under the name then.
  public func finish() throws(ArrayFileError) {
    try attempt { () throws(ArrayFileError) in
      precondition(descriptor >= 0, "A file is finished once.")
      try flush()
      try sync()
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
      // The new name itself must survive a power cut.
      let code = DiskSync.folder(url.deletingLastPathComponent())
      guard code == 0 else { throw .system(code, url, doing: "sync the folder around the file") }
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

  private func attempt(_ body: () throws(ArrayFileError) -> Void) throws(ArrayFileError) {
    if let failure { throw failure }
    do throws(ArrayFileError) { try body() } catch {
      failure = error
      throw error
    }
  }

  private func sync() throws(ArrayFileError) {
    let code = DiskSync.file(descriptor)
    guard code == 0 else { throw .system(code, url, doing: "sync the file") }
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

// Inside the class `open` and `write` mean its own methods.
private func systemOpen(_ path: String, _ flags: Int32) -> Int32 {
  open(path, flags, 0o666 as mode_t)
}

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
