import ArrayFiles
import CellData
import Foundation

/// A folder for the files of one test; all of them go away when the tests end.
final class TestFolder {
  let url: URL

  // Data sets outlive the function that made their files, so no folder goes before the end.
  private static let root: URL = {
    let root = FileManager.default.temporaryDirectory
      .appending(path: "celldata-tests-\(ProcessInfo.processInfo.processIdentifier)")
    atexit { try? FileManager.default.removeItem(at: TestFolder.root) }
    return root
  }()

  init() throws {
    url = Self.root.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func file(_ name: String) -> URL { url.appending(path: name) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: file(name))
  }

  /// An npy file from its parts, for types and orders that the library does not write.
  func writeNPY(
    _ name: String, descriptor: String, fortran: Bool = false, shape: [Int], bytes: Data
  ) throws {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header =
      "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), "
      + "'shape': (\(sizes)), }"
    let padding = 64 - (10 + header.utf8.count + 1) % 64
    header += String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    data += Data([UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data += Data(header.utf8) + bytes
    try data.write(to: file(name))
  }

  /// A NumPy unicode array of `[rows, columns]`.
  func writeStrings(_ name: String, _ rows: [[String]]) throws {
    let width = max(1, rows.joined().map(\.unicodeScalars.count).max() ?? 1)
    var bytes = Data()
    for value in rows.joined() {
      var scalars = value.unicodeScalars.map(\.value)
      scalars += [UInt32](repeating: 0, count: width - scalars.count)
      scalars.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    try writeNPY(
      name, descriptor: "<U\(width)", shape: [rows.count, rows.first?.count ?? 0], bytes: bytes)
  }
}

/// The value that generated crops have at a place; every place has another one.
func pixel(_ row: Int, _ channel: Int, _ y: Int, _ x: Int) -> Float {
  Float(row) + Float(channel) * 0.25 + Float(y) * 0.03125 + Float(x) * 0.001953125
}

/// Crops in any order of axes.
func crops(
  _ rows: Range<Int>, channels: Int, height: Int, width: Int, channelsLast: Bool = true
) -> [Float] {
  var values: [Float] = []
  for row in rows {
    if channelsLast {
      for y in 0..<height {
        for x in 0..<width { for c in 0..<channels { values.append(pixel(row, c, y, x)) } }
      }
    } else {
      for c in 0..<channels {
        for y in 0..<height { for x in 0..<width { values.append(pixel(row, c, y, x)) } }
      }
    }
  }
  return values
}

/// What a reader should give for a row: `[channel, height, width]`.
func expected(_ row: Int, channels: [Int], height: Int, width: Int) -> [Float] {
  channels.flatMap { c in
    (0..<height).flatMap { y in (0..<width).map { x in pixel(row, c, y, x) } }
  }
}

/// A data set in the released layout: two shards, proteins with fields of given sizes.
struct ReleasedData {
  let folder: TestFolder
  let rows: [(protein: String, field: String)]

  /// - Parameter fields: for each protein the number of cells of each of its fields.
  init(_ fields: [[Int]], side: Int = 6, extraColumns: (Int) -> [(String, String)] = { _ in [] })
    throws
  {
    folder = try TestFolder()
    var rows: [(protein: String, field: String)] = []
    for (protein, sizes) in fields.enumerated() {
      for (field, size) in sizes.enumerated() {
        rows += (0..<size).map { _ in ("P\(protein)", "\(protein * 100 + field)") }
      }
    }
    self.rows = rows
    let half = rows.count / 2
    for (shard, range) in [0..<half, half..<rows.count].enumerated() {
      try NPY.write(
        crops(range, channels: 4, height: side, width: side),
        shape: [range.count, side, side, 4], to: folder.file("Image_data0\(shard).npy"))
      let extra = extraColumns(0).map(\.0)
      var table = (["ensg", "name", "FOV_id"] + extra).joined(separator: ",") + "\n"
      for row in range {
        let values = ["ENSG\(rows[row].protein)", rows[row].protein, rows[row].field]
        table += (values + extraColumns(row).map(\.1)).joined(separator: ",") + "\n"
      }
      try folder.write(table, to: "Label_data0\(shard).csv")
    }
  }

  func open(_ options: CellDataOptions = CellDataOptions()) throws -> CellDataSet {
    try CellDataSet(folder.url, options: options)
  }
}

/// The error a closure throws, if it throws one of CellData.
func cellDataError(_ body: () throws -> Void) -> CellDataError? {
  do {
    try body()
    return nil
  } catch {
    return error as? CellDataError
  }
}

/// The folder with data shared between developers, where there is one.
let sharedFolder: URL? = {
  var candidates: [URL] = []
  if let path = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"] {
    candidates.append(URL(filePath: path))
  }
  var folder = URL(filePath: #filePath)
  while folder.path.count > 1 {
    folder.deleteLastPathComponent()
    candidates.append(folder.appending(path: "shared"))
  }
  return candidates.first {
    FileManager.default.fileExists(atPath: $0.appending(path: "golden/analysis").path)
  }
}()
