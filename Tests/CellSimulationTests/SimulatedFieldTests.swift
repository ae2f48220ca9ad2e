import CellSimulation
import Foundation
import ImageFiles
import ImageTestSupport
import Raster
import Testing

struct SimulatedFieldTests {
  static var settings: SimulationSettings {
    SimulationSettings(
      patterns: [LocalizationPattern([.er]), LocalizationPattern([.golgi])], proteinsPerPattern: 1,
      fields: 2, seed: 3)
  }

  @Test func nucleiAreBrightWhereTheMaskSays() throws {
    let plan = try SimulationPlan(Self.settings)
    let simulator = FieldSimulator(plan.settings, side: 300)
    for crowding: Float in [0.2, 1.1] {
      let field = simulator.simulate(plan.proteins[0], field: 0, crowding: crowding)
      var (inside, outside): (Double, Double) = (0, 0)
      for (value, label) in zip(field.nucleus, field.labels.labels) {
        if label > 0 { inside += Double(value) } else { outside += Double(value) }
      }
      let covered = field.labels.labels.reduce(0) { $0 + ($1 > 0 ? 1 : 0) }
      #expect(covered == field.nuclei.reduce(0) { $0 + $1.area })
      #expect(
        inside / Double(covered) > 1.8 * outside / Double(field.labels.labels.count - covered))
      #expect(field.nuclei.map(\.label) == (1...Int32(field.nuclei.count)).map { $0 })
    }
  }

  @Test func crowdedFieldsHaveMoreNuclei() throws {
    let plan = try SimulationPlan(Self.settings)
    let simulator = FieldSimulator(plan.settings, side: 400)
    let few = simulator.simulate(plan.proteins[0], field: 0, crowding: 0.15).nuclei.count
    let many = simulator.simulate(plan.proteins[0], field: 0, crowding: 1.2).nuclei.count
    #expect(many > 3 * few && few > 0)
  }

  @Test func filesReadBackAndDoNotDependOnThreads() throws {
    let folder = try TestFolder()
    for (name, threads) in [("one", 1), ("three", 3)] {
      try SimulatedFieldSet(Self.settings, side: 128, threads: threads)
        .write(to: folder.path(name))
    }
    for part in ["fields", "masks"] {
      let one = try TestFolder.contents(of: folder.path("one").appending(path: part))
      let three = try TestFolder.contents(of: folder.path("three").appending(path: part))
      #expect(one == three && one.count == 4)
    }
    let image = try TIFFReader(folder.path("one").appending(path: "fields/GOLGI1_f01.ome.tif"))
    #expect(image.pageCount == 2)
    #expect(image.text?.contains("Name=\"nucleus\"") == true)
    let mask = try TIFFReader(folder.path("one").appending(path: "masks/GOLGI1_f01.tif"))
    let labels = try mask.read(page: 0).pixels
    let table = try SimulatedDatasetTests.lines(folder.path("one").appending(path: "nuclei.csv"))
    let rows = table.filter { $0[0] == "fields/GOLGI1_f01.ome.tif" }
    #expect(rows.count == Int(labels.max() ?? 0))
    #expect(
      rows.allSatisfy { row in
        labels.filter { $0 == Float(row[1]) }.count == Int(row[4])
      })
    let fields = try SimulatedDatasetTests.lines(folder.path("one").appending(path: "fields.csv"))
    #expect(fields.count == 5)
  }

  @Test func wrongOptionsAreNamed() {
    #expect(throws: SimulationError.self) { try SimulatedFieldSet(Self.settings, side: 10) }
    let error = #expect(throws: SimulationError.self) {
      try SimulatedFieldSet(Self.settings, crowding: 3)
    }
    #expect(error?.description == "--crowding is 3.0, but must be between 0.1 and 1.2.")
  }
}
