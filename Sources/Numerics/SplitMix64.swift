/// A seeded stream of random numbers: the same seed gives the same numbers on every machine and thread.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, 2014, doi:10.1145/2714064.2660195): one
/// 64-bit state, so that every cell, row or batch can own a stream. Its sequence is fixed here rather
/// than left to the standard library, so that no result changes with the version of Swift. Each way to
/// seed it gives other numbers, which saved results depend on.
public struct SplitMix64: RandomNumberGenerator, Sendable, Equatable {
  @usableFromInline var state: UInt64

  @usableFromInline static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A stream whose state starts at `seed`.
  public init(seed: UInt64) {
    state = seed
  }

  /// A stream for one of several uses of a seed, which `stream` numbers.
  public init(seed: UInt64, stream: UInt64) {
    state = seed &+ stream &* 0xD1B5_4A32_D192_ED03
    state = next()
  }

  /// A stream of its own for the item that `path` names below `seed`, for example
  /// `[protein, field, cell]`.
  ///
  /// Streams of different paths are independent, so items can be made in any order.
  public init(seed: UInt64, path: [UInt64]) {
    var mixed = Self.scrambled(seed &+ Self.step)
    for number in path {
      mixed = Self.scrambled(mixed ^ Self.scrambled(number &+ 0xD1B5_4A32_D192_ED03))
    }
    state = mixed
  }

  /// A stream that depends on all of the numbers given and on their order.
  public init(hashing numbers: UInt64...) {
    state = numbers.reduce(0x6379_746F_7365_6C66) {
      Self.scrambled($0 ^ Self.scrambled($1 &+ Self.step))
    }
  }

  /// The next 64 random bits.
  @inlinable @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.scrambled(state)
  }

  @inlinable @inline(__always)
  static func scrambled(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
