import Foundation
import Numerics

/// The outline of one cell and of its nucleus, seen from the centre of the nucleus.
///
/// Outlines are radii by direction. Directions are counted by the "diamond angle", which runs from
/// 0 to 4 and needs one division instead of an arc tangent per pixel.
struct CellShape {
  static let directions = 256

  /// Centre of the nucleus in pixels of the picture.
  var x: Float
  var y: Float
  /// Semi-axes of the nucleus in pixels, and the direction of the longer one in radians.
  var longAxis: Float
  var shortAxis: Float
  var angle: Float
  /// Mean radius of the cell in pixels.
  var cellRadius: Float
  /// Largest radius of the cell in pixels.
  var reach: Float
  /// Where the centrosome is, and with it the Golgi apparatus.
  var centrosome: (x: Float, y: Float)
  /// Intensity of the protein in this cell, around 1.
  var expression: Float
  /// Intensity of the nuclear stain in this cell, around 1.
  var stain: Float
  /// Radius and slope factor by direction: nucleus, nucleus, cell, cell.
  var outline: [SIMD4<Float>]
  /// The seed of all that is inside the cell.
  var seed: UInt64

  init(x: Float, y: Float, scale: Float, expressionSpread: Float, using random: inout SplitMix64) {
    self.x = x
    self.y = y
    let mean = random.uniform(19, 25.5) * scale
    let aspect = random.uniform(0.66, 0.97).squareRoot()
    longAxis = mean / aspect
    shortAxis = mean * aspect
    angle = random.uniform(0, .pi)
    let wide = random.uniform(1.5, 2.1) * mean
    cellRadius = wide
    expression = exp(random.steppedNormal() * expressionSpread)
    stain = exp(random.steppedNormal() * 0.18)
    seed = random.next()

    // The cell: an ellipse roughly along the nucleus, off its centre, with a wavy edge.
    let cellAspect = random.uniform(0.62, 0.98).squareRoot()
    let cellLong = wide / cellAspect
    let cellShort = wide * cellAspect
    let cellAngle = angle + random.steppedNormal() * 0.5
    let away = random.uniform(0, 0.3) * wide
    let towards = random.uniform(0, 2 * .pi)
    let offset = (x: cos(towards) * away, y: sin(towards) * away)
    let nuclearWave = Waves(orders: 2...5, strength: 0.035, using: &random).values()
    let cellWave = Waves(orders: 2...8, strength: 0.085, using: &random).values()

    let table = Directions.shared
    var radii = [SIMD4<Float>](repeating: .zero, count: Self.directions + 1)
    let nucleus = Ellipse(longAxis, shortAxis, angle, (0, 0))
    let body = Ellipse(cellLong, cellShort, cellAngle, offset)
    var largest: Float = 0
    for index in 0..<Self.directions {
      let cosine = table.cosine[index]
      let sine = table.sine[index]
      let inner = nucleus.radius(cosine, sine) * (1 + nuclearWave[index])
      let outer = max(
        inner + 3.5 * scale, body.radius(cosine, sine) * (1 + cellWave[index]))
      largest = max(largest, outer)
      radii[index] = SIMD4(inner, 1, outer, 1)
    }
    for index in 0..<Self.directions {
      let before = radii[(index + Self.directions - 1) % Self.directions]
      let after = radii[(index + 1) % Self.directions]
      let step = table.width[index]
      let innerSlope = (after.x - before.x) / (step * radii[index].x)
      let outerSlope = (after.z - before.z) / (step * radii[index].z)
      radii[index].y = 1 / (1 + innerSlope * innerSlope).squareRoot()
      radii[index].w = 1 / (1 + outerSlope * outerSlope).squareRoot()
    }
    radii[Self.directions] = radii[0]
    outline = radii
    reach = largest

    // The centrosome sits on the side of the nucleus where there is more cytoplasm.
    let side =
      away > 0.05 * wide ? towards + random.steppedNormal() * 0.6 : random.uniform(0, 2 * .pi)
    let sideCosine = cos(side)
    let sideSine = sin(side)
    let edge = Self.sample(outline, sideCosine, sideSine)
    let room = max(0, edge.z - edge.x)
    let distance = edge.x + min(room * 0.5, random.uniform(2.5, 7) * scale)
    centrosome = (x + sideCosine * distance, y + sideSine * distance)
  }

