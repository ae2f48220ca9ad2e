import Foundation

/// The curve 1 / (1 + a d^(2b)) that turns a distance in the map into a membership.
public struct MembershipCurve: Sendable, Equatable, Codable {
  /// The factor a.
  public let a: Double
  /// The exponent b.
  public let b: Double

  /// A curve with given parameters.
  public init(a: Double, b: Double) {
    self.a = a
    self.b = b
  }

  /// The least-squares fit to 1 up to `minDistance` and exp(-(d - minDistance) / spread) beyond, at
  /// 300 points up to three spreads, as umap-learn fits it (Levenberg and Marquardt).
  public init(minDistance: Double, spread: Double) {
    let xs = (0..<300).map { Double($0) * 3 * spread / 299 }
    let ys = xs.map { $0 < minDistance ? 1 : exp(-($0 - minDistance) / spread) }
    var a = 1.0
    var b = 1.0
    var damping = 1e-3

    func cost(_ a: Double, _ b: Double) -> Double {
      zip(xs, ys).reduce(0) { sum, point in
        let fitted = 1 / (1 + a * pow(point.0, 2 * b))
        return sum + (fitted - point.1) * (fitted - point.1)
      }
    }

    var current = cost(a, b)
    for _ in 0..<200 {
      var normal = (aa: 0.0, ab: 0.0, bb: 0.0)
      var right = (a: 0.0, b: 0.0)
      for (x, y) in zip(xs, ys) where x > 0 {
        let power = pow(x, 2 * b)
        let fitted = 1 / (1 + a * power)
        let byA = -power * fitted * fitted
        let byB = -a * power * 2 * log(x) * fitted * fitted
        normal.aa += byA * byA
        normal.ab += byA * byB
        normal.bb += byB * byB
        right.a += byA * (y - fitted)
        right.b += byB * (y - fitted)
      }
      let aa = normal.aa * (1 + damping)
      let bb = normal.bb * (1 + damping)
      let determinant = aa * bb - normal.ab * normal.ab
      guard determinant > 0 else { break }
      let stepA = (right.a * bb - right.b * normal.ab) / determinant
      let stepB = (right.b * aa - right.a * normal.ab) / determinant
      let next = a + stepA > 0 && b + stepB > 0 ? cost(a + stepA, b + stepB) : .infinity
      if next <= current {
        a += stepA
        b += stepB
        current = next
        damping = max(1e-12, damping / 10)
        if abs(stepA) < 1e-13 * a && abs(stepB) < 1e-13 * b { break }
      } else {
        damping *= 10
        if damping > 1e12 { break }
      }
    }
    self.init(a: a, b: b)
  }
}
