import Foundation

/// A seeded stream of random numbers: the same seed gives the same numbers on every thread.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, 2014, doi:10.1145/2714064.2660195): one
/// 64-bit state, so that every simulated protein, field and cell can own a stream.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A stream that starts at `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// A stream of its own for the item that `path` names below `seed`, for example
  /// `[protein, field, cell]`.
  ///
  /// Streams of different paths are independent, so items can be made in any order.
  public init(seed: UInt64, path: [UInt64]) {
    var mixed = Self.scrambled(seed &+ 0x9E37_79B9_7F4A_7C15)
    for step in path {
      mixed = Self.scrambled(mixed ^ Self.scrambled(step &+ 0xD1B5_4A32_D192_ED03))
    }
    state = mixed
  }

  /// The next 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.scrambled(state)
  }

  @inline(__always)
  private static func scrambled(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A uniform number in [0, 1).
  @inline(__always)
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// A uniform number in [`low`, `high`).
  @inline(__always)
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * uniform()
  }

  /// A whole number in `low ... high`; the tiny bias of a 32-bit multiply is accepted.
  @inline(__always)
  public mutating func integer(_ low: Int, _ high: Int) -> Int {
    precondition(low <= high, "A random whole number needs low <= high.")
    let span = UInt64(high - low + 1)
    return low + Int(((next() >> 32) &* span) >> 32)
  }

  /// A standard normal number, by the inverse of the distribution in 4,096 steps.
  ///
  /// The steps are finer than camera noise needs; the largest magnitude is 3.7.
  @inline(__always)
  public mutating func normal() -> Float {
    NormalQuantiles.table[Int(next() >> 52)]
  }

  /// A Poisson count of mean `mean`: exact by inversion below 16, above it the normal
  /// approximation with its skewness term (Cornish and Fisher, 1938).
  @inline(__always)
  public mutating func poisson(_ mean: Float) -> Float {
    guard mean > 0 else { return 0 }
    if mean >= 16 {
      let deviate = normal()
      let value = mean + deviate * mean.squareRoot() + (deviate * deviate - 1) / 6
      return max(0, value.rounded())
    }
    var count: Float = 0
    var term = exp(-mean)
    var remaining = uniform() - term
    while remaining > 0, count < 80 {
      count += 1
      term *= mean / count
      remaining -= term
    }
    return count
  }
}

/// The middle quantiles of 4,096 equal slices of the standard normal distribution.
enum NormalQuantiles {
  nonisolated(unsafe) static let table: UnsafePointer<Float> = {
    let count = 4096
    let values = UnsafeMutablePointer<Float>.allocate(capacity: count)
    for index in 0..<count {
      values[index] = Float(quantile((Double(index) + 0.5) / Double(count)))
    }
    return UnsafePointer(values)
  }()

  /// The value below which a share `probability` of the distribution lies, by bisection of `erfc`.
  private static func quantile(_ probability: Double) -> Double {
    var low = -9.0
    var high = 9.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability {
        low = middle
      } else {
        high = middle
      }
    }
    return (low + high) / 2
  }
}
