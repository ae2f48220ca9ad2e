public import ArrayFiles
public import Foundation

/// A field of view on disk, and what is known about it before it is opened.
public struct FieldSource: Sendable, Equatable {
  /// The image file.
  public let url: URL
  /// The file's name without its ending; unique in a data set.
  public let stem: String
  /// The protein that is tagged; the stem unless a table or a pattern tells.
  public var name: String
  /// The protein's Ensembl gene, or empty.
  public var gene = ""
  /// The annotations of grades 1, 2 and 3, each empty if not known.
  public var grades = ["", "", ""]
  /// The plate, or empty.
  public var plate = ""
  /// The well, or empty.
  public var well = ""

  /// Endings of files that are taken from a folder.
  static let endings = [".ome.tiff", ".ome.tif", ".tiff", ".tif"]

  /// The field in a file.
  public init(_ url: URL) {
    self.url = url
    let name = url.lastPathComponent
    let ending = Self.endings.first { name.lowercased().hasSuffix($0) } ?? ""
    stem = String(name.dropLast(ending.count))
    self.name = stem
  }

  /// The fields of files and folders, sorted by name within each folder.
  ///
  /// - Throws: ``ImageError``: `missingInput` for a path that is not there or a folder without TIFF
  ///   files, `usage` for two files of one name.
  public static func list(_ paths: [URL]) throws(ImageError) -> [FieldSource] {
    var sources: [FieldSource] = []
    for path in paths {
      var isFolder: ObjCBool = false
      let name = path.path(percentEncoded: false)
      guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
        throw ImageError(
          .missingInput, path, "there is no such file or folder", advice: "Check the path")
      }
      guard isFolder.boolValue else {
        sources.append(FieldSource(path))
        continue
      }
      let names = ((try? FileManager.default.contentsOfDirectory(atPath: name)) ?? []).sorted()
      let images = names.filter { file in
        !file.hasPrefix(".") && endings.contains { file.lowercased().hasSuffix($0) }
      }
      guard !images.isEmpty else {
        throw ImageError(.missingInput, path, "the folder holds no TIFF files")
      }
      sources += images.map { FieldSource(path.appending(path: $0)) }
    }
    var seen: Set<String> = []
    for source in sources where !seen.insert(source.stem).inserted {
      throw ImageError(
        .usage, source.url, "two fields are called \(source.stem)",
        advice: "Rename one: ids of cells come from the names of files")
    }
    return sources
  }

  /// Takes protein, gene, annotations, plate and well from the rows of a table that name the fields
  /// in a column `file`.
  ///
  /// - Returns: The fields that no row names.
  /// - Throws: `ArrayFileError` when the table cannot be read or has no such column.
  public static func apply(table url: URL, to sources: inout [FieldSource])
    throws(ArrayFileError) -> [FieldSource]
  {
    let table = try CSVTable(url)
    let files = try table.column("file").strings()
    var rows: [String: Int] = [:]
    for (row, file) in files.enumerated() { rows[URL(filePath: file).lastPathComponent] = row }
    var columns: [String: [String]] = [:]
    for name in ["name", "ensg", "loc_grade1", "loc_grade2", "loc_grade3", "plate", "well"]
    where table.columnIndex(name) != nil {
      columns[name] = try table.column(name).strings()
    }
    var unmatched: [FieldSource] = []
    for index in sources.indices {
      guard let row = rows[sources[index].url.lastPathComponent] else {
        unmatched.append(sources[index])
        continue
      }
      func value(_ column: String, _ fallback: String) -> String {
        guard let value = columns[column]?[row], !value.isEmpty else { return fallback }
        return value
      }
      sources[index].name = value("name", sources[index].name)
      sources[index].gene = value("ensg", "")
      sources[index].grades = (1...3).map { value("loc_grade\($0)", "") }
      sources[index].plate = value("plate", "")
      sources[index].well = value("well", "")
    }
    return unmatched
  }
}
