import ArrayFiles
import CytoselfAnalysis
import Foundation

/// Where spectra come from: the mean histograms of proteins, and those of single cells where the
/// cells are known.
struct SpectrumSource {
  /// The mean histogram of each protein.
  let proteins: CodeHistograms
  /// What the data is called in messages.
  let name: String
  private let cells: (layer: CodeLayer<EmbeddingLayer>, ids: [String])?

  /// A file of histograms, [proteins, codes]; proteins are named by their rows, from 0.
  init(matrix: String) throws {
    let file = try NPYFile(URL(filePath: matrix))
    guard file.shape.count == 2 else {
      throw AnalysisError.badFile(
        path: matrix, problem: "the array has shape \(file.shape)",
        expected: "two axes, [proteins, codes]")
    }
    name = matrix
    cells = nil
    proteins = try CodeHistograms(
      proteins: (0..<file.shape[0]).map(String.init),
      cellCounts: [Int](repeating: 1, count: file.shape[0]), values: file.doubles(),
      codes: file.shape[1], source: matrix)
  }

  /// A layer of embeddings.
  ///
  /// - Parameters:
  ///   - embeddings: the folder.
  ///   - layer: nil takes the first usual one there is.
  ///   - labels: the column with the protein; nil looks for it.
  ///   - codes: the size of the codebook; nil takes that of the layer.
  init(embeddings: String, layer: String?, labels: String?, codes: Int?) throws {
    let table = try EmbeddingTable(URL(filePath: embeddings))
    let source = try Self.layer(layer, of: table)
    let chosen = source.layer
    if let labels { table.sayMissing(in: labels) }
    guard let column = labels ?? table.sayingProteinColumn() else {
      throw AnalysisError.badOption(
        name: "--labels", value: "not given", expected: "the column of cells.csv with the protein")
    }
    let holdsCodes = chosen.hasPrefix("vqind") && !chosen.hasPrefix("vqindhist")
    let codeLayer = try CodeLayer(source, holdsCodes: holdsCodes, codes: codes)
    name = source.name
    cells = (codeLayer, table.ids(rows: source.rows))
    proteins = try codeLayer.means(of: table.labels(column))
  }

  /// The layer of codes: the one that is named, else the first usual one there is.
  ///
  /// - Throws: `AnalysisError.badOption` where there is none, and as `EmbeddingTable.layer`.
  static func layer(_ name: String?, of table: EmbeddingTable) throws -> EmbeddingLayer {
    let usual = ["vqindhist1", "vqindhist", "vqind1", "vqind"]
    guard let chosen = name ?? usual.first(where: table.layers.contains) else {
      throw AnalysisError.badOption(
        name: "--layer", value: "not given",
        expected: "a layer of codes, but \(table.url.path) has only "
          + "\(table.layers.joined(separator: ", ")): embed with --layer vqindhist1")
    }
    return try table.layer(chosen)
  }

  /// The mean histogram of a protein, or that of the cell with this id.
  ///
  /// - Parameters:
  ///   - name: the protein or the cell.
  ///   - option: the option that named it, for the message.
  func histogram(of name: String, option: String) throws -> [Double] {
    if let place = proteins.proteins.firstIndex(of: name) { return proteins.histogram(of: place) }
    if let cells, let row = cells.ids.firstIndex(of: name) {
      return try cells.layer.histogram(ofCell: row)
    }
    let ids = cells.map { " or cell ids, such as \($0.ids.first ?? "")" } ?? ""
    throw AnalysisError.badOption(
      name: option, value: name,
      expected: "proteins of the table, such as \(proteins.proteins[0])\(ids)")
  }

  /// Names of proteins or cells, separated by commas, as `NameList` reads them.
  func names(in list: String, count: Int? = nil) -> [String] {
    let known = Set(proteins.proteins + (cells?.ids ?? []))
    return NameList.names(in: list, count: count, isKnown: known.contains)
  }
}
