/// A small seeded source of random bits: SplitMix64 (Steele, Lea and Flood, 2014).
///
/// Its sequence is fixed here rather than left to the standard library, so that the order of data
/// of a run does not change with the version of Swift.
public struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable {
  /// The whole state; store it to go on later.
  public private(set) var state: UInt64

  /// Starts a sequence that depends on all of the numbers given and on their order.
  public init(_ seeds: UInt64...) {
    state = seeds.reduce(0x6379_746F_7365_6C66) { Self.mix($0 ^ Self.mix($1 &+ Self.step)) }
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mix(state)
  }

  /// A number in `0..<bound`, every one equally likely to within 2^-64 times `bound`.
  public mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "A random number needs a bound above zero, not \(bound).")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers `0..<count` in random order (Fisher and Yates).
  ///
  /// - Complexity: O(`count`) time, four bytes per number.
  public mutating func permutation(_ count: Int) -> [UInt32] {
    precondition(count <= Int(UInt32.max), "A permutation holds at most 2^32 - 1 numbers.")
    var order = [UInt32](0..<UInt32(count))
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, next(below: last + 1))
    }
    return order
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
