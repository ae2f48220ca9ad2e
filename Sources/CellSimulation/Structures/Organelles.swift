import Foundation
import Numerics
import Raster

/// Organelles drawn one by one: Golgi stacks, mitochondria, vesicles, centrosomes.
extension CellPainter {
  /// A ribbon of curved stacks on one side of the nucleus, by the centrosome.
  func golgi(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .golgi)
      let toward = atan2(cell.centrosome.y - cell.y, cell.centrosome.x - cell.x)
      let span = 0.28 + 0.5 * traits.spread
      let stacks = Int(6 + 9 * traits.density)
      let width = (0.75 + 0.65 * traits.size) * scale
      for stack in 0..<stacks {
        let turn = toward + span * (2 * (Float(stack) + random.uniform()) / Float(stacks) - 1)
        let edge = CellShape.sample(cell.outline, cos(turn), sin(turn))
        let room = max(2 * scale, edge.z - edge.x)
        let far =
          edge.x + 2 * scale
          + min(room * 0.7, random.uniform(0.5, 6 + 7 * traits.spread) * scale)
        var x = cell.x + cos(turn) * far
        var y = cell.y + sin(turn) * far
        var heading = turn + .pi / 2 + random.steppedNormal() * 0.7
        let bend = random.steppedNormal() * 0.16
        let amount = 1 - (0.15 + 0.5 * traits.roughness) * random.uniform()
        let length = random.uniform(3.5, 8.5) * scale
        var walked: Float = 0
        while walked < length {
          if let index = layer.index(x, y), scene.owner[index] == UInt16(number),
            scene.nucleusDepth.pixels[index] < -0.5, scene.cellDepth.pixels[index] > scale
          {
            layer.spot(x, y, sigma: width * random.uniform(0.85, 1.15), amount: amount)
          }
          x += cos(heading)
          y += sin(heading)
          heading += bend
          walked += 1
        }
      }
      // A few carriers around it.
      for _ in 0..<Int(1 + 9 * traits.roughness) {
        let x = cell.centrosome.x + random.steppedNormal() * 9 * scale
        let y = cell.centrosome.y + random.steppedNormal() * 9 * scale
        guard let index = layer.index(x, y), scene.owner[index] == UInt16(number),
          scene.nucleusDepth.pixels[index] < -1
        else { continue }
        layer.spot(x, y, sigma: 0.8 * scale, amount: random.uniform(0.2, 0.5))
      }
    }
  }

  /// Bent tubes throughout the cytoplasm, denser by the nucleus.
  func mitochondria(_ traits: ProteinTraits, into layer: Plane) {
    let width = (0.7 + 0.4 * traits.size) * scale
    let longest = (5 + 24 * traits.size) * scale
    let reach = 0.35 + 0.6 * traits.spread
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .mitochondria)
      let tubes = Int((26 + 34 * traits.density) * random.uniform(0.8, 1.2))
      for _ in 0..<tubes {
        guard let start = placeInCytoplasm(number, reach: reach, using: &random) else { continue }
        var (x, y) = start
        let outward = atan2(y - cell.y, x - cell.x)
        var heading = outward + random.steppedNormal() * 0.9
        if random.uniform() < 0.5 { heading += .pi / 2 }
        var bend = random.steppedNormal() * 0.1
        let amount = 1 - (0.2 + 0.55 * traits.roughness) * random.uniform()
        var left = random.uniform(0.35, 1) * longest
        var refusals = 0
        while left > 0, refusals < 4 {
          let nextX = x + cos(heading) * 1.2
          let nextY = y + sin(heading) * 1.2
          guard let index = layer.index(nextX, nextY) else { break }
          if scene.owner[index] == UInt16(number), scene.nucleusDepth.pixels[index] < -1.6 * scale,
            scene.cellDepth.pixels[index] > 2.2 * scale
          {
            x = nextX
            y = nextY
            layer.spot(x, y, sigma: width, amount: amount)
            left -= 1.2
            bend = 0.85 * bend + random.steppedNormal() * 0.07 / scale
            heading += bend
          } else {
            refusals += 1
            heading += random.uniform() < 0.5 ? 0.7 : -0.7
          }
        }
      }
    }
  }

  /// Separate round dots in the cytoplasm, the larger ones hollow.
  func vesicles(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .vesicles)
      let count = Int((18 + 90 * traits.density * (1.2 - traits.size)) * random.uniform(0.8, 1.2))
      let gathered = 0.75 * (1 - traits.spread)
      for _ in 0..<count {
        var place: (x: Float, y: Float)?
        if random.uniform() < gathered {
          let x = cell.centrosome.x + random.steppedNormal() * 8 * scale
          let y = cell.centrosome.y + random.steppedNormal() * 8 * scale
          if let index = layer.index(x, y), scene.owner[index] == UInt16(number),
            scene.nucleusDepth.pixels[index] < -1.5 * scale, scene.cellDepth.pixels[index] > scale
          {
            place = (x, y)
          }
        } else {
          place = placeInCytoplasm(number, reach: 0.95, using: &random)
        }
        guard let place else { continue }
        let size = (0.6 + 1.15 * traits.size) * random.uniform(0.75, 1.35) * scale
        let amount = 1 - (0.25 + 0.65 * traits.roughness) * random.uniform()
        if size > 1.35 * scale {
          for step in 0..<9 {
            let turn = Float(step) * 2 * .pi / 9
            layer.spot(
              place.x + cos(turn) * size * 1.05, place.y + sin(turn) * size * 1.05,
              sigma: 0.65 * scale, amount: amount)
          }
        } else {
          layer.spot(place.x, place.y, sigma: size, amount: amount)
        }
      }
    }
  }

  /// One or two dots beside the nucleus, with fine satellites around them.
  func centrosome(_ traits: ProteinTraits, into layer: Plane) {
    for (number, cell) in scene.cells.enumerated() {
      var random = stream(cell, .centrosome)
      let size = (0.75 + 0.75 * traits.size) * scale
      layer.spot(cell.centrosome.x, cell.centrosome.y, sigma: size, amount: 1.1)
      let pair = random.uniform() < 0.35 + 0.5 * traits.spread
      if pair {
        let turn = random.uniform(0, 2 * .pi)
        let apart = random.uniform(1.8, 2.8 + 2.2 * traits.spread) * scale
        layer.spot(
          cell.centrosome.x + cos(turn) * apart, cell.centrosome.y + sin(turn) * apart,
          sigma: size * 0.9, amount: 1)
      }
      for _ in 0..<Int(22 * traits.density) {
        let x = cell.centrosome.x + random.steppedNormal() * 5 * scale
        let y = cell.centrosome.y + random.steppedNormal() * 5 * scale
        guard let index = layer.index(x, y), scene.owner[index] == UInt16(number) else { continue }
        layer.spot(
          x, y, sigma: 0.55 * scale, amount: random.uniform(0.1, 0.25 + 0.25 * traits.roughness))
      }
    }
  }
}
