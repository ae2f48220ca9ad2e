import Foundation
import Numerics
import Raster

/// Structures that fill the cytoplasm or line the cell.
extension CellPainter {
  /// A net of tubes, dense around the nucleus, with the nuclear envelope as part of it.
  func endoplasmicReticulum(_ traits: ProteinTraits, into layer: Plane) {
    let mesh = 1 / ((3.3 + 2.5 * traits.size) * scale)
    let thickness = 0.15 + 0.06 * (1 - traits.size)
    let decay = (12 + 22 * traits.spread) * scale
    let sheets = (3.5 + 6 * traits.density) * scale
    let warp = 1 / (6.5 * scale)
    forEachCellPixel { index, x, y, shift in
      let inside = scene.cellDepth.pixels[index]
      let depth = scene.nucleusDepth.pixels[index]
      guard inside > -0.5 else { return }
      if depth > 2.5 * scale {
        // What lies above and below the nucleus.
        layer.pixels[index] = 0.05 + 0.05 * traits.roughness
        return
      }
      let bendX = 7 * scale * (scene.noise.value(x * warp + shift, y * warp) - 0.5)
      let bendY = 7 * scale * (scene.noise.value(x * warp, y * warp + shift + 33) - 0.5)
      let points = scene.noise.nearestPoints((x + bendX) * mesh + shift, (y + bendY) * mesh)
      let border = (points.second - points.first) / thickness
      let net = BellCurve.value(border * border * 0.6)
      let away = max(0, -depth)
      let fall = 0.22 + 0.78 * exp(-away / decay)
      let sheet = 0.55 * exp(-away / sheets)
      let uneven =
        1.1 - (0.25 + 0.6 * traits.roughness) * scene.noise.value(x * warp * 1.3 + 12, y * warp)
      let tubes = (0.14 + 0.9 * net) * fall + sheet
      let envelope = 0.75 * BellCurve.value(depth * depth / (0.9 * scale * scale))
      let rim = min(1, max(0, inside / (3.5 * scale)))
      let outside = 1 - CellScene.coverage(depth)
      layer.pixels[index] = max(tubes * uneven * rim * outside, envelope)
    }
  }

  /// Fills the cell around the nucleus, with small dark holes where organelles are.
  func cytoplasm(_ traits: ProteinTraits, into layer: Plane) {
    let grain = 1 / ((2 + 3 * traits.size) * scale)
    let contrast = 0.15 + 0.45 * traits.roughness
    let nuclear = 0.06 + 0.3 * min(1, traits.nuclearRatio / 1.4)
    let edge = 0.5 * traits.spread
    forEachCellPixel { index, x, y, shift in
      let inside = scene.cellDepth.pixels[index]
      guard inside > -0.5 else { return }
      let within = CellScene.coverage(scene.nucleusDepth.pixels[index])
      let texture = 1 + contrast * (scene.noise.value(x * grain + shift, y * grain) - 0.5)
      let height = edge * CellScene.coverage(inside) + (1 - edge) * thickness(inside)
      layer.pixels[index] =
        0.85 * ((1 - within) * height * texture + within * nuclear)
    }
    let holes = Int(16 * traits.density)
    guard holes > 0 else { return }
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .cytoplasm)
      for _ in 0..<holes {
        guard let place = placeInCytoplasm(number, reach: 0.8, using: &random),
          let index = layer.index(place.x, place.y)
        else { continue }
        let size = random.uniform(0.8, 1.7) * scale
        let span = Int((2 * size).rounded(.up))
        let column = index % layer.width
        let row = index / layer.width
        for y in max(0, row - span)...min(layer.height - 1, row + span) {
          for x in max(0, column - span)...min(layer.width - 1, column + span) {
            let dx = Float(x) - place.x
            let dy = Float(y) - place.y
            layer.pixels[y * layer.width + x] *=
              1 - 0.7 * BellCurve.value((dx * dx + dy * dy) / (size * size))
          }
        }
      }
    }
  }

  /// A bright line around the cell, brightest where two cells touch.
  func plasmaMembrane(_ traits: ProteinTraits, into layer: Plane) {
    let width = (0.7 + 0.7 * traits.size) * scale
    let veil = 0.03 + 0.15 * traits.spread
    let patches = 0.1 + 0.7 * traits.roughness
    let grain = 1 / (6 * scale)
    let ruffle = 1 / (2.2 * scale)
    forEachCellPixel { index, x, y, shift in
      let inside = scene.cellDepth.pixels[index]
      let off = (inside - 0.4 * scale) / width
      let patchy = 1 - patches * scene.noise.value(x * grain + shift, y * grain)
      let line = BellCurve.value(off * off) * patchy
      // Ruffles and microvilli on the upper side.
      let bumps = max(0, scene.noise.value(x * ruffle + shift, y * ruffle) - 0.62)
      let top = CellScene.coverage(inside) * (veil + 0.9 * traits.density * bumps)
      layer.pixels[index] = max(line, top)
    }
  }

  /// A place in the cytoplasm of a cell, up to a share `reach` of the way from nucleus to edge; nil
  /// when a few tries find none.
  func placeInCytoplasm(_ number: Int, reach: Float, using random: inout SplitMix64)
    -> (x: Float, y: Float)?
  {
    let cell = scene.cells[number]
    for _ in 0..<6 {
      let turn = random.uniform(0, 2 * .pi)
      let direction = (x: cos(turn), y: sin(turn))
      let edge = CellShape.sample(cell.outline, direction.x, direction.y)
      let far = edge.x + 1.5 * scale + random.uniform() * reach * max(0, edge.z - edge.x)
      let x = cell.x + direction.x * far
      let y = cell.y + direction.y * far
      guard let index = scene.cellDepth.index(x, y) else { continue }
      if scene.owner[index] == UInt16(number), scene.cellDepth.pixels[index] > 2 * scale {
        return (x, y)
      }
    }
    return nil
  }
}
