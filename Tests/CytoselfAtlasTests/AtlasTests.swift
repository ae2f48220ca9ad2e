import ArrayFiles
import CellData
import CytoselfAnalysis
import CytoselfAtlas
import Foundation
import Testing

/// What is written for the browser, read back.
@Suite struct AtlasTests {
  @Test func everyCellIsWhereItsIdSays() throws {
    let cells = try MadeCells()
    try cells.atlas().write(to: cells.path("atlas"))
    let order = try cells.order()
    #expect(order.sorted() == Array(0..<cells.count))
    let manifest = try cells.data("manifest")
    #expect(manifest["cells"] as? Int == cells.count)
    // Positions, within half a step of the grid.
    let map = try #require((manifest["maps"] as? [[String: Any]])?.first)
    let low = try #require(map["minimum"] as? [Double])
    let high = try #require(map["maximum"] as? [Double])
    let found = MadeCells.numbers(try cells.data("positions-0-0")["base64"], as: UInt16.self)
    for (place, row) in order.enumerated() {
      for axis in 0..<2 {
        let span = high[axis] - low[axis]
        let value = low[axis] + Double(found[2 * place + axis]) / 65_535 * span
        #expect(abs(value - Double(cells.positions[2 * row + axis])) <= span / 65_535)
      }
    }
    // Labels.
    let columns = try #require(manifest["columns"] as? [[String: Any]])
    let names = columns.map { $0["name"] as? String ?? "" }
    #expect(names == ["name", "loc", "area", "field", "split", "distance_to_mean"])
    #expect(manifest["protein"] as? Int == 0)
    let values = try #require(columns[0]["values"] as? [String])
    #expect(Set(values) == Set(cells.proteins))
    let codes = MadeCells.numbers(try cells.data("column-0-0")["base64"], as: UInt16.self)
    #expect(codes.map { values[Int($0)] } == order.map { cells.proteins[$0] })
    // A missing label has no code, a number is itself.
    let places = MadeCells.numbers(try cells.data("column-1-0")["base64"], as: UInt16.self)
    #expect(places.contains(.max) && places.contains(0))
    let areas = MadeCells.numbers(try cells.data("column-2-0")["base64"], as: Float.self)
    #expect(areas == order.map { Float($0 % 97) + 0.5 })
  }

