import Foundation
import Numerics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Shows on standard error how much of a long job is done.
///
/// On a terminal it is one line that changes in place, with rate and time left; elsewhere a plain
/// line now and then, so that a log file stays readable.
public final class ProgressLine {
  private let label: String
  private let unit: String
  private let total: Int
  private let isTerminal: Bool
  private let interval: Double
  private let write: (String) -> Void
  private let clock: () -> Double
  private let start: Double
  private var first: Int
  private var done: Int
  private var lastShown: Double

  /// Progress through `total` units of work.
  ///
  /// - Parameters:
  ///   - label: what is going on, such as `epoch 3/20`.
  ///   - total: how many units there are.
  ///   - done: how many were done before, as when a run is resumed.
  ///   - unit: what is counted, such as `cells`.
  ///   - isTerminal: whether the line may change in place; nil detects it of standard error.
  ///   - write: where the text goes; nil for the standard error.
  ///   - clock: seconds from any start.
  public init(
    _ label: String, total: Int, done: Int = 0, unit: String = "cells", isTerminal: Bool? = nil,
    write: ((String) -> Void)? = nil, clock: (() -> Double)? = nil
  ) {
    self.label = label
    self.total = total
    self.unit = unit
    self.done = done
    first = done
    self.isTerminal = isTerminal ?? (isatty(STDERR_FILENO) == 1)
    interval = self.isTerminal ? 0.2 : 15
    // The write that throws: the other one ends the process when nobody reads any more.
    self.write = write ?? { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) }
    let clock = clock ?? { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
    self.clock = clock
    start = clock()
    lastShown = start
  }

  /// Counts `count` more units as done; `note` is shown beside the rate.
  public func advance(by count: Int, note: String = "") {
    done += count
    let now = clock()
    guard now - lastShown >= interval else { return }
    lastShown = now
    show(note, now)
  }

  /// Ends the line in place and writes a last plain one.
  public func finish(_ text: String? = nil) {
    if isTerminal { write("\r\u{1B}[K") }
    if let text { write(text + "\n") }
  }

  private func show(_ note: String, _ now: Double) {
    let seconds = now - start
    let rate = seconds > 0 ? Double(done - first) / seconds : 0
    var text = "\(label)  \(done)/\(total) \(unit)"
    if rate > 0 {
      text += "  \(rate.shortText) \(unit)/s"
      text += "  \(Self.duration(Double(total - done) / rate)) left"
    }
    if !note.isEmpty { text += "  \(note)" }
    guard isTerminal else {
      write(text + "\n")
      return
    }
    let width = 20
    let filled = total > 0 ? min(width, width * done / total) : width
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    write("\r\u{1B}[K[\(bar)] \(text)")
  }

  /// Seconds as `42s`, `3m05s` or `2h07m`.
  public static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
    return "\(whole / 3600)h\(two(whole / 60 % 60))m"
  }
}
