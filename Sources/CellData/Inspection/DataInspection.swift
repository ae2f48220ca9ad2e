import ArrayFiles
public import Foundation

/// What is in a data set and what is wrong with it, for people and scripts.
public struct DataInspection: Sendable, Codable, Equatable {
  /// How bad a problem is.
  public enum Severity: String, Sendable, Codable, CaseIterable {
    /// The data set cannot be used.
    case error
    /// It can be used, but something will be slow, left out or misleading.
    case warning
  }

  /// Something wrong, where it is and what to do about it.
  public struct Problem: Sendable, Codable, Equatable {
    /// How bad it is.
    public let severity: Severity
    /// A word for scripts, as `not_finite`.
    public let kind: String
    /// The file, row or column.
    public let place: String
    /// What is wrong.
    public let what: String
    /// What to do.
    public let remedy: String
  }

  /// One image channel.
  public struct ChannelSummary: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// Whether it is read by default or was selected.
    public let isSelected: Bool
    /// What its pixels are multiplied by.
    public let factor: Float
    /// The smallest finite pixel, scaled.
    public let minimum: Float
    /// The largest finite pixel, scaled.
    public let maximum: Float
    /// The mean of the finite pixels, scaled.
    public let mean: Double
  }

  /// One column of the labels.
  public struct ColumnSummary: Sendable, Codable, Equatable {
    /// Its name.
    public let name: String
    /// How many values differ.
    public let distinct: Int
    /// Rows without a value.
    public let empty: Int
    /// The most frequent values, at most three.
    public let examples: [String]
    /// `protein`, `field` or `cell` where the column plays this part.
    public let role: String?
  }

  /// The classes and their fields of view.
  public struct ProteinSummary: Sendable, Codable, Equatable {
    /// Number of proteins.
    public let count: Int
    /// Cells of the protein with fewest.
    public let fewestCells: Int
    /// Cells of the protein with most.
    public let mostCells: Int
    /// Number of fields of view; nil where no column tells them.
    public let fields: Int?
    /// Fields of the protein with fewest.
    public let fewestFields: Int?
    /// Fields of the protein with most.
    public let mostFields: Int?
  }

  /// What was inspected.
  public let path: String
  /// The layout; nil where none was recognised.
  public internal(set) var layout: DataLayout?
  /// Whether the data set can be used.
  public internal(set) var isUsable: Bool
  /// Number of crops.
  public internal(set) var cells: Int
  /// Number of image files.
  public internal(set) var imageFiles: Int
  /// Pixels from top to bottom.
  public internal(set) var height: Int
  /// Pixels from left to right.
  public internal(set) var width: Int
  /// The types of the pixels in the files.
  public internal(set) var elementTypes: [String]
  /// Bytes of the images on disk.
  public internal(set) var imageBytes: Int
  /// Bytes one crop takes in memory as it is handed to a model.
  public internal(set) var bytesPerCrop: Int
  /// The channels.
  public internal(set) var channels: [ChannelSummary]
  /// The label columns.
  public internal(set) var columns: [ColumnSummary]
  /// The proteins; nil without labels.
  public internal(set) var proteins: ProteinSummary?
  /// Crops whose pixels were read.
  public internal(set) var cropsRead: Int
  /// What was decided about columns and scaling.
  public internal(set) var notes: [String]
  /// What is wrong, errors first.
  public internal(set) var problems: [Problem]

  /// Opens a data set and looks at everything in it.
  ///
  /// - Parameters:
  ///   - url: the data set.
  ///   - options: channels, columns and scaling.
  ///   - sampleLimit: read the pixels of at most so many crops, spread evenly; nil for all.
  ///   - threads: threads to read with.
  /// - Throws: `CellDataError` only for what is wrong with the request (`kind` is `.usage`) or where
  ///   there is nothing at the path; all else is in `problems`.
  public init(
    _ url: URL, options: CellDataOptions = CellDataOptions(), sampleLimit: Int? = 20_000,
    threads: Int = 2
  ) throws(CellDataError) {
    self.init(path: url.path(percentEncoded: false))
    let assembly = DataAssembly(url, options: options)
    layout = assembly.files?.layout
    imageFiles = assembly.files?.groups.reduce(0) { $0 + $1.images.count } ?? 0
    for error in assembly.errors {
      if case .missing = error { throw error }
      add(error)
    }
    guard assembly.errors.isEmpty else { return }
    let data: CellDataSet
    do { data = try CellDataSet(assembly) } catch {
      if error.kind == .usage { throw error }
      add(error)
      return
    }
    describe(data)
    checkFiles(data)
    checkLabels(data)
    checkPixels(data, sampleLimit: sampleLimit, threads: threads)
    let ranked = Severity.allCases.flatMap { severity in
      problems.filter { $0.severity == severity }
    }
    problems = ranked
    isUsable = !problems.contains { $0.severity == .error }
  }

  private init(path: String) {
    self.path = path
    isUsable = false
    (cells, imageFiles, height, width, imageBytes, bytesPerCrop, cropsRead) = (0, 0, 0, 0, 0, 0, 0)
    (elementTypes, channels, columns, notes, problems) = ([], [], [], [], [])
  }

  mutating func add(
    _ severity: Severity, _ kind: String, _ place: String, _ what: String, _ remedy: String
  ) {
    problems.append(
      Problem(severity: severity, kind: kind, place: place, what: what, remedy: remedy))
  }

  /// An error that keeps the data set from being opened.
  private mutating func add(_ error: CellDataError) {
    // The sentences of an error are: place, colon, what is wrong, full stop, what to do.
    let text = error.description
    let place = text.firstRange(of: ": ").map { String(text[..<$0.lowerBound]) } ?? path
    let rest = text.dropFirst(place == path && !text.hasPrefix(path) ? 0 : place.count + 2)
    let parts = rest.firstRange(of: ". ")
    add(
      .error, error.word, place, String(parts.map { rest[..<$0.lowerBound] } ?? rest),
      String(parts.map { rest[$0.upperBound...] } ?? "Check the file."))
  }

  private mutating func describe(_ data: CellDataSet) {
    cells = data.count
    (height, width) = (data.height, data.width)
    imageBytes = data.imageByteCount
    bytesPerCrop = data.cropShape.reduce(4, *)
    notes = data.notes
    elementTypes = Set(data.sources.flatMap { $0.arrays.map(\.elementType.rawValue) }).sorted()
    columns = data.labels.columns.map { column in
      let counts = column.counts
      let isMissing = column.isMissing
      let kept = counts.indices.filter { !isMissing[$0] }
      let common = kept.sorted { counts[$0] > counts[$1] }.prefix(3)
      let role =
        column.name == data.idColumn?.name
        ? "cell"
        : column.name == data.labelColumn?.name
          ? "protein" : column.name == data.fieldColumn?.name ? "field" : nil
      return ColumnSummary(
        name: column.name, distinct: kept.count,
        empty: column.missing.count,
        examples: common.map { column.values[$0] }, role: role)
    }
    channels = data.channels.enumerated().map { index, channel in
      ChannelSummary(
        name: channel.name, isSelected: data.selectedChannels.contains(index),
        factor: channel.factor, minimum: 0, maximum: 0, mean: 0)
    }
  }
}
