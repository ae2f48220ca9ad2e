import Foundation

/// Fast numbers in single precision, for pictures of many pixels.
extension SplitMix64 {
  /// A uniform number in [0, 1) with 24 random bits.
  @inlinable @inline(__always)
  public mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  /// A uniform number in [`low`, `high`).
  @inlinable @inline(__always)
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * uniform()
  }

  /// A whole number in `low ... high`; the bias of a 32-bit multiplication is at most 2^-32 of the span.
  @inlinable @inline(__always)
  public mutating func integer(_ low: Int, _ high: Int) -> Int {
    precondition(low <= high, "A random whole number needs low <= high.")
    let span = UInt64(high - low + 1)
    return low + Int(((next() >> 32) &* span) >> 32)
  }

  /// A standard normal number, by the inverse of the distribution in 4,096 steps.
  ///
  /// The steps are finer than camera noise needs; the largest magnitude is 3.7.
  @inlinable @inline(__always)
  public mutating func steppedNormal() -> Float {
    NormalQuantiles.table[Int(next() >> 52)]
  }

  /// A Poisson count of mean `mean`: exact by inversion below 16, above it the normal
  /// approximation with its skewness term (Cornish and Fisher, 1938).
  @inlinable @inline(__always)
  public mutating func poisson(_ mean: Float) -> Float {
    guard mean > 0 else { return 0 }
    if mean >= 16 {
      let deviate = steppedNormal()
      let value = mean + deviate * mean.squareRoot() + (deviate * deviate - 1) / 6
      return max(0, value.rounded())
    }
    return invertedPoisson(mean)
  }

  /// A Poisson count by inversion, for means below 16.
  @usableFromInline
  mutating func invertedPoisson(_ mean: Float) -> Float {
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
@usableFromInline
enum NormalQuantiles {
  @usableFromInline
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
