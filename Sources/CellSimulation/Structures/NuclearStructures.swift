import Foundation
import Numerics
import Raster

/// Structures of the nucleus.
extension CellPainter {
  /// Fills the nucleus evenly, nucleoli left out.
  func nucleoplasm(_ traits: ProteinTraits, into layer: Plane) {
    let grain = 1 / ((1.8 + 3.2 * traits.size) * scale)
    let contrast = 0.15 + 0.7 * traits.roughness
    let exclusion = 0.45 + 0.5 * traits.density
    forEachCellPixel { index, x, y, _ in
      let depth = scene.nucleusDepth.pixels[index]
      guard depth > -0.5 else { return }
      let texture = 1 + contrast * (scene.noise.value(x * grain + 90, y * grain) - 0.5)
      let full = CellScene.coverage(depth) * (0.75 + 0.25 * min(1, depth / (7 * scale)))
      layer.pixels[index] =
        0.8 * full * texture * (1 - exclusion * scene.nucleoli.pixels[index])
    }
  }

  /// Clumps of chromatin, a bright rim, dark nucleoli: a histone.
  func chromatin(_ traits: ProteinTraits, into layer: Plane) {
    let power = 0.8 + 1.3 * traits.roughness
    let grain = 1 / ((1.5 + 1.8 * traits.size) * scale)
    forEachCellPixel { index, x, y, _ in
      let depth = scene.nucleusDepth.pixels[index]
      guard depth > -0.5 else { return }
      let clumps = scene.chromatin.pixels[index]
      let speckle = scene.noise.value(x * grain + 55, y * grain + 21)
      let mixed = 0.55 * clumps + 0.6 * speckle * speckle * (0.5 + clumps)
      let value = 0.1 + Float(pow(Double(max(0, mixed)), Double(power))) * 1.25
      layer.pixels[index] =
        CellScene.coverage(depth) * value * (1 - 0.92 * scene.nucleoli.pixels[index])
    }
    // Dense foci, where heterochromatin gathers.
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .chromatin)
      for _ in 0..<Int(2 + 14 * traits.density) {
        guard let place = placeInNucleus(number, margin: 2 * scale, using: &random) else {
          continue
        }
        let size = random.uniform(0.8, 1.3) * (0.9 + 0.5 * traits.size) * scale
        layer.spot(place.x, place.y, sigma: size, amount: random.uniform(0.7, 1.15))
      }
    }
  }

  /// Solid, lobed nucleoli.
  func nucleolus(_ traits: ProteinTraits, into layer: Plane) {
    let grow = 0.85 + 0.4 * traits.size
    for (cell, list) in zip(scene.cells, scene.nucleolusList) {
      var random = stream(cell, .nucleolus)
      for item in list {
        let along = item.along * grow
        let across = item.across * grow
        let dim = 0.8 + 0.2 * random.uniform()
        layer.ellipse(
          item.x, item.y, along * 0.85, across * 0.85, item.cosine, item.sine,
          amount: dim * (1 - 0.6 * traits.spread), hardness: 0.8)
        // Lobes make the outline bumpy, and carry the light where the inside is hollow.
        let lobes = Int(4 + 6 * traits.density)
        for lobe in 0..<lobes {
          let turn = 2 * Float.pi * (Float(lobe) + random.uniform(0, 0.7)) / Float(lobes)
          let far = random.uniform(0.35, 0.8)
          let u = cos(turn) * far * along
          let v = sin(turn) * far * across
          layer.ellipse(
            item.x + u * item.cosine - v * item.sine, item.y + u * item.sine + v * item.cosine,
            along * random.uniform(0.28, 0.45), along * random.uniform(0.25, 0.4), item.cosine,
            item.sine, amount: dim * random.uniform(1 - 0.5 * traits.roughness, 1.05),
            hardness: 0.4)
        }
      }
    }
    forEachCellPixel { index, _, _, _ in
      let depth = scene.nucleusDepth.pixels[index]
      guard depth > -0.5 else { return }
      layer.pixels[index] =
        max(layer.pixels[index], 0.06 + 0.06 * traits.roughness) * CellScene.coverage(depth)
    }
  }

  /// Small separate dots in the nucleus, as telomeres or bodies make.
  func nuclearPunctae(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .nuclearPunctae)
      let count = Int((6 + 42 * traits.density) * random.uniform(0.75, 1.25))
      let size = (0.65 + 1.1 * traits.size) * scale
      for _ in 0..<count {
        guard let place = placeInNucleus(number, margin: 1.5 * scale, using: &random) else {
          continue
        }
        let amount = 1 - (0.2 + 0.7 * traits.roughness) * random.uniform()
        layer.spot(place.x, place.y, sigma: size * random.uniform(0.8, 1.2), amount: amount)
      }
    }
    forEachCellPixel { index, _, _, _ in
      let depth = scene.nucleusDepth.pixels[index]
      guard depth > -0.5 else { return }
      layer.pixels[index] = max(
        layer.pixels[index],
        (0.04 + 0.12 * traits.spread) * CellScene.coverage(depth)
          * (1 - 0.6 * scene.nucleoli.pixels[index]))
    }
  }

  /// A thin ring around the nucleus, with folds across it.
  func nuclearMembrane(_ traits: ProteinTraits, into layer: Plane) {
    let width = (0.7 + 0.75 * traits.size) * scale
    let veil = 0.04 + 0.15 * traits.spread
    let patches = 0.15 + 0.75 * traits.roughness
    let grain = 1 / (5 * scale)
    forEachCellPixel { index, x, y, _ in
      let depth = scene.nucleusDepth.pixels[index]
      guard depth > -4 * scale else { return }
      let off = (depth - 0.6 * scale) / width
      let patchy = 1 - patches * (1 - scene.noise.value(x * grain + 31, y * grain + 77)) * 0.6
      layer.pixels[index] =
        max(BellCurve.value(off * off) * patchy, veil * CellScene.coverage(depth))
    }
    for cell in scene.cells {
      var random = stream(cell, .nuclearMembrane)
      let folds = random.uniform() < 0.25 + 0.6 * traits.density ? random.integer(1, 2) : 0
      for _ in 0..<folds {
        let turn = random.uniform(0, 2 * .pi)
        let edge = CellShape.sample(cell.outline, cos(turn), sin(turn)).x
        var x = cell.x + cos(turn) * edge
        var y = cell.y + sin(turn) * edge
        var heading = turn + .pi + random.steppedNormal() * 0.35
        let bend = random.steppedNormal() * 0.05
        for _ in 0..<Int(random.uniform(0.35, 1.1) * edge) {
          x += cos(heading)
          y += sin(heading)
          heading += bend
          guard cell.nucleusHolds(x, y, margin: 0) else { break }
          layer.spot(x, y, sigma: width * 0.8, amount: 0.7)
        }
      }
    }
  }

  /// A place in the nucleus of a cell at least `margin` pixels from its edge and off its nucleoli;
  /// nil when a few tries find none.
  func placeInNucleus(_ number: Int, margin: Float, using random: inout SplitMix64)
    -> (x: Float, y: Float)?
  {
    let cell = scene.cells[number]
    for _ in 0..<4 {
      let turn = random.uniform(0, 2 * .pi)
      let direction = (x: cos(turn), y: sin(turn))
      let edge = CellShape.sample(cell.outline, direction.x, direction.y).x - margin
      let far = random.uniform().squareRoot() * max(0, edge)
      let x = cell.x + direction.x * far
      let y = cell.y + direction.y * far
      let inNucleolus = scene.nucleolusList[number].contains { item in
        let dx = item.x - x
        let dy = item.y - y
        return dx * dx + dy * dy < item.along * item.along
      }
      if !inNucleolus { return (x, y) }
    }
    return nil
  }
}
