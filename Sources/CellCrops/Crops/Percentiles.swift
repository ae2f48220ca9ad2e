import Numerics

/// Percentiles of the few grey values of a crop.
enum Percentiles {
  /// The values below which `low` and `high` percent of the others lie, never equal.
  static func of(_ values: [Float], _ low: Float, _ high: Float) -> ClosedRange<Float> {
    var values = values
    func rank(_ percent: Float) -> Int {
      min(values.count - 1, max(0, Int(Float(values.count) * percent / 100)))
    }
    let (first, second) = (rank(low), rank(high))
    return values.withUnsafeMutableBufferPointer { values in
      let bottom = Median.rank(first, of: values)
      return range(bottom, Median.rank(second, of: values))
    }
  }

  /// A range that is never empty, so that it can be divided by.
  static func range(_ low: Float, _ high: Float) -> ClosedRange<Float> {
    low...(high > low ? high : low + max(1, low.ulp))
  }
}
