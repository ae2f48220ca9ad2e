import Foundation
import Numerics
import Raster

/// The cells in a picture, and for every pixel whose it is and how deep it lies in cell and nucleus.
///
/// The memory is made once for one size of picture and filled anew for every crop.
final class CellScene {
  /// What ``owner`` says where no cell is near.
  static let nobody = UInt16.max

  let width: Int
  let height: Int
  /// Pixels per pixel of the standard 0.2 micrometre sampling.
  let scale: Float
  private(set) var cells: [CellShape] = []
  /// The cell each pixel is in or nearest to, as its index in ``cells``.
  let owner: UnsafeMutablePointer<UInt16>
  /// Depth in the nucleus of the pixel's own cell, in pixels; negative outside.
  let nucleusDepth: Plane
  /// Depth in the cell, in pixels: the distance to the free edge or to where a neighbour begins.
  let cellDepth: Plane
  /// The nucleoli, 0 to 1.
  let nucleoli: Plane
  /// Density of the chromatin, 0 to 1, before nucleoli are taken out.
  let chromatin: Plane
  /// The nucleoli of each cell.
  private(set) var nucleolusList: [[Nucleolus]] = []
  /// The noise that textures of this scene are made from.
  private(set) var noise: LatticeNoise
  private let runnerUp: Plane
  private let best: Plane

  /// One nucleolus: centre, semi-axes and direction.
  struct Nucleolus {
    var x: Float
    var y: Float
    var along: Float
    var across: Float
    var cosine: Float
    var sine: Float
  }

  init(width: Int, height: Int, scale: Float) {
    self.width = width
    self.height = height
    self.scale = scale
    owner = .allocate(capacity: width * height)
    owner.initialize(repeating: Self.nobody, count: width * height)
    nucleusDepth = Plane(width: width, height: height)
    cellDepth = Plane(width: width, height: height)
    nucleoli = Plane(width: width, height: height)
    chromatin = Plane(width: width, height: height)
    runnerUp = Plane(width: width, height: height)
    best = Plane(width: width, height: height)
    var random = SplitMix64(seed: 0)
    noise = LatticeNoise(using: &random)
  }

  deinit {
    owner.deallocate()
  }

  /// Fills the picture: one cell with its nucleus at `center`, then neighbours as crowded as
  /// `crowding` says, none with a nucleus that overlaps another.
  func populate(
    center: (x: Float, y: Float)?, crowding: Float, expressionSpread: Float,
    using random: inout SplitMix64
  ) {
    noise = LatticeNoise(using: &random)
    cells.removeAll(keepingCapacity: true)
    if let center {
      cells.append(
        CellShape(
          x: center.x, y: center.y, scale: scale, expressionSpread: expressionSpread,
          using: &random))
    }
    let margin = 44 * scale
    let spacing = 57 * scale
    let area = (Float(width) + 2 * margin) * (Float(height) + 2 * margin)
    let wanted = max(1, Int(crowding * area / (spacing * spacing)))
    let near = (62 - 17 * crowding) * scale
    for _ in 0..<(wanted * 5) where cells.count < wanted {
      let x = random.uniform(-margin, Float(width) + margin)
      let y = random.uniform(-margin, Float(height) + margin)
      let tooNear = cells.contains { cell in
        let dx = cell.x - x
        let dy = cell.y - y
        return dx * dx + dy * dy < near * near
      }
      guard !tooNear else { continue }
      let shape = CellShape(
        x: x, y: y, scale: scale, expressionSpread: expressionSpread, using: &random)
      let overlaps = cells.contains { other in
        let dx = other.x - x
        let dy = other.y - y
        let distance = (dx * dx + dy * dy).squareRoot()
        let mine = CellShape.sample(shape.outline, dx, dy).x
        let its = CellShape.sample(other.outline, -dx, -dy).x
        return distance < (mine + its) * 1.04 + 4 * scale
      }
      if !overlaps { cells.append(shape) }
    }
    cells.removeAll { cell in
      cell.x + cell.reach < 0 || cell.y + cell.reach < 0
        || cell.x - cell.reach > Float(width) || cell.y - cell.reach > Float(height)
    }
    measure()
    placeNucleoli()
    textureChromatin()
  }

