import Foundation

/// Whole numbers, orders, samples and real numbers in double precision.
extension SplitMix64 {
  /// A whole number in `0..<bound`, every one equally likely to within 2^-64 times `bound`.
  @inlinable
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
    shuffle(&order)
    return order
  }

  /// Shuffles in place (Fisher and Yates).
  @inlinable
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, next(below: last + 1))
    }
  }

  /// `count` different numbers of `0..<total`, ascending (Floyd's algorithm: every subset is equally
  /// likely).
  public mutating func sample(_ count: Int, of total: Int) -> [Int] {
    guard count < total else { return Array(0..<total) }
    var chosen = Set<Int>()
    for top in total - count..<total {
      let pick = next(below: top + 1)
      if !chosen.insert(pick).inserted { chosen.insert(top) }
    }
    return chosen.sorted()
  }

  /// A number in [0, 1) with 53 random bits.
  @inlinable
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number (Marsaglia's polar method).
  public mutating func normal() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }
}
