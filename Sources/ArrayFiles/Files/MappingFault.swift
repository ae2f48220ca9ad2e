import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What becomes of a process that touches mapped bytes which are no longer there: the file was shortened,
/// or its disk went away.
///
/// The system sends SIGBUS, of which no program can make an error to throw. Once ``explain()`` is called
/// the process ends with one sentence and the exit code 74 in place of a crash.
public enum MappingFault {
  /// A mapped file; `path` is nil in a free place.
  private struct Entry {
    var start: UInt = 0
    var end: UInt = 0
    var path: UnsafeMutablePointer<CChar>?
  }

  // The handler may neither lock nor allocate, so the places are fixed and made beforehand. More files
  // than that are used unnamed.
  private static let places = 1024
  private nonisolated(unsafe) static let table = {
    let table = UnsafeMutablePointer<Entry>.allocate(capacity: places)
    table.initialize(repeating: Entry(), count: places)
    return table
  }()
  private static let lock = NSLock()

  /// Ends the process with a sentence when a mapped file is no longer there.
  public static func explain() {
    _ = table
    var action = sigaction()
    let handler:
      @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void = {
        _, info, _ in
        MappingFault.end(at: info.map { UInt(bitPattern: MappingFault.address($0.pointee)) } ?? 0)
      }
    #if canImport(Darwin)
      action.__sigaction_u.__sa_sigaction = handler
    #else
      action.__sigaction_handler.sa_sigaction = handler
    #endif
    action.sa_flags = SA_SIGINFO
    sigaction(SIGBUS, &action, nil)
  }

  /// Takes note of a mapping; the place it has, which is nil when there is none left.
  static func add(_ base: UnsafeMutableRawPointer, _ count: Int, _ path: String) -> Int? {
    lock.withLock {
      guard let place = (0..<places).first(where: { table[$0].path == nil }) else { return nil }
      let start = UInt(bitPattern: base)
      table[place].start = start
      table[place].end = start + UInt(count)
      table[place].path = strdup(path)
      return place
    }
  }

  /// Forgets a mapping.
  static func remove(_ place: Int) {
    lock.withLock {
      free(table[place].path)
      table[place].path = nil
    }
  }

  private static func address(_ info: siginfo_t) -> UnsafeMutableRawPointer? {
    #if canImport(Darwin)
      info.si_addr
    #else
      info._sifields._sigfault.si_addr
    #endif
  }

  private static func end(at address: UInt) -> Never {
    say("error: ")
    var isKnown = false
    for place in 0..<places where !isKnown {
      if let path = table[place].path, address >= table[place].start, address < table[place].end {
        write(STDERR_FILENO, path, strlen(path))
        isKnown = true
      }
    }
    if !isKnown { say("a file that is in use") }
    say(
      ": has become shorter, or its disk can no longer be read. Do not change data while it is in use.\n"
    )
    _exit(74)
  }

  private static func say(_ text: StaticString) {
    write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
