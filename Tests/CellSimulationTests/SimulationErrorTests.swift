import ArrayFiles
import CellSimulation
import Foundation
import ImageTestSupport
import Testing

struct SimulationErrorTests {
  @Test(arguments: ["nucleus", "er+er", "er+", "", "ER"])
  func unknownPatternsAreNamedWithTheKnownOnes(name: String) {
    let error = #expect(throws: SimulationError.self) { try LocalizationPattern(named: name) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains("'\(name)'") == true)
    #expect(error?.description.contains("nuclear_membrane") == true)
  }

  @Test(arguments: LocalizationPattern.standard)
  func namesOfPatternsReadBack(pattern: LocalizationPattern) throws {
    #expect(try LocalizationPattern(named: pattern.name) == pattern)
  }

  @Test func valuesOutOfRangeNameTheOption() {
    func message(_ change: (inout SimulationSettings) -> Void) -> String {
      var settings = SimulationSettings()
      change(&settings)
      do throws(SimulationError) { try settings.validate() } catch { return error.description }
      return "valid"
    }
    #expect(message { $0.cells = 0 } == "--cells is 0, but must be between 1 and 10000.")
    #expect(message { $0.fields = -1 }.hasPrefix("--fields is -1"))
    #expect(message { $0.proteinsPerPattern = 0 }.hasPrefix("--proteins-per-pattern is 0"))
    #expect(message { $0.cropSize = 8 }.hasPrefix("--crop-size is 8"))
    #expect(message { $0.pixelSize = .nan }.hasPrefix("--pixel-size is nan"))
    #expect(message { $0.patterns = [] }.hasPrefix("--patterns is empty"))
    #expect(
      message { $0.patterns.append($0.patterns[0]) }
        == "The pattern 'nucleoplasm' is given twice. Name each pattern once.")
    #expect(
      message {
        $0.fields = 10_000
        $0.cells = 10_000
      }.hasSuffix("must be at most 50,000,000."))
    #expect(message { _ in } == "valid")
  }

  @Test func optionsOfTheDataSetAreChecked() {
    let settings = SimulationSettings(
      patterns: [LocalizationPattern([.er])], proteinsPerPattern: 1, fields: 1, cells: 1)
    #expect(throws: SimulationError.self) { try SimulatedDataset(settings, shards: 3) }
    #expect(throws: SimulationError.self) { try SimulatedDataset(settings, threads: 0) }
  }

  @Test func aFolderInUseIsLeftAlone() throws {
    let folder = try TestFolder()
    try Data("mine".utf8).write(to: folder.path("notes.txt"))
    let dataset = try SimulatedDataset(
      SimulationSettings(patterns: [LocalizationPattern([.er])], fields: 1, cells: 1))
    let error = #expect(throws: ArrayFileError.self) { try dataset.write(to: folder.url) }
    #expect(error?.description.hasSuffix("Choose another folder, or remove it first.") == true)
    #expect(try TestFolder.contents(of: folder.url) == ["notes.txt": Data("mine".utf8)])
    let file = folder.path("notes.txt")
    let second = #expect(throws: ArrayFileError.self) { try dataset.write(to: file) }
    #expect(second?.kind == .inputOutput)
    #expect(second?.description.contains("a file has this name") == true)
    let third = #expect(throws: ArrayFileError.self) {
      try dataset.write(to: file.appending(path: "data"))
    }
    #expect(third?.kind == .inputOutput)
  }

  @Test func contactSheetShowsTheCropsOfTheDataSet() throws {
    let settings = SimulationSettings(
      patterns: [LocalizationPattern([.er]), LocalizationPattern([.golgi])], fields: 2, cells: 2,
      cropSize: 24)
    let sheet = ContactSheet(try SimulationPlan(settings), proteins: 5, cells: 3)
    #expect(sheet.patterns == ["er", "golgi"])
    #expect(sheet.rows.map(\.count) == [6, 6])
    #expect(sheet.rows[1].map(\.protein).filter { $0 == "GOLGI1" }.count == 3)
    #expect(sheet.rows.joined().allSatisfy { $0.pixels.count == 24 * 24 })
  }
}
