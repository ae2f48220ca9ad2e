import Foundation
import Numerics
import CellData
import Testing

@Suite struct CropDistortionTests {
  private static let side = 48

  /// A bright disc off the middle in both channels, `[2, 48, 48]`.
  private static let crop: [Float] = (0..<2 * side * side).map { index in
    let (row, column) = (index % (side * side) / side, index % side)
    let distance = (row - 20) * (row - 20) + (column - 26) * (column - 26)
    return distance < 64 ? 0.8 : 0.1
  }

  private func distorted(
    _ distortion: CropDistortion, seed: UInt64 = 1, hasIntensity: [Bool] = [true, true]
  ) -> [Float] {
    var pixels = Self.crop
    var scratch = [Float](repeating: 0, count: Self.side * Self.side)
    var generator = SplitMix64(seed: seed)
    pixels.withUnsafeMutableBufferPointer { pixels in
      scratch.withUnsafeMutableBufferPointer { scratch in
        distortion.apply(
          to: pixels, hasIntensity: hasIntensity, height: Self.side, width: Self.side,
          scratch: scratch, generator: &generator)
      }
    }
    return pixels
  }

  private func distortion(_ change: (inout CropDistortion) -> Void) throws -> CropDistortion {
    var distortion = try #require(CropDistortion(strength: 1))
    distortion.scale = 0
    distortion.shift = 0
    distortion.rotates = false
    distortion.intensity = 0
    distortion.blurred = 0
    distortion.noise = 0
    change(&distortion)
    return distortion
  }

  @Test func strengthNoughtIsNone() {
    #expect(CropDistortion(strength: 0) == nil)
  }

  @Test func amountsOfNoughtChangeNothing() throws {
    let found = try distorted(distortion { _ in })
    for (a, b) in zip(found, Self.crop) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func dependsOnTheGeneratorAlone() throws {
    let usual = try #require(CropDistortion(strength: 1))
    #expect(distorted(usual) == distorted(usual))
    #expect(distorted(usual) != distorted(usual, seed: 2))
    #expect(distorted(usual).allSatisfy { $0.isFinite })
  }

  @Test(arguments: 1...5) func rotationKeepsTheDisc(seed: UInt64) throws {
    let found = try distorted(distortion { $0.rotates = true }, seed: seed)
    func area(_ pixels: [Float]) -> Int { pixels.prefix(Self.side * Self.side).count { $0 > 0.45 } }
    #expect(abs(area(found) - area(Self.crop)) <= 12)
    #expect(found != Self.crop)
    // Both channels move together.
    #expect(
      Array(found.prefix(Self.side * Self.side)) == Array(found.suffix(Self.side * Self.side)))
  }

  @Test func brightnessLeavesChannelsThatAreNoIntensities() throws {
    let found = try distorted(
      distortion {
        $0.intensity = 0.5
        $0.noise = 0.1
        $0.blurred = 1
      }, hasIntensity: [true, false])
    #expect(
      Array(found.suffix(Self.side * Self.side)) == Array(Self.crop.suffix(Self.side * Self.side)))
    #expect(
      Array(found.prefix(Self.side * Self.side)) != Array(Self.crop.prefix(Self.side * Self.side)))
  }

  @Test func blurKeepsTheMeanAndLowersTheContrast() throws {
    let found = try distorted(distortion { $0.blurred = 1 })
    func mean(_ pixels: [Float]) -> Float { pixels.reduce(0, +) / Float(pixels.count) }
    func square(_ pixels: [Float]) -> Float { pixels.reduce(0) { $0 + $1 * $1 } }
    #expect(abs(mean(found) - mean(Self.crop)) < 1e-4)
    #expect(square(found) < square(Self.crop))
  }
}
