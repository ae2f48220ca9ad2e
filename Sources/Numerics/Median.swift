/// Order statistics of unsorted values.
public enum Median {
  /// The median: the middle value, or the mean of the two in the middle of an even number; 0 of none.
  ///
  /// - Complexity: O(n) on average.
  @inlinable
  public static func of<Number: BinaryFloatingPoint>(_ values: [Number]) -> Number {
    guard !values.isEmpty else { return 0 }
    var values = values
    return values.withUnsafeMutableBufferPointer { values in
      let middle = values.count / 2
      let upper = rank(middle, of: values)
      guard values.count % 2 == 0 else { return upper }
      // Selection leaves nothing larger before the middle.
      let lower = values[..<middle].reduce(values[0]) { Swift.max($0, $1) }
      return (lower + upper) / 2
    }
  }

  /// The value of a rank, counted from 0 in ascending order, by Hoare's selection.
  ///
  /// Values change their places: those before the rank are not larger, those after it not smaller.
  @inlinable
  public static func rank<Number: BinaryFloatingPoint>(
    _ rank: Int, of values: UnsafeMutableBufferPointer<Number>
  ) -> Number {
    precondition(values.indices.contains(rank), "A rank lies within the values.")
    var (left, right) = (0, values.count - 1)
    while left < right {
      let pivot = values[(left + right) / 2]
      var (low, high) = (left, right)
      while low <= high {
        while values[low] < pivot { low += 1 }
        while values[high] > pivot { high -= 1 }
        if low <= high {
          values.swapAt(low, high)
          low += 1
          high -= 1
        }
      }
      if rank <= high { right = high } else if rank >= low { left = low } else { break }
    }
    return values[rank]
  }
}
