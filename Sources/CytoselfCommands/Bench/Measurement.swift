import Foundation
import Torch

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the benchmarks measure with.
enum Measurement {
  /// The seconds that each of several runs of `body` took.
  static func seconds(runs: Int, _ body: (Int) throws -> Void) rethrows -> [Double] {
    let clock = ContinuousClock()
    return try (0..<runs).map { run in
      let start = clock.now
      try body(run)
      return (clock.now - start) / .seconds(1)
    }
  }

  /// The middle of some numbers; the mean of the two middle ones of an even count.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    guard !sorted.isEmpty else { return .nan }
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The most memory this process has had in use, in megabytes.
  static func peakMegabytes() -> Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1e6
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return Double(usage.ru_maxrss) * 1024 / 1e6
    #endif
  }

  /// The rate of float32 matrix products of this machine, in billions of operations per second:
  /// the median of nine products of 1536 x 1536.
  static func matrixProductRate() throws -> Double {
    let side = 1536
    let a = try Tensor.filled(with: 0.5, shape: [side, side])
    _ = try a.matrixProduct(a)
    let times = try seconds(runs: 9) { _ in _ = try a.matrixProduct(a) }
    return 2 * Double(side * side * side) / median(times) / 1e9
  }

  /// Random images, uniform between 0 and 1.
  static func images(_ shape: [Int], seed: UInt64, device: Device) throws -> Tensor {
    let images = try Tensor.filled(with: 0, shape: shape)
    try Generator(seed: seed).fillUniform(images, from: 0, to: 1)
    return try images.to(device)
  }

  /// Prints a report as one JSON object or as lines for a person.
  static func print<Report: Encodable>(
    _ report: Report, asJSON: Bool, lines: () -> [String]
  ) throws {
    if asJSON {
      Swift.print(try report.jsonText())
    } else {
      for line in lines() { Swift.print(line) }
    }
  }
}

extension Double {
  /// The number with a fixed count of decimals.
  func decimals(_ count: Int) -> String {
    formatted(
      .number.precision(.fractionLength(count)).grouping(.never).locale(
        .init(identifier: "en_US_POSIX")))
  }
}
