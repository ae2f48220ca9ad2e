import Numerics
import Raster

/// Draws what a protein marks into a picture, structure by structure, for the cells of a scene.
///
/// A structure is drawn with its bright parts at about 1; the microscope then turns brightness into
/// photons.
struct CellPainter {
  let scene: CellScene

  var scale: Float { scene.scale }

  /// Draws the protein into `picture`; `layer` is working memory of the same size.
  func paint(_ protein: SimulatedProtein, into picture: Plane, layer: Plane) {
    picture.clear()
    let traits = protein.traits
    for (rank, structure) in protein.pattern.structures.enumerated() {
      layer.clear()
      paint(structure, traits, into: layer)
      // The nucleoplasm is large; at full strength it would drown what it is mixed with.
      let weight = rank == 0 ? 1 : traits.balance * (structure == .nucleoplasm ? 0.5 : 1)
      for index in 0..<picture.count { picture.pixels[index] += weight * layer.pixels[index] }
    }
    addHaze(traits, to: picture)
    for index in 0..<picture.count {
      let owner = scene.owner[index]
      if owner != CellScene.nobody {
        picture.pixels[index] *= scene.cells[Int(owner)].expression
      }
    }
  }

  private func paint(_ structure: CellStructure, _ traits: ProteinTraits, into layer: Plane) {
    switch structure {
    case .nucleoplasm: nucleoplasm(traits, into: layer)
    case .chromatin: chromatin(traits, into: layer)
    case .nucleolus: nucleolus(traits, into: layer)
    case .nuclearPunctae: nuclearPunctae(traits, into: layer)
    case .nuclearMembrane: nuclearMembrane(traits, into: layer)
    case .er: endoplasmicReticulum(traits, into: layer)
    case .golgi: golgi(traits, into: layer)
    case .mitochondria: mitochondria(traits, into: layer)
    case .vesicles: vesicles(traits, into: layer)
    case .cytoskeleton: microtubules(traits, into: layer)
    case .stressFibers: stressFibers(traits, into: layer)
    case .membrane: plasmaMembrane(traits, into: layer)
    case .focalAdhesions: focalAdhesions(traits, into: layer)
    case .centrosome: centrosome(traits, into: layer)
    case .cytoplasm: cytoplasm(traits, into: layer)
    }
  }

  /// The diffuse pool: a share of the protein that is not in its structure.
  private func addHaze(_ traits: ProteinTraits, to picture: Plane) {
    guard traits.haze > 0 else { return }
    for index in 0..<picture.count {
      let depth = scene.cellDepth.pixels[index]
      guard depth > -0.5 else { continue }
      let nuclear = CellScene.coverage(scene.nucleusDepth.pixels[index])
      let pool = (1 - nuclear) * thickness(depth) + nuclear * traits.nuclearRatio
      picture.pixels[index] += traits.haze * pool
    }
  }

  /// Height of the cytoplasm above a pixel `depth` pixels inside the cell, 0 to 1: thin at the edge.
  @inline(__always)
  func thickness(_ depth: Float) -> Float {
    let rise = min(1, max(0, depth / (15 * scale)))
    return CellScene.coverage(depth) * (0.4 + 0.6 * rise * (2 - rise))
  }

  /// Calls `body` with each pixel of a cell: index, column, row.
  @inline(__always)
  func forEachCellPixel(_ body: (Int, Float, Float, Float) -> Void) {
    for row in 0..<scene.height {
      for column in 0..<scene.width {
        let index = row * scene.width + column
        guard scene.cellDepth.pixels[index] > -4 * scale else { continue }
        // Textures of neighbours must not run into each other.
        let shift = Float(scene.owner[index] & 63) * 7.3
        body(index, Float(column), Float(row), shift)
      }
    }
  }

  /// A stream for what one structure draws in one cell.
  func stream(_ cell: CellShape, _ structure: CellStructure) -> SplitMix64 {
    SplitMix64(seed: cell.seed, path: [2, UInt64(structure.rawValue.utf8.count), structure.key])
  }
}

extension CellStructure {
  /// A number that does not change when structures are added.
  fileprivate var key: UInt64 { FNV1a(rawValue).value }
}
