import ArrayFiles
public import Foundation

/// A map in a folder: `map.json` with the choices, `data.npy` [rows, columns] and `positions.npy`
/// [rows, dimensions] in float32; where rows were reduced first, also `pca_means.npy` and
/// `pca_variances.npy` in float64 and `pca_directions.npy` [components, columns] in float32.
extension UMAPMap {
  private struct Description: Codable {
    var format = "cytoself-umap-map"
    var version = 1
    let settings: UMAPSettings
    let curve: MembershipCurve
    let neighborsUsed: Int
    let neighborMethod: String
    let neighborRecall: Double?
    let totalVariance: Double?
  }

  /// Saves the map; a map already in the folder is replaced when the new one is whole.
  ///
  /// - Throws: `ArrayFileError` when the disk is full or the folder cannot be written.
  public func save(to folder: URL) throws {
    let staged = try StagedFolder(inside: folder, as: "map")
    let staging = staged.url
    defer {
      staged.discard()
      // Goes only if it is empty, as it is when it was made here and nothing could be written.
      rmdir(folder.path(percentEncoded: false))
    }
    let description = Description(
      settings: settings, curve: curve, neighborsUsed: neighborsUsed,
      neighborMethod: neighborMethod, neighborRecall: neighborRecall,
      totalVariance: reduction?.totalVariance)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(
      Array(encoder.encode(description)) + [10], to: staging.appending(path: "map.json"))
    var names: [String] = []
    func write(_ matrix: Matrix, _ name: String) throws {
      try NPY.write(
        matrix.values, shape: [matrix.rows, matrix.columns], to: staging.appending(path: name))
      names.append(name)
    }
    try write(data, "data.npy")
    try write(positions, "positions.npy")
    if let reduction {
      try write(reduction.directions, "pca_directions.npy")
      for (name, values) in [
        ("pca_means.npy", reduction.means), ("pca_variances.npy", reduction.variances),
      ] {
        try NPY.write(values, shape: [values.count], to: staging.appending(path: name))
        names.append(name)
      }
    }
    // What tells how to read the others comes last; those of an old map that it does not name are not read.
    try staged.publish(files: names + ["map.json"])
  }

  /// Opens a saved map.
  ///
  /// - Throws: `AnalysisError.missing` where there is none, `.badFile` or `ArrayFileError` where it is
  ///   damaged.
  public init(folder: URL) throws {
    let file = folder.appending(path: "map.json")
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw AnalysisError.missing(
        path: file.path, advice: "Give the folder 'map' that 'cytoself umap' wrote.")
    }
    let description: Description
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: file))
      try description.settings.validate()
    } catch {
      throw AnalysisError.badFile(
        path: file.path, problem: "cannot be read as a map", expected: "what 'cytoself umap' wrote")
    }
    let curve = description.curve
    guard curve.a > 0, curve.a.isFinite, curve.b > 0, curve.b.isFinite else {
      throw AnalysisError.badFile(
        path: file.path, problem: "has a curve with a = \(curve.a) and b = \(curve.b)",
        expected: "numbers above 0, as 'cytoself umap' wrote them")
    }
    guard description.format == "cytoself-umap-map", description.version == 1 else {
      throw AnalysisError.badFile(
        path: file.path, problem: "has the version \(description.version)",
        expected: "version 1: a newer program wrote it")
    }
    let data = try Self.matrix(folder.appending(path: "data.npy"))
    let positions = try Self.matrix(folder.appending(path: "positions.npy"))
    guard data.rows == positions.rows, positions.columns == description.settings.dimensions,
      (2...max(2, data.rows)).contains(description.neighborsUsed)
    else {
      throw AnalysisError.badFile(
        path: folder.path, problem: "data.npy, positions.npy and map.json do not belong together",
        expected: "a folder as 'cytoself umap' wrote it")
    }
    self.init(
      settings: description.settings, curve: description.curve, data: data, positions: positions,
      neighborsUsed: description.neighborsUsed, neighborMethod: description.neighborMethod,
      neighborRecall: description.neighborRecall)
    if let total = description.totalVariance {
      let means = try NPYFile(folder.appending(path: "pca_means.npy")).doubles()
      let variances = try NPYFile(folder.appending(path: "pca_variances.npy")).doubles()
      let directions = try Self.matrix(folder.appending(path: "pca_directions.npy"))
      guard means.count == directions.columns, variances.count == directions.rows,
        directions.rows == data.columns, means.allSatisfy(\.isFinite),
        variances.allSatisfy({ $0 >= 0 && $0.isFinite }), total >= 0, total.isFinite
      else {
        throw AnalysisError.badFile(
          path: folder.path,
          problem: "the files of the reduction do not belong together or hold impossible numbers",
          expected: "a folder as 'cytoself umap' wrote it")
      }
      reduction = PrincipalComponents(
        means: means, directions: directions, variances: variances, totalVariance: total)
    }
  }

  private static func matrix(_ file: URL) throws -> Matrix {
    let array = try NPYFile(file)
    guard array.shape.count == 2 else {
      throw AnalysisError.badFile(
        path: file.path, problem: "the array has shape \(array.shape)", expected: "two axes")
    }
    let matrix = Matrix(
      rows: array.shape[0], columns: array.shape[1], values: try array.floats())
    try matrix.requireFinite(source: file.path)
    return matrix
  }
}
