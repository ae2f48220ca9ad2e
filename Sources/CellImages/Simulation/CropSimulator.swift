import Foundation

/// What is known about a simulated crop: the cell in its middle, and how the picture was scaled.
public struct CropTruth: Sendable, Equatable {
  /// Where the cell is in its field, in pixels from the left.
  public var fieldX: Float
  /// Where the cell is in its field, in pixels from the top.
  public var fieldY: Float
  /// Column of the centre of the nucleus in the crop.
  public var nucleusX: Float
  /// Row of the centre of the nucleus in the crop.
  public var nucleusY: Float
  /// Longer semi-axis of the nucleus in pixels.
  public var nucleusLongAxis: Float
  /// Shorter semi-axis of the nucleus in pixels.
  public var nucleusShortAxis: Float
  /// Direction of the longer semi-axis in radians.
  public var nucleusAngle: Float
  /// Mean radius of the cell in pixels.
  public var cellRadius: Float
  /// Intensity of the protein in this cell, around 1.
  public var expression: Float
  /// Number of nucleoli in the cell.
  public var nucleoli: Int
  /// Column of the centrosome, which may lie outside the crop.
  public var centrosomeX: Float
  /// Row of the centrosome.
  public var centrosomeY: Float
  /// Cells that reach into the crop, itself not counted.
  public var neighbors: Int
  /// Electrons of the protein channel that became 0.
  public var low: Float
  /// Electrons of the protein channel that became 1.
  public var high: Float

  /// The names of the numbers, in the order of ``values``.
  public static let names = [
    "field_x", "field_y", "nucleus_x", "nucleus_y", "nucleus_long_axis", "nucleus_short_axis",
    "nucleus_angle", "cell_radius", "expression", "nucleoli", "centrosome_x", "centrosome_y",
    "neighbors", "low", "high",
  ]

  /// The numbers in the order of ``names``.
  public var values: [Float] {
    [
      fieldX, fieldY, nucleusX, nucleusY, nucleusLongAxis, nucleusShortAxis, nucleusAngle,
      cellRadius, expression, Float(nucleoli), centrosomeX, centrosomeY, Float(neighbors), low,
      high,
    ]
  }
}

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
    let center = (middle + random.normal() * jitter, middle + random.normal() * jitter)
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

extension SimulatedProtein {
  /// A number from the name, the same whatever other proteins the data set has.
  var key: UInt64 {
    name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
