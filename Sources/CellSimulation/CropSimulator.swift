import Foundation
import Numerics
import Raster

/// Makes single crops, with working memory that is kept from crop to crop.
///
/// A crop depends on the settings, its protein, its field and its number alone, never on the crops
/// made before it; use one simulator per thread.
public final class CropSimulator {
  /// Channels of a crop: protein, nucleus, nuclear distance, nuclear mask.
  public static let channels = 4
  /// Side of a simulated field, in pixels; cells of a field have places in it.
  public static let fieldSide = 1_024

  private static let margin = 8
  private let settings: SimulationSettings
  private let scene: CellScene
  private let protein: Plane
  private let nucleus: Plane
  private let layer: Plane
  private let transform: DistanceTransform
  private var mask: [Bool]

  /// A simulator of crops of `settings`, which must be valid.
  public init(_ settings: SimulationSettings) {
    self.settings = settings
    let side = settings.cropSize + 2 * Self.margin
    scene = CellScene(width: side, height: side, scale: settings.scale)
    protein = Plane(width: side, height: side)
    nucleus = Plane(width: side, height: side)
    layer = Plane(width: side, height: side)
    transform = DistanceTransform(width: settings.cropSize, height: settings.cropSize)
    mask = [Bool](repeating: false, count: settings.cropSize * settings.cropSize)
  }

  /// The conditions of one field of a protein.
  public func conditions(of protein: SimulatedProtein, field: Int) -> FieldConditions {
    Self.conditions(of: protein, field: field, settings: settings)
  }

  static func conditions(
    of protein: SimulatedProtein, field: Int, settings: SimulationSettings
  ) -> FieldConditions {
    var random = SplitMix64(seed: settings.seed, path: [2, protein.key, UInt64(field)])
    return FieldConditions(using: &random, scale: settings.scale)
  }

  /// Makes one crop `[channel, height, width]` in `output`, which has 4 x side x side floats.
  ///
  /// Protein and nucleus are 0 to 1, the distance as ``DistanceMap/signed(_:width:height:)``, the mask 0 or 1.
  public func simulate(
    _ kind: SimulatedProtein, field: Int, cell: Int, conditions: FieldConditions,
    into output: UnsafeMutableBufferPointer<Float>
  ) -> CropTruth {
    let side = settings.cropSize
    let count = side * side
    precondition(output.count == Self.channels * count, "A crop needs 4 x side x side floats.")
    var random = SplitMix64(
      seed: settings.seed, path: [3, kind.key, UInt64(field), UInt64(cell)])
    let fieldX = random.uniform(0, Float(Self.fieldSide))
    let fieldY = random.uniform(0, Float(Self.fieldSide))
    let middle = Float(side - 1) / 2 + Float(Self.margin)
    let jitter = 0.8 * settings.scale
    let center = (
      middle + random.steppedNormal() * jitter, middle + random.steppedNormal() * jitter
    )
    scene.populate(
      center: center, crowding: conditions.crowding, expressionSpread: 0.22, using: &random)

    CellPainter(scene: scene).paint(kind, into: protein, layer: layer)
    Microscope.focus(
      protein, blur: conditions.blur, halo: conditions.halo, haloWidth: 7 * settings.scale,
      scratch: layer)
    scene.paintNuclei(into: nucleus)
    Microscope.focus(
      nucleus, blur: conditions.nuclearBlur, halo: conditions.halo,
      haloWidth: 7 * settings.scale, scratch: layer)

    let originX = fieldX - Float(side) / 2
    let originY = fieldY - Float(side) / 2
    let light = { (column: Int, row: Int) -> Float in
      conditions.light(
        (originX + Float(column)) / Float(Self.fieldSide),
        (originY + Float(row)) / Float(Self.fieldSide))
    }
    let proteinOut = UnsafeMutableBufferPointer(rebasing: output[0..<count])
    Microscope.expose(
      protein, margin: Self.margin, photons: kind.traits.photons,
      background: conditions.background, light: light, readNoise: conditions.readNoise,
      using: &random, into: proteinOut)
    let nucleusOut = UnsafeMutableBufferPointer(rebasing: output[count..<(2 * count)])
    Microscope.expose(
      nucleus, margin: Self.margin, photons: conditions.nuclearPhotons,
      background: conditions.nuclearBackground, light: light, readNoise: conditions.readNoise,
      using: &random, into: nucleusOut)
    let noise = 10 * (conditions.background.squareRoot() + conditions.readNoise)
    let range = Microscope.normalize(proteinOut, least: noise)
    _ = Microscope.normalize(nucleusOut, least: noise)
    fillMask(output, count: count)

    let shape = scene.cells[0]
    let offset = Float(Self.margin)
    return CropTruth(
      fieldX: fieldX, fieldY: fieldY, nucleusX: shape.x - offset, nucleusY: shape.y - offset,
      nucleusLongAxis: shape.longAxis, nucleusShortAxis: shape.shortAxis,
      nucleusAngle: shape.angle, cellRadius: shape.cellRadius, expression: shape.expression,
      nucleoli: scene.nucleolusList[0].count, centrosomeX: shape.centrosome.x - offset,
      centrosomeY: shape.centrosome.y - offset, neighbors: scene.cells.count - 1, low: range.low,
      high: range.high)
  }

  private func fillMask(_ output: UnsafeMutableBufferPointer<Float>, count: Int) {
    let side = settings.cropSize
    for row in 0..<side {
      let line = scene.nucleusDepth.pixels + (row + Self.margin) * scene.width + Self.margin
      for column in 0..<side {
        let inside = line[column] > 0
        mask[row * side + column] = inside
        output[3 * count + row * side + column] = inside ? 1 : 0
      }
    }
    mask.withUnsafeBufferPointer { mask in
      transform.signed(
        mask, into: UnsafeMutableBufferPointer(rebasing: output[(2 * count)..<(3 * count)]))
    }
  }
}
