import ArrayFiles
public import Foundation

/// Single-cell crops with their labels, on disk in any layout users have.
///
/// Opening reads headers and label tables; pixels are read crop by crop when needed, so that
/// memory does not grow with the images. Rows are numbered through all files from 0.
///
/// | layout | images | labels |
/// |---|---|---|
/// | sample | `<name>_pro.npy`, `_nuc.npy`, ... `[crops, height, width]` | `<name>_label.npy` |
/// | released | `Image_dataNN.npy` `[crops, height, width, channels]` | `Label_dataNN.csv` |
/// | array | one `.npy`, the smallest axis after the first holding channels | a `.csv` or none |
public final class CellDataSet: Sendable {
  /// The folder or file that was opened.
  public let url: URL
  /// How it was opened.
  public let options: CellDataOptions
  /// The layout that was recognised.
  public let layout: DataLayout
  /// Number of crops.
  public let count: Int
  /// All channels of the data set, in order.
  public let channels: [Channel]
  /// The channels that are read, as indices of `channels`, in the order they come out.
  public let selectedChannels: [Int]
  /// Pixels from top to bottom of a crop.
  public let height: Int
  /// Pixels from left to right of a crop.
  public let width: Int
  /// All label columns, one row per crop; without columns where there are no labels.
  public let labels: LabelTable
  /// The column that says the protein; nil without labels.
  public let labelColumn: LabelColumn?
  /// The column that says the field of view; nil where none is known.
  public let fieldColumn: LabelColumn?
  /// What was decided for the user, in sentences: columns chosen, scaling of pixels.
  public let notes: [String]
  /// What is odd about the labels: likely columns passed over, missing values, ids that repeat.
  public let warnings: [LabelWarning]

  /// Images and labels that belong together.
  struct Source: Sendable, Equatable {
    let stem: String
    let firstRow: Int
    let count: Int
    /// One array per channel, or one with all channels.
    let arrays: [ImageArray]
  }
  let sources: [Source]
  let firstRows: [Int]
  let idColumn: LabelColumn?

  /// Opens a data set.
  ///
  /// - Parameters:
  ///   - url: a folder in the sample or released layout, or with one npy; or one npy.
  ///   - options: channels, columns and scaling.
  /// - Throws: `CellDataError` for the first thing that makes the data set unusable.
  public convenience init(
    _ url: URL, options: CellDataOptions = CellDataOptions()
  ) throws(CellDataError) {
    let assembly = DataAssembly(url, options: options)
    if let error = assembly.errors.first { throw error }
    try self.init(assembly)
  }

  init(_ assembly: DataAssembly) throws(CellDataError) {
    let options = assembly.options
    let path = assembly.url.path(percentEncoded: false)
    guard let files = assembly.files, let first = assembly.sources.first?.arrays.first,
      assembly.rowCount > 0
    else { throw .noCells(path: path) }
    var notes = files.notes + assembly.notes

    let names =
      files.suffixes.isEmpty
      ? Self.names(first, files.layout, manifest: assembly.channelNames) : files.suffixes
    let (channels, scaling) = try Self.channels(names, assembly.sources[0].arrays, options)
    notes += scaling
    if let wanted = options.channels {
      selectedChannels = try Channel.find(wanted, in: names)
    } else if let pair = try? Channel.find(["pro", "nuc"], in: names), files.layout != .array {
      selectedChannels = pair
    } else {
      selectedChannels = Array(names.indices)
    }
    guard !selectedChannels.isEmpty else { throw .unknownChannel(name: "", available: names) }

    let parts = try LabelParts(assembly.labels, options, path: path)
    labelColumn = parts.protein
    fieldColumn = parts.field
    idColumn = parts.cell
    notes += parts.notes
    warnings = assembly.warnings + parts.warnings

    url = assembly.url
    self.options = options
    layout = files.layout
    count = assembly.rowCount
    self.channels = channels
    height = first.height
    width = first.width
    labels = assembly.labels
    sources = assembly.sources
    firstRows = sources.map(\.firstRow)
    self.notes = notes
  }

  /// The names of the channels that are read, in the order they come out.
  public var channelNames: [String] { selectedChannels.map { channels[$0].name } }

  /// The shape of one crop as it is read: `[channel, height, width]`.
  public var cropShape: [Int] { [selectedChannels.count, height, width] }

  /// Bytes of all images on disk.
  public var imageByteCount: Int {
    sources.reduce(0) { $0 + $1.arrays.reduce(0) { $0 + $1.byteCount } }
  }

  /// The name of a cell, unique in the data set and the same each time it is opened.
  ///
  /// It comes from the `cell`, `cell_id` or `id` column where that tells all cells apart, else it
  /// is `<file>:<row>`, the file without ending and the row counted from 0.
  public func cell(_ row: Int) -> String {
    if let idColumn { return idColumn[row] }
    let place = self.place(row)
    return "\(place.source):\(place.row)"
  }

  /// The file a row comes from, without ending (and without channel), and its row there from 0.
  public func place(_ row: Int) -> (source: String, row: Int) {
    let source = sources[sourceIndex(row)]
    return (source.stem, row - source.firstRow)
  }

  func sourceIndex(_ row: Int) -> Int {
    precondition(row >= 0 && row < count, "Row \(row) is outside of the \(count) rows there are.")
    var low = 0
    var high = firstRows.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstRows[middle] <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// The classes of the protein column.
  ///
  /// - Parameters:
  ///   - load: the proteins to take; nil for all.
  ///   - hold: proteins to leave out.
  ///   - maximum: take the first so many of the sorted proteins; nil for all.
  /// - Throws: `CellDataError.noLabels` or `.unknownProteins`.
  public func labelBook(
    load: [String]? = nil, hold: [String] = [], maximum: Int? = nil
  ) throws(CellDataError) -> LabelBook {
    guard let labelColumn else { throw .noLabels(path: url.path(percentEncoded: false)) }
    return try LabelBook(labelColumn, load: load, hold: hold, maximum: maximum)
  }

  private static func names(
    _ array: ImageArray, _ layout: DataLayout, manifest: [String]?
  ) -> [String] {
    if let manifest, manifest.count == array.channels, Set(manifest).count == manifest.count {
      return manifest.map(Channel.canonical)
    }
    return (0..<array.channels).map { index in
      let known = layout == .released ? Channel.releasedNames : []
      return index < known.count ? known[index] : "channel\(index)"
    }
  }

  private static func channels(
    _ names: [String], _ arrays: [ImageArray], _ options: CellDataOptions
  ) throws(CellDataError) -> (channels: [Channel], notes: [String]) {
    var notes: [String] = []
    var factors = names.map { Channel.defaultFactors[Channel.canonical($0)] ?? 1 }
    for (name, factor) in options.intensityFactors.sorted(by: { $0.key < $1.key }) {
      factors[try Channel.find([name], in: names)[0]] = factor
    }
    for (name, factor) in zip(names, factors) where factor != 1 {
      notes.append("pixels of \(name) are multiplied by \(factor)")
    }
    for type in [ElementType.uint8, .uint16] {
      let divided = arrays.contains { $0.elementType == type } && options.integerScale == .unit
      if divided {
        notes.append("\(type.rawValue) pixels are divided by \(type == .uint8 ? 255 : 65535)")
      }
    }
    return (zip(names, factors).map { Channel(name: $0, factor: $1) }, notes)
  }
}
