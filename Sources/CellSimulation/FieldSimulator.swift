import Numerics
import Raster

/// Makes whole fields of view, with working memory that is kept from field to field.
public final class FieldSimulator {
  /// What the camera reads without light.
  static let offset: Float = 100
  /// Grey values for one electron.
  static let gain: Float = 4

  private let settings: SimulationSettings
  private let side: Int
  private let scene: CellScene
  private let protein: Plane
  private let nucleus: Plane
  private let layer: Plane
  private var electrons: [Float]

  /// A simulator of square fields of `side` pixels; the size of crops in `settings` does not matter.
  public init(_ settings: SimulationSettings, side: Int) {
    precondition((64...8_192).contains(side), "A field has a side of 64 to 8,192 pixels.")
    self.settings = settings
    self.side = side
    scene = CellScene(width: side, height: side, scale: settings.scale)
    protein = Plane(width: side, height: side)
    nucleus = Plane(width: side, height: side)
    layer = Plane(width: side, height: side)
    electrons = [Float](repeating: 0, count: side * side)
  }

  /// Makes one field of a protein.
  ///
  /// - Parameters:
  ///   - kind: The protein that is drawn.
  ///   - field: The number of the field, from 0.
  ///   - crowding: How much of the field cells cover, from 0.1 (far apart) to 1.2 (nuclei nearly
  ///     touching); nil for what the field's conditions say.
  public func simulate(_ kind: SimulatedProtein, field: Int, crowding: Float? = nil)
    -> SimulatedField
  {
    let conditions = CropSimulator.conditions(of: kind, field: field, settings: settings)
    var random = SplitMix64(seed: settings.seed, path: [4, kind.key, UInt64(field)])
    scene.populate(
      center: nil, crowding: crowding ?? conditions.crowding, expressionSpread: 0.22,
      using: &random)
    let haloWidth = 7 * settings.scale
    CellPainter(scene: scene).paint(kind, into: protein, layer: layer)
    Microscope.focus(
      protein, blur: conditions.blur, halo: conditions.halo, haloWidth: haloWidth, scratch: layer)
    scene.paintNuclei(into: nucleus)
    Microscope.focus(
      nucleus, blur: conditions.nuclearBlur, halo: conditions.halo, haloWidth: haloWidth,
      scratch: layer)
    let light = { [side] (column: Int, row: Int) -> Float in
      conditions.light(Float(column) / Float(side), Float(row) / Float(side))
    }
    func record(_ plane: Plane, photons: Float, background: Float) -> [UInt16] {
      electrons.withUnsafeMutableBufferPointer { electrons in
        Microscope.expose(
          plane, margin: 0, photons: photons, background: background, light: light,
          readNoise: conditions.readNoise, using: &random, into: electrons)
        return electrons.map { UInt16(min(65_535, max(0, Self.offset + Self.gain * $0))) }
      }
    }
    let proteinPixels = record(
      protein, photons: kind.traits.photons, background: conditions.background)
    let nuclearPixels = record(
      nucleus, photons: conditions.nuclearPhotons, background: conditions.nuclearBackground)
    let (labels, nuclei) = labelNuclei()
    return SimulatedField(
      protein: proteinPixels, nucleus: nuclearPixels, labels: labels, nuclei: nuclei)
  }

  /// Numbers the nuclei that are in the field, in the order of their first pixels.
  private func labelNuclei() -> (LabelMask, [SimulatedField.Nucleus]) {
    struct Sum {
      var x = 0.0
      var y = 0.0
      var area = 0
      var edge = false
    }
    var numbers = [Int32](repeating: 0, count: scene.cells.count)
    var sums: [Sum] = []
    var labels = [Int32](repeating: 0, count: side * side)
    for row in 0..<side {
      for column in 0..<side {
        let index = row * side + column
        guard scene.nucleusDepth.pixels[index] > 0 else { continue }
        let cell = Int(scene.owner[index])
        if numbers[cell] == 0 {
          sums.append(Sum())
          numbers[cell] = Int32(sums.count)
        }
        let number = Int(numbers[cell])
        labels[index] = numbers[cell]
        sums[number - 1].x += Double(column)
        sums[number - 1].y += Double(row)
        sums[number - 1].area += 1
        if row == 0 || column == 0 || row == side - 1 || column == side - 1 {
          sums[number - 1].edge = true
        }
      }
    }
    let nuclei = sums.enumerated().map { index, sum in
      SimulatedField.Nucleus(
        label: Int32(index + 1), x: Float(sum.x / Double(sum.area)),
        y: Float(sum.y / Double(sum.area)), area: sum.area, touchesEdge: sum.edge)
    }
    return (LabelMask(width: side, height: side, labels: labels), nuclei)
  }
}
