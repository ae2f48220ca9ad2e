import Foundation
package import Numerics

/// Random changes of crops that another microscope, focus or exposure could have made.
///
/// Beside flips and rotations of the square: turned by any angle, scaled and moved a little, brighter
/// or darker, with more or less contrast, out of focus, noisier. What is drawn for a crop depends on
/// the generator given alone. The kinds are those of SubCell's training; pixels are meant to lie in 0...1.
public struct CropDistortion: Sendable, Equatable {
  /// The largest change of the side, as a share: 0.15 scales by 0.85 to 1.15.
  public var scale = 0.15
  /// The largest move, as a share of the side.
  public var shift = 0.05
  /// Whether crops are turned by any angle.
  public var rotates = true
  /// How far brightness and contrast go, from 0; each channel draws its own.
  public var intensity = 0.3
  /// The share of crops that are blurred, by 0.3 to 1.3 pixels.
  public var blurred = 0.2
  /// The largest standard deviation of added noise.
  public var noise = 0.03

  /// The usual amounts times `strength`; nil for 0.
  ///
  /// Crops are turned by any angle at every strength.
  public init?(strength: Double) {
    guard strength > 0 else { return nil }
    scale = min(scale * strength, 0.5)
    shift *= strength
    intensity *= strength
    blurred = min(blurred * strength, 1)
    noise *= strength
  }

  /// Distorts a crop in place.
  ///
  /// - Parameters:
  ///   - pixels: `[channel, height, width]`.
  ///   - hasIntensity: for each channel, whether its values are intensities; others, such as the
  ///     distance to the nucleus, are only moved.
  ///   - height: rows.
  ///   - width: columns.
  ///   - scratch: room for one channel at least.
  ///   - generator: where the amounts are drawn from.
  package func apply(
    to pixels: UnsafeMutableBufferPointer<Float>, hasIntensity: [Bool], height: Int, width: Int,
    scratch: UnsafeMutableBufferPointer<Float>, generator: inout SplitMix64
  ) {
    let area = height * width
    let move = Move(self, height: height, width: width, &generator)
    let isBlurred = generator.unit() < blurred
    let sigma = 0.3 + generator.unit()
    let deviation = Float(noise * generator.unit())
    for (channel, isIntensity) in hasIntensity.enumerated() {
      let plane = UnsafeMutableBufferPointer(
        rebasing: pixels[channel * area..<(channel + 1) * area])
      move.apply(to: plane, scratch: scratch)
      let gamma = Float(exp(intensity * 0.5 * generator.normal()))
      let gain = Float(1 + intensity * (2 * generator.unit() - 1))
      guard isIntensity else { continue }
      for index in 0..<area { plane[index] = gain * pow(max(plane[index], 0), gamma) }
      if isBlurred { Self.blur(plane, height: height, width: width, sigma: sigma, scratch) }
      if deviation > 0 {
        for index in 0..<area { plane[index] += deviation * Float(generator.normal()) }
      }
    }
  }

  /// Rotation, scale and shift of a crop about its middle.
  private struct Move {
    private let height: Int
    private let width: Int
    private let along: Float
    private let across: Float
    private let rowShift: Float
    private let columnShift: Float
    private let isIdentity: Bool

    init(
      _ settings: CropDistortion, height: Int, width: Int, _ generator: inout SplitMix64
    ) {
      self.height = height
      self.width = width
      let angle = settings.rotates ? 2 * Double.pi * generator.unit() : 0
      let factor = 1 + settings.scale * (2 * generator.unit() - 1)
      along = Float(cos(angle) / factor)
      across = Float(sin(angle) / factor)
      rowShift = Float(settings.shift * (2 * generator.unit() - 1) * Double(height))
      columnShift = Float(settings.shift * (2 * generator.unit() - 1) * Double(width))
      isIdentity = !settings.rotates && settings.scale == 0 && settings.shift == 0
    }

    /// Bilinear between pixels; beyond the edge the image is mirrored.
    func apply(
      to plane: UnsafeMutableBufferPointer<Float>, scratch: UnsafeMutableBufferPointer<Float>
    ) {
      guard !isIdentity else { return }
      let area = height * width
      for index in 0..<area { scratch[index] = plane[index] }
      let (middleRow, middleColumn) = (Float(height - 1) / 2, Float(width - 1) / 2)
      for row in 0..<height {
        let y = Float(row) - middleRow
        for column in 0..<width {
          let x = Float(column) - middleColumn
          let sourceRow = Self.mirrored(along * y + across * x + middleRow + rowShift, height)
          let sourceColumn = Self.mirrored(
            along * x - across * y + middleColumn + columnShift, width)
          let (top, left) = (Int(sourceRow), Int(sourceColumn))
          let (down, right) = (sourceRow - Float(top), sourceColumn - Float(left))
          let (bottom, far) = (min(top + 1, height - 1), min(left + 1, width - 1))
          let upper =
            scratch[top * width + left] * (1 - right) + scratch[top * width + far] * right
          let lower =
            scratch[bottom * width + left] * (1 - right) + scratch[bottom * width + far] * right
          plane[row * width + column] = upper * (1 - down) + lower * down
        }
      }
    }

    /// A place in 0...count - 1.
    private static func mirrored(_ place: Float, _ count: Int) -> Float {
      let last = Float(count - 1)
      guard last > 0 else { return 0 }
      let folded = abs(place).truncatingRemainder(dividingBy: 2 * last)
      return min(max(folded > last ? 2 * last - folded : folded, 0), last)
    }
  }

  /// A Gaussian of seven points; the edge pixel is repeated beyond it.
  private static func blur(
    _ plane: UnsafeMutableBufferPointer<Float>, height: Int, width: Int, sigma: Double,
    _ scratch: UnsafeMutableBufferPointer<Float>
  ) {
    var weights = (-3...3).map { Float(exp(-0.5 * Double($0 * $0) / (sigma * sigma))) }
    let sum = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= sum }
    weights.withUnsafeBufferPointer { weights in
      for row in 0..<height {
        let line = row * width
        for column in 0..<width {
          var value: Float = 0
          for offset in -3...3 {
            value += weights[offset + 3] * plane[line + min(max(column + offset, 0), width - 1)]
          }
          scratch[line + column] = value
        }
      }
      for row in 0..<height {
        for column in 0..<width {
          var value: Float = 0
          for offset in -3...3 {
            value +=
              weights[offset + 3] * scratch[min(max(row + offset, 0), height - 1) * width + column]
          }
          plane[row * width + column] = value
        }
      }
    }
  }
}
