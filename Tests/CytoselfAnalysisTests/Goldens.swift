import CytoselfAnalysis
import Foundation
import Numerics

/// Golden numbers made by tools/reference/analysis_goldens.py, and data beside the repository.
enum Goldens {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func load<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: name)))
  }

  /// The folder `shared` beside the repository, if there is one.
  static let shared: URL? = {
    if let path = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"] {
      return URL(filePath: path)
    }
    var folder = URL(filePath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appending(path: "shared")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "golden").path) {
        return candidate
      }
    }
    return nil
  }()

  /// A table of numbers whose last column is the class.
  static func table(_ path: String) throws -> (data: Matrix, classes: [Int]) {
    guard let shared else { return (Matrix(rows: 0, columns: 0), []) }
    let text = try String(contentsOf: shared.appending(path: path), encoding: .utf8)
    var values: [Float] = []
    var classes: [Int] = []
    for line in text.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",").compactMap { Float($0) }
      values += fields.dropLast()
      classes.append(Int(fields.last ?? 0))
    }
    return (
      Matrix(rows: classes.count, columns: values.count / classes.count, values: values), classes
    )
  }
}

/// The content of umap_stages.json.
struct UMAPStages: Decodable {
  struct Table: Decodable {
    let indices: [Int32]
    let distances: [Float]
  }
  let rows: Int
  let columns: Int
  let neighbors: Int
  let data: [Float]
  let label: [Int]
  let knn: [String: Table]
  let sigmas: [Float]
  let rhos: [Float]
  let row: [Int]
  let col: [Int32]
  let weight: [Float]
  let laplacian_eigenvalues: [Double]
  let laplacian_vectors: [Double]
  let ab: [String: [Double]]
  let trustworthiness: Double

  static func load() throws -> UMAPStages {
    try Goldens.load("umap_stages.json", as: UMAPStages.self)
  }

  var matrix: Matrix { Matrix(rows: rows, columns: columns, values: data) }
}

/// Seeded normal numbers.
func randomMatrix(rows: Int, columns: Int, seed: UInt64) -> Matrix {
  var generator = SplitMix64(seed: seed, stream: 0)
  return Matrix(
    rows: rows, columns: columns,
    values: (0..<rows * columns).map { _ in Float(generator.normal()) })
}

/// The largest difference of two lists.
func largestDifference<Number: BinaryFloatingPoint>(_ a: [Number], _ b: [Number]) -> Number {
  zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
}
