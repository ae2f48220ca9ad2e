import Dispatch
import Foundation

/// Notices ctrl-C (SIGINT) and SIGTERM so that a run can finish its step and save.
///
/// The first signal requests a stop; a second one ends the process at once.
public final class Interruption: @unchecked Sendable {
  // Unchecked: `requested` and `sources` are touched under the lock alone.
  private let lock = NSLock()
  private var requested = false
  private var looksLeft: Int?
  private var sources: [any DispatchSourceSignal] = []

  /// An interruption that only ``request()`` brings about.
  public init() {}

  /// An interruption that comes about by itself when it is looked at for the `count`th time, so that
  /// tests can stop a run at any place.
  package init(atLook count: Int) {
    looksLeft = count
  }

  /// Whether a stop is requested.
  public var isRequested: Bool {
    lock.withLock {
      if let left = looksLeft {
        looksLeft = left - 1
        if left <= 1 { requested = true }
      }
      return requested
    }
  }

  /// Requests a stop.
  ///
  /// - Returns: whether it is the first request.
  @discardableResult
  public func request() -> Bool {
    lock.withLock {
      defer { requested = true }
      return !requested
    }
  }

  /// Listens to the signals for as long as this object lives.
  ///
  /// - Parameter notice: called at the first signal.
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
