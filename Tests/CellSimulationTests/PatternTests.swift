import CellSimulation
import Raster
import Testing

/// Whether each pattern puts its light where a biologist would look for it.
struct PatternTests {
  /// A crop with the light above its background, by pixel, and the truth about it.
  struct Crop {
    let light: [Float]
    let distance: [Float]
    let mask: [Bool]
    let nucleus: [Float]
    let truth: CropTruth

    func mean(where test: (Int) -> Bool) -> Float {
      var sum: Float = 0
      var count: Float = 0
      for index in light.indices where test(index) {
        sum += light[index]
        count += 1
      }
      return count == 0 ? 0 : sum / count
    }

    /// The share of all light that is inside nuclei.
    var nuclearShare: Float {
      let inside = zip(light, mask).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      return inside / light.reduce(0, +)
    }
  }

  /// Crops of several fields and proteins of a pattern.
  static func crops(_ name: String, count: Int = 12, cropSize: Int = 100) throws -> [Crop] {
    let pattern = try LocalizationPattern(named: name)
    let settings = SimulationSettings(
      patterns: [pattern], proteinsPerPattern: 3, fields: 2, cells: 2, cropSize: cropSize, seed: 5)
    let plan = try SimulationPlan(settings)
    let simulator = CropSimulator(settings)
    let pixels = cropSize * cropSize
    return (0..<min(count, plan.count)).map { index in
      let item = plan[index]
      let protein = plan.proteins[item.protein]
      var planes = [Float](repeating: 0, count: 4 * pixels)
      let truth = planes.withUnsafeMutableBufferPointer {
        simulator.simulate(
          protein, field: item.field, cell: item.cell,
          conditions: simulator.conditions(of: protein, field: item.field), into: $0)
      }
      // The background is what the darkest twentieth of pixels has.
      let background = planes[0..<pixels].sorted()[pixels / 20]
      return Crop(
        light: planes[0..<pixels].map { max(0, $0 - background) },
        distance: Array(planes[(2 * pixels)..<(3 * pixels)]),
        mask: planes[(3 * pixels)...].map { $0 == 1 },
        nucleus: Array(planes[pixels..<(2 * pixels)]), truth: truth)
    }
  }

  static func average(_ crops: [Crop], _ value: (Crop) -> Float) -> Float {
    crops.map(value).reduce(0, +) / Float(crops.count)
  }

  @Test(arguments: ["nucleoplasm", "chromatin", "nucleolus", "nuclear_punctae"])
  func nuclearPatternsShineInTheNucleus(pattern: String) throws {
    for crop in try Self.crops(pattern) {
      let inside = crop.mean { crop.distance[$0] < -2 }
      let outside = crop.mean { crop.distance[$0] > 4 }
      #expect(inside > 1.4 * outside, "inside \(inside), outside \(outside)")
    }
  }

  @Test(arguments: ["er", "golgi", "mitochondria", "vesicles", "cytoskeleton", "cytoplasm"])
  func cytoplasmicPatternsShineAroundTheNucleus(pattern: String) throws {
    let ratio = Self.average(try Self.crops(pattern)) { crop in
      let inside = crop.mean { crop.distance[$0] < -4 }
      return inside / crop.mean { crop.distance[$0] > 2 && crop.distance[$0] < 14 }
    }
    #expect(ratio < 0.75, "nucleus over surroundings: \(ratio)")
  }

  @Test func nuclearMembraneIsARing() throws {
    for crop in try Self.crops("nuclear_membrane") {
      let ring = crop.mean { abs(crop.distance[$0]) < 1.6 }
      let inside = crop.mean { crop.distance[$0] < -6 }
      let outside = crop.mean { crop.distance[$0] > 6 }
      #expect(ring > 1.4 * inside, "ring \(ring), inside \(inside)")
      #expect(ring > 2 * outside, "ring \(ring), outside \(outside)")
    }
  }

  @Test func plasmaMembraneIsALineBeyondTheNucleus() throws {
    for crop in try Self.crops("membrane") {
      let bright = crop.light.indices.filter { crop.light[$0] > 0.55 }
      let far = bright.filter { crop.distance[$0] > 1 }
      #expect(Float(far.count) > 0.85 * Float(bright.count))
      #expect(Float(bright.count) < 0.2 * Float(crop.light.count))
    }
  }

