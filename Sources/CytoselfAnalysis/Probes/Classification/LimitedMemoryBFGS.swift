/// Minimises a smooth function by the L-BFGS method (Nocedal, "Updating quasi-Newton matrices with
/// limited storage", 1980).
///
/// A step satisfies the weak Wolfe conditions, found by bisection (Lewis and Overton, 2013). Near the
/// end, where the value no longer distinguishes two points, the slope alone decides, as Hager and Zhang
/// proposed (2005).
struct LimitedMemoryBFGS {
  /// The search ends when no element of the gradient is larger.
  var tolerance: Double
  /// The search ends after so many steps.
  var mostIterations: Int
  /// How many steps are remembered.
  var memory = 20
  /// Differences of values below this share are rounding.
  var rounding = 1e-6

  /// Where a search ended.
  struct Result {
    let point: [Double]
    let value: Double
    /// The largest element of the gradient.
    let gradient: Double
    let iterations: Int
  }

  /// A remembered step.
  private struct Pair {
    let step: [Double]
    let change: [Double]
    /// 1 over the product of the two.
    let scale: Double
  }

  /// A place with what the function says there.
  private struct Place {
    var point: [Double]
    var value: Double
    var gradient: [Double]

    var steepest: Double { gradient.reduce(0) { max($0, $1.magnitude) } }
  }

  func minimize(
    from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Result {
    let first = function(start)
    var place = Place(point: start, value: first.value, gradient: first.gradient)
    var pairs: [Pair] = []
    var iterations = 0
    while iterations < mostIterations, place.steepest > tolerance {
      var direction = descent(place.gradient, pairs)
      var slope = innerProduct(direction, place.gradient)
      if slope >= 0 {
        // What is remembered no longer fits: start anew.
        pairs = []
        direction = place.gradient.map { -$0 }
        slope = innerProduct(direction, place.gradient)
      }
      let firstStep = pairs.isEmpty ? min(1, 1 / length(place.gradient)) : 1
      guard
        let next = search(place, direction, slope: slope, firstStep: firstStep, function)
      else { break }
      iterations += 1
      let step = difference(next.point, place.point)
      let change = difference(next.gradient, place.gradient)
      let product = innerProduct(step, change)
      if product > 0 {
        pairs.append(Pair(step: step, change: change, scale: 1 / product))
        if pairs.count > memory { pairs.removeFirst() }
      }
      place = next
    }
    return Result(
      point: place.point, value: place.value, gradient: place.steepest, iterations: iterations)
  }

  /// The direction of the next step, by the two loops over remembered steps.
  private func descent(_ gradient: [Double], _ pairs: [Pair]) -> [Double] {
    var direction = gradient.map { -$0 }
    var factors: [Double] = []
    for pair in pairs.reversed() {
      let factor = pair.scale * innerProduct(pair.step, direction)
      factors.append(factor)
      add(pair.change, times: -factor, to: &direction)
    }
    if let last = pairs.last {
      scale(&direction, by: 1 / (last.scale * innerProduct(last.change, last.change)))
    }
    for (pair, factor) in zip(pairs, factors.reversed()) {
      let other = pair.scale * innerProduct(pair.change, direction)
      add(pair.step, times: factor - other, to: &direction)
    }
    return direction
  }

  /// The next place along a direction; nil if there is none that is lower.
  private func search(
    _ place: Place, _ direction: [Double], slope: Double, firstStep: Double,
    _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> Place? {
    var (low, high) = (0.0, Double.infinity)
    var step = firstStep
    for _ in 0..<40 {
      var point = place.point
      add(direction, times: step, to: &point)
      let found = function(point)
      let newSlope = innerProduct(direction, found.gradient)
      let isLower = found.value <= place.value + 1e-4 * step * slope
      let isSame = found.value <= place.value + rounding * place.value.magnitude
      if !isLower, !(isSame && newSlope <= -0.8 * slope) {
        high = step
      } else if newSlope < 0.9 * slope {
        low = step
      } else {
        return Place(point: point, value: found.value, gradient: found.gradient)
      }
      step = high < .infinity ? (low + high) / 2 : 2 * step
    }
    return nil
  }

  private func difference(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { $0 - $1 }
  }
}