  /// Fills the maps of owner and depths.
  private func measure() {
    let count = width * height
    owner.update(repeating: Self.nobody, count: count)
    best.pixels.update(repeating: -9, count: count)
    runnerUp.pixels.update(repeating: -9, count: count)
    nucleusDepth.pixels.update(repeating: -99, count: count)
    cellDepth.pixels.update(repeating: -99, count: count)
    for (number, cell) in cells.enumerated() {
      let reach = cell.reach + 5 * scale
      let left = max(0, Int(cell.x - reach))
      let right = min(width - 1, Int(cell.x + reach))
      let top = max(0, Int(cell.y - reach))
      let bottom = min(height - 1, Int(cell.y + reach))
      guard left <= right, top <= bottom else { continue }
      cell.outline.withUnsafeBufferPointer { outline in
        guard let outline = outline.baseAddress else { return }
        for row in top...bottom {
          let dy = Float(row) - cell.y
          // Only the disc that the cell can reach, not its square.
          let half = max(0, reach * reach - dy * dy).squareRoot()
          let first = max(left, Int(max(0, cell.x - half)))
          let last = min(right, Int(max(0, cell.x + half)))
          guard first <= last else { continue }
          for column in first...last {
            let dx = Float(column) - cell.x
            let edge = CellShape.sample(outline, dx, dy)
            let radius = (dx * dx + dy * dy).squareRoot()
            // A pixel goes to the cell in which it lies the deepest in proportion; a nucleus,
            // with a rim around it, is never lost to a neighbour.
            let share = 1 - radius / edge.z + (radius < edge.x + 2.5 * scale ? 10 : 0)
            let index = row * width + column
            if share > best.pixels[index] {
              runnerUp.pixels[index] = best.pixels[index]
              best.pixels[index] = share
              nucleusDepth.pixels[index] = (edge.x - radius) * edge.y
              cellDepth.pixels[index] = (edge.z - radius) * edge.w
              owner[index] = UInt16(number)
            } else if share > runnerUp.pixels[index] {
              runnerUp.pixels[index] = share
            }
          }
        }
      }
    }
    for index in 0..<count where runnerUp.pixels[index] > 0 {
      let radius = cells[Int(owner[index])].cellRadius
      let contact = (best.pixels[index] - runnerUp.pixels[index]) * radius * 0.5
      cellDepth.pixels[index] = min(cellDepth.pixels[index], contact)
    }
  }

  private func placeNucleoli() {
    nucleoli.clear()
    nucleolusList.removeAll(keepingCapacity: true)
    for cell in cells {
      var random = SplitMix64(seed: cell.seed, path: [1])
      var list: [Nucleolus] = []
      let count = random.integer(1, 4)
      for _ in 0..<12 where list.count < count {
        let direction = random.uniform(0, 2 * .pi)
        let far = random.uniform().squareRoot() * 0.62
        let u = cos(direction) * far * cell.longAxis
        let v = sin(direction) * far * cell.shortAxis
        let x = cell.x + u * cos(cell.angle) - v * sin(cell.angle)
        let y = cell.y + u * sin(cell.angle) + v * cos(cell.angle)
        let size = random.uniform(3, 7 - 0.7 * Float(count)) * scale
        let crowded = list.contains { other in
          let dx = other.x - x
          let dy = other.y - y
          let least = size + other.along + 1.5 * scale
          return dx * dx + dy * dy < least * least
        }
        guard !crowded else { continue }
        let turn = random.uniform(0, .pi)
        list.append(
          Nucleolus(
            x: x, y: y, along: size, across: size * random.uniform(0.68, 1), cosine: cos(turn),
            sine: sin(turn)))
      }
      for item in list {
        nucleoli.ellipse(
          item.x, item.y, item.along, item.across, item.cosine, item.sine, amount: 1,
          hardness: 0.75)
      }
      nucleolusList.append(list)
    }
  }

  private func textureChromatin() {
    let fine = 1 / (2.1 * scale)
    let coarse = 1 / (4.6 * scale)
    for row in 0..<height {
      for column in 0..<width {
        let index = row * width + column
        let depth = nucleusDepth.pixels[index]
        guard depth > -1 else {
          chromatin.pixels[index] = 0
          continue
        }
        let x = Float(column)
        let y = Float(row)
        let grain = noise.value(x * fine, y * fine)
        let cloud = noise.value(x * coarse + 40, y * coarse + 17)
        let clumps = max(0, grain * 0.6 + cloud * 0.55 - 0.3) * 1.35
        let rim = BellCurve.value((depth - 1.4 * scale) * (depth - 1.4 * scale) / (scale * scale))
        chromatin.pixels[index] = min(1, clumps + 0.25 * rim) * Self.coverage(depth)
      }
    }
  }

  /// Draws the nuclear stain: DNA, thicker in the middle, thin in nucleoli.
  func paintNuclei(into picture: Plane) {
    for index in 0..<picture.count {
      let depth = nucleusDepth.pixels[index]
      guard depth > -0.5, owner[index] != Self.nobody else {
        picture.pixels[index] = cellDepth.pixels[index] > 0 ? 0.015 : 0
        continue
      }
      let dome = 0.72 + 0.28 * min(1, depth / (9 * scale))
      let texture = 0.6 + 0.55 * chromatin.pixels[index]
      picture.pixels[index] =
        Self.coverage(depth) * dome * texture * (1 - 0.5 * nucleoli.pixels[index])
        * cells[Int(owner[index])].stain
    }
  }

  /// How much of a pixel at `depth` pixels inside an outline is covered, 0 to 1.
  @inline(__always)
  static func coverage(_ depth: Float) -> Float {
    min(1, max(0, depth + 0.5))
  }
}