  @Test func centrosomeIsADotWhereTheTruthSaysIt() throws {
    for crop in try Self.crops("centrosome") {
      let (x, y) = (crop.truth.centrosomeX, crop.truth.centrosomeY)
      guard x > 2, y > 2, x < 97, y < 97 else { continue }
      let near = crop.light.indices.filter { index in
        let dx = Float(index % 100) - x
        let dy = Float(index / 100) - y
        return dx * dx + dy * dy < 9
      }
      let peak = near.map { crop.light[$0] }.max() ?? 0
      #expect(peak > 4 * crop.mean { _ in true }, "peak \(peak)")
    }
  }

  @Test func golgiGathersOnTheSideOfTheCentrosome() throws {
    let crops = try Self.crops("golgi")
    let agreeing = crops.filter { crop in
      let toward = (
        x: crop.truth.centrosomeX - crop.truth.nucleusX,
        y: crop.truth.centrosomeY - crop.truth.nucleusY
      )
      var sum: Float = 0
      for index in crop.light.indices where crop.light[index] > 0.5 && crop.distance[index] < 16 {
        let dx = Float(index % 100) - crop.truth.nucleusX
        let dy = Float(index / 100) - crop.truth.nucleusY
        if dx * dx + dy * dy < 40 * 40 { sum += dx * toward.x + dy * toward.y }
      }
      return sum > 0
    }
    #expect(agreeing.count * 4 >= crops.count * 3)
  }

  @Test func nucleoliAreDarkInNucleoplasmAndBrightInTheirOwnPattern() throws {
    // The DNA stain is thin in nucleoli: how bright are the pixels where it is thinnest?
    func brightness(_ crops: [Crop]) -> Float {
      Self.average(crops) { crop in
        let inside = crop.light.indices.filter { crop.distance[$0] < -5 }
        let thin = inside.sorted { crop.nucleus[$0] < crop.nucleus[$1] }.prefix(inside.count / 12)
        let all = inside.reduce(0) { $0 + crop.light[$1] } / Float(inside.count)
        return thin.reduce(0) { $0 + crop.light[$1] } / Float(thin.count) / all
      }
    }
    #expect(brightness(try Self.crops("nucleolus")) > 1.5)
    #expect(brightness(try Self.crops("nucleoplasm")) < 0.8)
  }

  @Test func mixturesShineInBothPlaces() throws {
    let mixed = Self.average(try Self.crops("nucleoplasm+cytoplasm"), \.nuclearShare)
    let nuclear = Self.average(try Self.crops("nucleoplasm"), \.nuclearShare)
    let cytoplasmic = Self.average(try Self.crops("cytoplasm"), \.nuclearShare)
    #expect(cytoplasmic < mixed && mixed < nuclear, "\(cytoplasmic) \(mixed) \(nuclear)")
  }

  @Test(arguments: LocalizationPattern.standard.map(\.name))
  func everyCropIsWellFormed(pattern: String) throws {
    for crop in try Self.crops(pattern, count: 4) {
      #expect(crop.light.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(crop.nucleus.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect((crop.light.max() ?? 0) > 0.5)
      #expect(crop.mask[50 * 100 + 50])
      #expect(crop.distance == DistanceMap.signed(crop.mask, width: 100, height: 100))
      #expect(abs(crop.truth.nucleusX - 49.5) < 4 && abs(crop.truth.nucleusY - 49.5) < 4)
      let stained = crop.nucleus.indices.filter { crop.mask[$0] }.map { crop.nucleus[$0] }
      let bare = crop.nucleus.indices.filter { crop.distance[$0] > 4 }.map { crop.nucleus[$0] }
      let bright = stained.reduce(0, +) / Float(stained.count)
      #expect(bright > 2 * bare.reduce(0, +) / Float(bare.count))
    }
  }

  @Test(arguments: [16, 33, 64, 160])
  func otherCropSizesWork(size: Int) throws {
    let crops = try Self.crops("mitochondria+golgi", count: 2, cropSize: size)
    #expect(crops.allSatisfy { $0.light.count == size * size })
  }
}
