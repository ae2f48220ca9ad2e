import ArrayFiles
import CellData
import CytoselfAnalysis
import CytoselfAtlas
import Foundation
import Numerics

/// Embeddings, a map and crops of made cells in a folder of their own, which goes away with the test.
final class MadeCells {
  let url: URL
  let count: Int
  let features: [Float]
  let positions: [Float]
  let proteins: [String]
  static let columns = 6
  static let dimensions = 2

  /// Cells of five proteins, each around a place of its own.
  init(_ count: Int = 300, seed: UInt64 = 1) throws {
    self.count = count
    url = FileManager.default.temporaryDirectory.appending(path: "atlas-" + UUID().uuidString)
    for name in ["e", "map", "cells"] {
      try FileManager.default.createDirectory(
        at: url.appending(path: name), withIntermediateDirectories: true)
    }
    var generator = SplitMix64(seed: seed)
    let codes = (0..<count).map { _ in generator.next(below: 5) }
    proteins = codes.map { ["P0", "P1", "P2", "<b>P3</b>", "P 4"][$0] }
    features = codes.flatMap { code in
      (0..<Self.columns).map { Float(generator.normal() + ($0 == code ? 4.0 : 0.0)) }
    }
    positions = codes.flatMap { code in
      [
        Float(generator.normal() + 6 * cos(Double(code))),
        Float(generator.normal() + 6 * sin(Double(code))),
      ]
    }
    try NPY.write(
      features, shape: [count, Self.columns], to: url.appending(path: "e/features.npy"))
    var table = "cell,name,loc,area,field,split,source,row\n"
    for row in 0..<count {
      table += "c\(row),\(proteins[row]),\(codes[row] < 2 ? "nucleus" : ""),\(row % 97).5,"
      table += "f\(row % 7),train,cells,\(row)\n"
    }
    try Data(table.utf8).write(to: url.appending(path: "e/cells.csv"))
    try writeMap(order: Array(0..<count))
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> URL { url.appending(path: name) }

  /// Writes the map with its cells in an order of its own.
  func writeMap(order: [Int], named id: (Int) -> String = { "c\($0)" }) throws {
    try NPY.write(
      order.flatMap { positions[2 * $0..<2 * $0 + 2] }, shape: [order.count, 2],
      to: path("map/umap.npy"))
    let table = "cell,umap_1,umap_2\n" + order.map { "\(id($0)),0,0\n" }.joined()
    try Data(table.utf8).write(to: path("map/umap.csv"))
  }

  /// Writes crops of 20 x 20 pixels of two channels: each as bright as its row says.
  func writeCrops(order: [Int]) throws {
    let pixels = order.flatMap { row in
      (0..<400).flatMap { place in
        [Float(row) + Float(place % 20) / 20, Float(place / 20) / 20]
      }
    }
    try NPY.write(
      pixels, shape: [order.count, 20, 20, 2], to: path("cells/Image_data00.npy"))
    let table = "cell,name\n" + order.map { "c\($0),\(proteins[$0])\n" }.joined()
    try Data(table.utf8).write(to: path("cells/Label_data00.csv"))
  }

  /// An atlas of the cells.
  func atlas() throws -> Atlas {
    let table = try EmbeddingTable(path("e"))
    let ids = CellIds(table, rows: count)
    return try Atlas(
      table, layers: [table.layer()],
      maps: [AtlasMap(contentsOf: path("map").path, of: ids)], title: "Made")
  }

  /// The object that a script of an atlas hands over.
  func data(_ name: String, in folder: String = "atlas") throws -> [String: Any] {
    let text = try String(
      contentsOf: path("\(folder)/data/\(name).js"), encoding: .utf8)
    let start = "AtlasData.receive(\"\(name)\", "
    guard text.hasPrefix(start), text.hasSuffix(");\n") else {
      throw CocoaError(.fileReadCorruptFile)
    }
    let object = try JSONSerialization.jsonObject(
      with: Data(text.dropFirst(start.count).dropLast(3).utf8))
    return object as? [String: Any] ?? [:]
  }

  /// The numbers of a base64 text.
  static func numbers<Number>(_ text: Any?, as type: Number.Type) -> [Number] {
    guard let text = text as? String, let data = Data(base64Encoded: text) else { return [] }
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / MemoryLayout<Number>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)
      }
    }
  }

  /// The row of the embeddings of each cell of the atlas.
  func order(in folder: String = "atlas") throws -> [Int] {
    let ids = try data("ids-0", in: folder)["ids"] as? [String] ?? []
    return ids.compactMap { Int($0.dropFirst()) }
  }
}