  /// The outline in the direction of (`dx`, `dy`): nuclear radius, its slope factor, cell radius,
  /// its slope factor.
  @inline(__always)
  static func sample(_ outline: UnsafePointer<SIMD4<Float>>, _ dx: Float, _ dy: Float)
    -> SIMD4<Float>
  {
    let share = dx / (abs(dx) + abs(dy) + 1e-12)
    let place = (dy >= 0 ? 1 - share : 3 + share) * Float(directions / 4)
    let index = min(directions - 1, Int(place))
    let low = outline[index]
    return low + (outline[index + 1] - low) * (place - Float(index))
  }

  /// Whether a place lies in the nucleus widened by `margin` pixels.
  func nucleusHolds(_ px: Float, _ py: Float, margin: Float) -> Bool {
    let dx = px - x
    let dy = py - y
    let edge = Self.sample(outline, dx, dy)
    return (dx * dx + dy * dy).squareRoot() < edge.x + margin
  }
}

/// An ellipse and its radius from the origin, which it must contain.
private struct Ellipse {
  let a: Float
  let b: Float
  let cosine: Float
  let sine: Float
  let u0: Float
  let v0: Float

  init(_ long: Float, _ short: Float, _ angle: Float, _ center: (x: Float, y: Float)) {
    a = 1 / (long * long)
    b = 1 / (short * short)
    cosine = cos(angle)
    sine = sin(angle)
    u0 = center.x * cosine + center.y * sine
    v0 = center.y * cosine - center.x * sine
  }

  func radius(_ directionX: Float, _ directionY: Float) -> Float {
    let u = directionX * cosine + directionY * sine
    let v = directionY * cosine - directionX * sine
    let quadratic = a * u * u + b * v * v
    let linear = a * u * u0 + b * v * v0
    let constant = a * u0 * u0 + b * v0 * v0 - 1
    let root = max(0, linear * linear - quadratic * constant).squareRoot()
    return (linear + root) / quadratic
  }
}

/// A wavy deviation by direction: a few harmonics of random phase.
private struct Waves {
  private var terms: [(order: Int, cosine: Float, sine: Float)] = []

  init(orders: ClosedRange<Int>, strength: Float, using random: inout SplitMix64) {
    for order in orders {
      let amount = strength * random.steppedNormal() / Float(order).squareRoot()
      let phase = random.uniform(0, 2 * .pi)
      terms.append((order, amount * cos(phase), amount * sin(phase)))
    }
  }

  /// The deviation in every direction, never more than 0.4.
  func values() -> [Float] {
    let count = CellShape.directions
    let table = Directions.shared
    return [Float](unsafeUninitializedCapacity: count) { sums, filled in
      sums.initialize(repeating: 0)
      for term in terms {
        let start = (term.order - 1) * count
        table.harmonicCosine.withUnsafeBufferPointer { cosine in
          table.harmonicSine.withUnsafeBufferPointer { sine in
            for index in 0..<count {
              sums[index] += term.cosine * cosine[start + index] - term.sine * sine[start + index]
            }
          }
        }
      }
      for index in 0..<count { sums[index] = max(-0.4, min(0.4, sums[index])) }
      filled = count
    }
  }
}

/// Cosines and sines of the directions of the tables, and of their first harmonics.
private final class Directions: Sendable {
  static let shared = Directions()
  let cosine: [Float]
  let sine: [Float]
  let width: [Float]
  let harmonicCosine: [Float]
  let harmonicSine: [Float]

  init() {
    let count = CellShape.directions
    let angles = (0..<count).map { index -> Float in
      let place = Float(index) / Float(count) * 4
      let dx = place < 2 ? 1 - place : place - 3
      let dy = (1 - abs(dx)) * (place < 2 ? 1 : -1)
      let angle = atan2(dy, dx)
      return angle < 0 ? angle + 2 * .pi : angle
    }
    cosine = angles.map { cos($0) }
    sine = angles.map { sin($0) }
    width = (0..<count).map { index in
      let after = angles[(index + 1) % count] + (index == count - 1 ? 2 * .pi : 0)
      let before = angles[(index + count - 1) % count] - (index == 0 ? 2 * .pi : 0)
      return after - before
    }
    harmonicCosine = (1...8).flatMap { order in angles.map { cos(Float(order) * $0) } }
    harmonicSine = (1...8).flatMap { order in angles.map { sin(Float(order) * $0) } }
  }
}
