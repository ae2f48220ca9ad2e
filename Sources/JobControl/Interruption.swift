import Dispatch
import Foundation

/// Notices ctrl-C (SIGINT) and SIGTERM so that a run can finish its step and save.
///
/// The first signal asks to stop; a second one ends the process at once.
public final class Interruption: @unchecked Sendable {
  // Unchecked: `asked` and `sources` are touched under the lock alone.
  private let lock = NSLock()
  private var asked = false
  private var looksLeft: Int?
  private var sources: [any DispatchSourceSignal] = []

  /// An interruption that only ``request()`` brings about.
  public init() {}

  /// An interruption that comes about by itself when it is looked at for the `count`th time, so that
  /// tests can stop a run at any place.
  package init(atLook count: Int) {
    looksLeft = count
  }

  /// Whether somebody asked to stop.
  public var isRequested: Bool {
    lock.withLock {
      if let left = looksLeft {
        looksLeft = left - 1
        if left <= 1 { asked = true }
      }
      return asked
    }
  }

  /// Asks to stop.
  ///
  /// - Returns: whether it was the first to ask.
  @discardableResult
  public func request() -> Bool {
    lock.withLock {
      defer { asked = true }
      return !asked
    }
  }

  /// Listens to the signals for as long as this object lives.
  ///
  /// - Parameter notice: what to say at the first signal.
  public func listen(notice: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in
        guard let self, self.request() else { _exit(128 + number) }
        notice()
      }
      source.resume()
      lock.withLock { sources.append(source) }
    }
  }

  /// Gives the signals back their usual effect.
  public func stopListening() {
    lock.withLock {
      for source in sources { source.cancel() }
      sources = []
    }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
