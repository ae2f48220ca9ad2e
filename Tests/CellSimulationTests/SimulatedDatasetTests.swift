import ArrayFiles
import CellData
import CellSimulation
import Foundation
import ImageTestSupport
import Testing

struct SimulatedDatasetTests {
  static func settings(seed: UInt64 = 1) -> SimulationSettings {
    SimulationSettings(
      patterns: [
        LocalizationPattern([.golgi]), LocalizationPattern([.nucleoplasm, .cytoplasm]),
      ], proteinsPerPattern: 2, fields: 2, cells: 3, cropSize: 40, seed: seed)
  }

  static func lines(_ url: URL) throws -> [[String]] {
    try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  @Test func releasedLayoutReadsBack() throws {
    let folder = try TestFolder()
    let out = folder.path("data")
    var reported: [Int] = []
    let dataset = try SimulatedDataset(Self.settings(), layout: .released, shards: 2, threads: 2)
    try dataset.write(to: out) { reported.append($0) }
    #expect(reported.last == 24)
    #expect(
      try Set(TestFolder.contents(of: out).keys) == [
        "Image_data00.npy", "Image_data01.npy", "Label_data00.csv", "Label_data01.csv",
        "ground_truth.csv", "manifest.json",
      ])
    var cells: [String] = []
    for shard in ["00", "01"] {
      let images = try NPYFile(out.appending(path: "Image_data\(shard).npy"))
      #expect(images.shape == [12, 40, 40, 4])
      #expect(images.elementType == .float32)
      let rows = try Self.lines(out.appending(path: "Label_data\(shard).csv"))
      #expect(rows.count == 13)
      #expect(rows[0] == DataLayout.labelColumns)
      cells += rows.dropFirst().map { $0[7] }
      let values = try images.floats()
      let signsAgree = (0..<(12 * 1600)).allSatisfy { pixel in
        let mask = values[pixel * 4 + 3]
        return (mask == 0 || mask == 1) && (values[pixel * 4 + 2] < 0) == (mask == 1)
      }
      #expect(signsAgree)
    }
    #expect(Set(cells).count == 24)
    let truth = try Self.lines(out.appending(path: "ground_truth.csv"))
    #expect(truth.dropFirst().map { $0[0] } == cells)
    #expect(truth.allSatisfy { $0.count == truth[0].count })
    #expect(Set(truth.dropFirst().map { $0[2] }) == ["golgi", "nucleoplasm+cytoplasm"])
  }

  @Test func sampleLayoutHoldsTheSameCrops() throws {
    let folder = try TestFolder()
    let (released, sample) = (folder.path("released"), folder.path("sample"))
    try SimulatedDataset(Self.settings(), layout: .released).write(to: released)
    try SimulatedDataset(Self.settings(), layout: .sample).write(to: sample)
    let all = try NPYFile(released.appending(path: "Image_data00.npy")).floats()
    let names = ["GOLGI1", "GOLGI2", "NUCLEOPLASM-CYTOPLASM1", "NUCLEOPLASM-CYTOPLASM2"]
    for (number, name) in names.enumerated() {
      for (channel, ending) in ["pro", "nuc", "nucdist"].enumerated() {
        let file = try NPYFile(sample.appending(path: "\(name)_\(ending).npy"))
        #expect(file.shape == [6, 40, 40])
        let expected = (0..<9_600).map { all[(number * 9_600 + $0) * 4 + channel] }
        #expect(try file.floats() == expected)
      }
      let label = try Data(contentsOf: sample.appending(path: "\(name)_label.npy"))
      #expect(label.prefix(6) == Data([0x93] + Array("NUMPY".utf8)))
      let header = String(decoding: label[10..<128], as: UTF8.self)
      #expect(header.contains("'shape': (6, 8)") && header.contains("'descr': '<U"))
    }
    #expect(try TestFolder.contents(of: sample).count == 18)
  }

  @Test func bytesDependOnTheSeedAloneNotOnThreads() throws {
    let folder = try TestFolder()
    var results: [[String: Data]] = []
    for (name, threads, seed) in [("a", 1, 1), ("b", 3, 1), ("c", 7, 1), ("d", 1, 2)] {
      let out = folder.path(name)
      try SimulatedDataset(Self.settings(seed: UInt64(seed)), threads: threads).write(to: out)
      results.append(try TestFolder.contents(of: out))
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    #expect(results[0]["Image_data00.npy"] != results[3]["Image_data00.npy"])
  }

  @Test func aCropDoesNotDependOnWhatElseIsInTheDataSet() throws {
    let folder = try TestFolder()
    var few = Self.settings()
    few.cells = 2
    few.patterns = [few.patterns[1]]
    try SimulatedDataset(few).write(to: folder.path("few"))
    try SimulatedDataset(Self.settings()).write(to: folder.path("many"))
    let small = try NPYFile(folder.path("few").appending(path: "Image_data00.npy")).floats()
    let large = try NPYFile(folder.path("many").appending(path: "Image_data00.npy")).floats()
    let crop = 1600 * 4
    // The second field of the first protein of the mixture: crops 2, 3 and 15, 16.
    #expect(small[(2 * crop)..<(4 * crop)] == large[(15 * crop)..<(17 * crop)])
  }

  @Test func manifestTellsHowItWasMade() throws {
    let folder = try TestFolder()
    let out = folder.path("data")
    try SimulatedDataset(Self.settings(seed: 9)).write(to: out)
    let data = try Data(contentsOf: out.appending(path: "manifest.json"))
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["count"] as? Int == 24)
    #expect(object["layout"] as? String == "released")
    let settings = try #require(object["settings"] as? [String: Any])
    #expect(settings["seed"] as? Int == 9)
    #expect((object["proteins"] as? [Any])?.count == 4)
  }

  @Test func proteinsOfAPatternDiffer() {
    let proteins = SimulatedProtein.roster(
      of: LocalizationPattern.standard, perPattern: 3, seed: 0)
    #expect(Set(proteins.map(\.name)).count == 60)
    #expect(Set(proteins.map(\.gene)).count == 60)
    for first in proteins {
      for second in proteins where second.pattern == first.pattern && second.id > first.id {
        let difference =
          zip(first.traits.values.prefix(4), second.traits.values.prefix(4))
          .map { abs($0 - $1) }.max() ?? 0
        #expect(difference > 0.15)
      }
    }
  }

  @Test func leftoversOfAKilledRunAreReplaced() throws {
    let folder = try TestFolder()
    let stale = folder.path(".data.partial")
    try FileManager.default.createDirectory(at: stale, withIntermediateDirectories: true)
    try Data("x".utf8).write(to: stale.appending(path: "Image_data00.npy.partial"))
    try FileManager.default.createDirectory(
      at: folder.path("data"), withIntermediateDirectories: true)
    try SimulatedDataset(Self.settings()).write(to: folder.path("data"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["data"])
  }
}
