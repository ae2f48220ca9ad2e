import Foundation

/// The axis of a chart: its range, its ticks and its title.
struct Axis {
  enum Scaling { case linear, logarithmic }

  var title: String
  var range: ClosedRange<Double>
  var scaling: Scaling = .linear
  var ticks: [(value: Double, label: String)]
  /// Ticks without a label.
  var minorTicks: [Double] = []

  /// A linear axis that holds these values, with round ticks.
  ///
  /// - Parameters:
  ///   - padding: Room beyond the outermost values, as a share of their distance.
  ///   - around: Values that must be on the axis too, such as 0.
  ///   - count: About how many ticks.
  static func linear(
    _ title: String, _ values: some Sequence<Double>, padding: Double = 0.04,
    around: [Double] = [], count: Int = 5
  ) -> Axis {
    let (low, high) = ends(values, around) ?? (0, 1)
    let distance = high > low ? high - low : max(abs(low) * 0.1, 1e-9)
    let start = around.contains(low) ? low : low - padding * distance
    let end = around.contains(high) ? high : high + padding * distance
    let range = start...max(end, start + distance)
    var ticks = roundTicks(range, count: count)
    // One tick gives no scale.
    if ticks.count < 2 { ticks = roundTicks(range, count: 2 * count) }
    return Axis(title: title, range: range, ticks: ticks)
  }

  /// A logarithmic axis of positive values, with ticks at 1, 2 and 5 times powers of ten.
  static func logarithmic(_ title: String, _ values: some Sequence<Double>) -> Axis {
    let (low, high) = ends(values.lazy.filter { $0 > 1e-300 }, []) ?? (1, 10)
    // One value all the way stands in the middle of a decade or so.
    let padding = high > low ? max(pow(high / low, 0.05), 1.02) : 3
    let range = low / padding...high * padding
    var axis = Axis(title: title, range: range, scaling: .logarithmic, ticks: [])
    let decades = Int(floor(log10(range.lowerBound)))...Int(ceil(log10(range.upperBound)))
    let span = log10(range.upperBound / range.lowerBound)
    let labelled: [Double] = span < 0.7 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : span < 2 ? [1, 2, 5] : [1]
    let every = max(1, Int((span / 6).rounded(.up)))
    for decade in decades {
      for factor in 1...9 {
        let value = Double(factor) * pow(10, Double(decade))
        guard range.contains(value) else { continue }
        if labelled.contains(Double(factor)), decade % every == 0 {
          axis.ticks.append((value, label(value)))
        } else {
          axis.minorTicks.append(value)
        }
      }
    }
    if axis.ticks.count < 2, span < 0.5 {
      // Too narrow for round powers: ticks at round numbers in between.
      axis.ticks = roundTicks(range, count: 4)
      axis.minorTicks = []
    }
    return axis
  }

  private static func ends(_ values: some Sequence<Double>, _ around: [Double]) -> (
    Double, Double
  )? {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where abs(value) < 1e300 {
      low = min(low, value)
      high = max(high, value)
    }
    for value in around where low.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low.isFinite ? (low, high) : nil
  }

  /// Multiples of 1, 2 or 5 times a power of ten inside a range.
  static func roundTicks(_ range: ClosedRange<Double>, count: Int) -> [(
    value: Double, label: String
  )] {
    let distance = range.upperBound - range.lowerBound
    guard distance > 0, distance.isFinite else { return [] }
    let rough = distance / Double(max(count, 1))
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5].first { $0 * power >= rough * 0.999 } ?? 10)
    let places = max(0, Int(-floor(log10(step) + 1e-9)))
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    var ticks: [(value: Double, label: String)] = []
    for index in 0..<50 {
      let value = (first + Double(index)) * step
      guard value <= range.upperBound + step * 1e-9 else { break }
      let isLarge = abs(value) >= 1e6 || places > 5
      ticks.append(
        (value, isLarge ? Numeral.readable(value) : Numeral.decimal(value, places: places)))
    }
    return ticks
  }

  private static func label(_ value: Double) -> String {
    if value >= 0.001, value < 10000 {
      return Numeral.decimal(value, places: max(0, Int(-floor(log10(value) + 1e-9))))
    }
    let power = Int(floor(log10(value) + 1e-9))
    let factor = Int((value / pow(10, Double(power))).rounded())
    // Enhanced text of our own making: a raised exponent.
    let exponent = "10^{\(power < 0 ? "−" : "")\(abs(power))}"
    return factor == 1 ? exponent : "\(factor)×\(exponent)"
  }

  /// Ticks at names, 0, 1, 2, ….
  static func names(_ names: [String], title: String = "") -> Axis {
    Axis(
      title: title, range: -0.5...Double(max(names.count, 1)) - 0.5,
      ticks: names.enumerated().map { (Double($0.offset), $0.element) })
  }

  /// The width of the widest tick label in points.
  func widestLabel(size: Double) -> Double {
    ticks.reduce(0) {
      max(
        $0,
        TextMetrics.width($1.label.replacing("^{", with: "").replacing("}", with: ""), size: size))
    }
  }
}
