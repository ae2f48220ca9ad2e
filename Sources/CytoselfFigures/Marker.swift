/// The shape of a point.
public enum Marker: String, Sendable, CaseIterable {
  /// A filled circle.
  case circle
  /// A filled triangle that stands on its base.
  case triangle
  /// A filled square.
  case square
  /// A filled square on its corner.
  case diamond
  /// A filled triangle that stands on its tip.
  case wedge

  /// gnuplot's number for it.
  var pointType: Int {
    switch self {
    case .circle: 7
    case .triangle: 9
    case .square: 5
    case .diamond: 13
    case .wedge: 11
    }
  }

  /// Its height in points at point size 1, as measured.
  var unitDiameter: Double {
    switch self {
    case .circle: 7.2
    case .square: 7.2
    case .triangle, .wedge: 8
    case .diamond: 9
    }
  }
}
