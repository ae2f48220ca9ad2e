import Foundation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the benchmarks measure with.
package enum Measurement {
  /// The seconds that each of several runs of `body` took.
  package static func seconds(runs: Int, _ body: (Int) throws -> Void) rethrows -> [Double] {
    let clock = ContinuousClock()
    return try (0..<runs).map { run in
      let start = clock.now
      try body(run)
      return (clock.now - start) / .seconds(1)
    }
  }

  /// The most memory this process has had in use, in megabytes.
  package static func peakMegabytes() -> Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) * 1024 / 1e6
    #endif
  }

  /// Prints a report as one JSON object or as lines for a person.
  package static func print<Report: Encodable>(
    _ report: Report, asJSON: Bool, lines: () -> [String]
  ) throws {
    if asJSON {
      Swift.print(try report.jsonText())
    } else {
      for line in lines() { Swift.print(line) }
    }
  }
}