  @Test func neighboursAreThoseOfEveryPair() throws {
    let cells = try MadeCells()
    try cells.atlas().write(to: cells.path("atlas"))
    let order = try cells.order()
    let width = MadeCells.columns
    let means = (0..<width).map { column in
      (0..<cells.count).reduce(0.0) { $0 + Double(cells.features[$1 * width + column]) }
        / Double(cells.count)
    }
    func row(_ place: Int) -> [Double] {
      let row = (0..<width).map { Double(cells.features[order[place] * width + $0]) - means[$0] }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    let rows = (0..<cells.count).map(row)
    let data = try cells.data("neighbours-0-0")
    #expect(data["count"] as? Int == 20)
    let near = MadeCells.numbers(data["cells"], as: Int32.self)
    let similar = MadeCells.numbers(data["similarity"], as: UInt8.self)
    #expect(near.count == 20 * cells.count && similar.count == near.count)
    for place in stride(from: 0, to: cells.count, by: 13) {
      let cosines = rows.map { zip($0, rows[place]).reduce(0) { $0 + $1.0 * $1.1 } }
      let best = cosines.indices.filter { $0 != place }.sorted { cosines[$0] > cosines[$1] }
      let found = near[20 * place..<20 * place + 20].map(Int.init)
      #expect(Set(found) == Set(best.prefix(20)))
      for (rank, cell) in found.enumerated() {
        let value = Double(similar[20 * place + rank]) / 127.5 - 1
        #expect(abs(value - cosines[cell]) < 0.005)
      }
    }
  }

  @Test func proteinsHaveTheirCellsPlacesAndNeighbours() throws {
    let cells = try MadeCells()
    try cells.atlas().write(to: cells.path("atlas"))
    let order = try cells.order()
    let proteins = try #require(try cells.data("proteins")["proteins"] as? [[String: Any]])
    let distances = MadeCells.numbers(try cells.data("column-5-0")["base64"], as: Float.self)
    for (place, protein) in proteins.enumerated() {
      let name = try #require(protein["name"] as? String)
      let own = order.indices.filter { cells.proteins[order[$0]] == name }
      #expect(protein["count"] as? Int == own.count)
      #expect(protein["fields"] as? Int == 7)
      let mean = try #require((protein["positions"] as? [[Double]])?.first)
      let x = own.reduce(0.0) { $0 + Double(cells.positions[2 * order[$1]]) } / Double(own.count)
      #expect(abs(mean[0] - x) < 1e-4)
      let typical = try #require(protein["typical"] as? [Int])
      let unusual = try #require(protein["unusual"] as? [Int])
      #expect(typical.first == own.min { distances[$0] < distances[$1] })
      #expect(unusual.first == own.max { distances[$0] < distances[$1] })
      let nearest = try #require((protein["nearest"] as? [[String: Any]])?.first)
      #expect(Set(nearest["proteins"] as? [Int] ?? []) == Set(0..<5).subtracting([place]))
    }
  }

  @Test func theSameBytesFromAnyNumberOfThreads() throws {
    let cells = try MadeCells(1500)
    try cells.writeCrops(order: Array(0..<cells.count).reversed())
    for (name, threads) in [("one", 1), ("four", 4)] {
      var atlas = try cells.atlas()
      atlas.sheets = CropSheets(try CellDataSet(cells.path("cells")), most: 1200)
      try atlas.write(to: cells.path(name), workers: Workers(threads))
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: cells.path("one").path)
    #expect(
      try names.count > 20
        && Set(names)
          == Set(
            FileManager.default.subpathsOfDirectory(atPath: cells.path("four").path))
    )
    for name in names where name.contains(".") {
      #expect(
        try Data(contentsOf: cells.path("one/\(name)"))
          == Data(contentsOf: cells.path("four/\(name)")), "\(name)")
    }
  }

  @Test func picturesAreThoseOfTheCells() throws {
    let cells = try MadeCells(1100)
    try cells.writeCrops(order: Array(0..<cells.count).shuffled())
    var atlas = try cells.atlas()
    atlas.sheets = CropSheets(try CellDataSet(cells.path("cells")), most: 5000)
    try atlas.write(to: cells.path("atlas"))
    let pictures = try #require(try cells.data("manifest")["pictures"] as? [String: Any])
    #expect(pictures["side"] as? Int == 16 && pictures["cells"] as? Int == 1100)
    #expect(pictures["of"] is NSNull || pictures["of"] == nil)
    let channels = try #require(pictures["channels"] as? [[String: Any]])
    #expect(channels.map { $0["name"] as? String } == ["protein", "nucleus"])
    let range = try #require(channels[0]["range"] as? [Double])
    // The brightness of a crop is its row: the contrast kept beside must be that of the cell.
    let pairs = MadeCells.numbers(try cells.data("contrast-0-0")["base64"], as: UInt8.self)
    for (place, row) in try cells.order().enumerated() where Double(row) < range[1] - 1 {
      let low = range[0] + Double(pairs[2 * place]) / 255 * (range[1] - range[0])
      #expect(abs(low - Double(row)) < 4, "\(row)")
    }
    for (name, height) in [("0-0", 32 * 16), ("1-0", 32 * 16), ("0-1", 3 * 16)] {
      let bytes = [UInt8](try Data(contentsOf: cells.path("atlas/pictures/\(name).jpg")))
      #expect(bytes.prefix(2) == [0xFF, 0xD8])
      // The frame header: FF C0, its length, 8 bits, height, width.
      let frame = try #require(bytes.indices.first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
      #expect(Int(bytes[frame + 5]) << 8 | Int(bytes[frame + 6]) == height)
      #expect(Int(bytes[frame + 7]) << 8 | Int(bytes[frame + 8]) == 512)
    }
  }

  @Test func mapsAndCropsAreJoinedByIds() throws {
    let cells = try MadeCells()
    try cells.atlas().write(to: cells.path("atlas"))
    try cells.writeMap(order: Array(0..<cells.count).shuffled())
    try cells.atlas().write(to: cells.path("again"))
    #expect(
      try Data(contentsOf: cells.path("atlas/data/positions-0-0.js"))
        == Data(contentsOf: cells.path("again/data/positions-0-0.js")))
    try cells.writeMap(order: Array(2..<cells.count + 2).map { $0 % cells.count }) {
      $0 < 2 ? "x\($0)" : "c\($0)"
    }
    let error = #expect(throws: AnalysisError.self) { try cells.atlas() }
    let text = error?.description ?? ""
    #expect(text.contains("2 of 300 cells of the embeddings are not there, such as 'c0', 'c1'"))
    #expect(text.contains("while it has others, such as 'x0', 'x1'"))
    try cells.writeMap(order: [1, 1] + Array(1..<cells.count - 1))
    #expect(throws: AnalysisError.self) { try cells.atlas() }
  }

  @Test func nothingIsLeftOfAnAtlasThatFails() throws {
    let cells = try MadeCells()
    try cells.writeCrops(order: Array(0..<cells.count - 1))
    var atlas = try cells.atlas()
    atlas.sheets = CropSheets(try CellDataSet(cells.path("cells")), most: 5000)
    #expect(throws: AnalysisError.self) { try atlas.write(to: cells.path("atlas")) }
    let names = try FileManager.default.contentsOfDirectory(atPath: cells.url.path)
    #expect(names.sorted() == ["cells", "e", "map"])
  }
}
