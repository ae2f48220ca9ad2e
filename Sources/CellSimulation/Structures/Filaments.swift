import Foundation
import Numerics
import Raster

/// Filaments and what holds them: microtubules, actin bundles, focal adhesions.
extension CellPainter {
  /// Long thin threads from the centrosome through the cytoplasm, bending around the nucleus.
  func microtubules(_ traits: ProteinTraits, into layer: Plane) {
    let waviness = (0.010 + 0.022 * traits.roughness) / scale
    let step: Float = 0.8
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .cytoskeleton)
      let threads = Int((55 + 75 * traits.density) * random.uniform(0.85, 1.15))
      for _ in 0..<threads {
        var x = cell.centrosome.x
        var y = cell.centrosome.y
        var heading = random.uniform(0, 2 * .pi)
        if random.uniform() < 0.62 + 0.3 * traits.spread {
          guard let start = placeInCytoplasm(number, reach: 0.6, using: &random) else { continue }
          (x, y) = start
          heading = atan2(y - cell.y, x - cell.x) + random.steppedNormal() * 1.1
        }
        let amount = (0.55 + 0.45 * random.uniform()) * (0.8 + 0.7 * traits.size) * step
        var bend = random.steppedNormal() * waviness
        var left = random.uniform(0.8, 2.4) * cell.cellRadius
        while left > 0 {
          x += cos(heading) * step
          y += sin(heading) * step
          left -= step
          guard let index = layer.index(x, y) else {
            // Outside the picture the thread may come back; give it a little way.
            left -= 2
            continue
          }
          guard scene.owner[index] == UInt16(number), scene.cellDepth.pixels[index] > 0.8 * scale
          else { break }
          if scene.nucleusDepth.pixels[index] > -1.5 * scale {
            heading = alongNucleus(cell, x, y, heading)
          }
          let dim: Float = scene.nucleusDepth.pixels[index] > 0 ? 0.3 : 1
          layer.deposit(x, y, amount * dim)
          if traits.size > 0.5 {
            layer.deposit(x - sin(heading) * 0.7, y + cos(heading) * 0.7, amount * dim * 0.5)
          }
          bend = 0.92 * bend + random.steppedNormal() * waviness * 0.6
          heading += bend
        }
      }
    }
    forEachCellPixel { index, _, _, _ in
      let inside = scene.cellDepth.pixels[index]
      guard inside > 0 else { return }
      let outside = 1 - CellScene.coverage(scene.nucleusDepth.pixels[index])
      layer.pixels[index] += 0.12 * thickness(inside) * outside
    }
  }

  /// Turns a heading that would run into the nucleus until it runs along it.
  private func alongNucleus(_ cell: CellShape, _ x: Float, _ y: Float, _ heading: Float) -> Float {
    let dx = (x - cell.x) / cell.longAxis
    let dy = (y - cell.y) / cell.longAxis
    let length = max(1e-3, (dx * dx + dy * dy).squareRoot())
    let (nx, ny) = (dx / length, dy / length)
    var (hx, hy) = (cos(heading), sin(heading))
    let inward = hx * nx + hy * ny
    guard inward < 0.12 else { return heading }
    hx += nx * (0.12 - inward) * 0.7
    hy += ny * (0.12 - inward) * 0.7
    return atan2(hy, hx)
  }

  /// Straight parallel bundles across the cell and a bright cortex: actin.
  func stressFibers(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .stressFibers)
      let direction = cell.angle + random.steppedNormal() * 0.25
      let bundles = Int((9 + 16 * traits.density) * random.uniform(0.8, 1.2))
      let width = 0.35 + 0.5 * traits.size
      for _ in 0..<bundles {
        let across = random.uniform(-0.95, 0.95) * cell.cellRadius
        let middle = random.steppedNormal() * 0.35 * cell.cellRadius
        let heading = direction + random.steppedNormal() * (0.05 + 0.22 * traits.spread)
        let (cosine, sine) = (cos(heading), sin(heading))
        let half = random.uniform(0.25, 0.75) * cell.cellRadius
        let amount = random.uniform(0.45, 1.1) * 0.9
        let sag = random.steppedNormal() * 0.002 / scale
        var along = -half
        while along < half {
          let bow = across + sag * along * along
          let x = cell.x + cosine * (middle + along) - sine * bow
          let y = cell.y + sine * (middle + along) + cosine * bow
          along += 0.8
          guard let index = layer.index(x, y), scene.owner[index] == UInt16(number),
            scene.cellDepth.pixels[index] > 0.6 * scale
          else { continue }
          // Fibres taper, and those above or below the nucleus are out of focus.
          let taper = min(1, (half - abs(along)) / (5 * scale) + 0.2)
          let dim: Float = scene.nucleusDepth.pixels[index] > 0 ? 0.4 : 1
          let light = amount * taper * dim
          layer.deposit(x, y, light)
          layer.deposit(x - sine * width * scale, y + cosine * width * scale, light * 0.7)
        }
      }
    }
    let grain = 1 / (5 * scale)
    forEachCellPixel { index, x, y, shift in
      let inside = scene.cellDepth.pixels[index]
      let off = (inside - 1 * scale) / (1.1 * scale)
      let patchy =
        1 - (0.3 + 0.6 * traits.roughness) * scene.noise.value(x * grain + shift, y * grain)
      layer.pixels[index] += 0.75 * BellCurve.value(off * off) * patchy
      if inside > 0 { layer.pixels[index] += 0.07 * thickness(inside) }
    }
  }

  /// Short streaks near the edge of the cell, pointing outward.
  func focalAdhesions(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .focalAdhesions)
      let count = Int((22 + 40 * traits.density) * random.uniform(0.8, 1.2))
      for _ in 0..<count {
        let turn = random.uniform(0, 2 * .pi)
        let edge = CellShape.sample(cell.outline, cos(turn), sin(turn))
        let back = abs(random.steppedNormal()) * (3.5 + 9 * traits.spread) * scale + 1.5 * scale
        let far = edge.z - back
        let x = cell.x + cos(turn) * far
        let y = cell.y + sin(turn) * far
        guard far > 0, let index = layer.index(x, y), scene.owner[index] == UInt16(number),
          scene.cellDepth.pixels[index] > 0.8 * scale
        else { continue }
        let heading = turn + random.steppedNormal() * 0.3
        let length = (1.1 + 1.9 * traits.size) * random.uniform(0.7, 1.3) * scale
        let amount = 1 - (0.2 + 0.6 * traits.roughness) * random.uniform()
        layer.ellipse(
          x, y, length, 0.7 * scale, cos(heading), sin(heading), amount: amount, hardness: 0)
      }
    }
    forEachCellPixel { index, _, _, _ in
      let inside = scene.cellDepth.pixels[index]
      guard inside > -0.5 else { return }
      layer.pixels[index] = max(layer.pixels[index], 0.1 * thickness(inside))
    }
  }
}
