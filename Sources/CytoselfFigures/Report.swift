import ArrayFiles
public import Foundation

/// A report for readers: numbers with chance beside them, figures, commands and where it came from.
///
/// Written as one HTML page that opens without a network: style and pictures are inside it, and it
/// has no scripts. Every text is data and shown as it is.
public struct Report: Sendable {
  /// A number of the summary.
  public struct Score: Sendable, Equatable {
    /// What was measured.
    public var name: String
    /// The number, as it is read.
    public var value: String
    /// What chance would give, as it is read; empty if there is no such thing.
    public var chance: String
    /// The value from 0 to 1 for the bar, if it is a share.
    public var share: Double?
    /// Chance from 0 to 1 for the mark on the bar.
    public var chanceShare: Double?
    /// On what it was measured: how many cells, which split.
    public var note: String

    /// A number with its words.
    public init(
      name: String, value: String, chance: String = "", share: Double? = nil,
      chanceShare: Double? = nil, note: String = ""
    ) {
      self.name = name
      self.value = value
      self.chance = chance
      self.share = share
      self.chanceShare = chanceShare
      self.note = note
    }

    /// A share such as an accuracy, 0 to 1, written as percent, with the share that chance gives.
    public init(name: String, share: Double, chance: Double? = nil, note: String = "") {
      self.init(
        name: name, value: Numeral.decimal(share * 100, places: 1) + " %",
        chance: chance.map { Numeral.decimal($0 * 100, places: 1) + " %" } ?? "", share: share,
        chanceShare: chance, note: note)
    }
  }

  /// A figure of the report.
  public struct Picture: Sendable, Equatable {
    /// The picture (PNG or SVG), or `nil` if it was not drawn.
    public var file: URL?
    /// What is to be seen, below the picture.
    public var caption: String
    /// The sentence for readers who cannot see it.
    public var alternative: String
    /// The same figure in other forms, linked below it if it lies beside or below the report.
    public var otherFiles: [URL]
    /// Why there is no picture.
    public var reason: String

    /// A picture in a file.
    public init(file: URL, caption: String, alternative: String = "", otherFiles: [URL] = []) {
      self.file = file
      self.caption = caption
      self.alternative = alternative
      self.otherFiles = otherFiles
      self.reason = ""
    }

    /// A figure as it was written: its PNG, with links to its other forms.
    public init(_ files: Figure.Files, caption: String, alternative: String = "") {
      self.file = files.pictures[.png] ?? files.pictures[.svg]
      self.caption = caption
      self.alternative = alternative
      self.otherFiles =
        FigureFormat.allCases.compactMap { files.pictures[$0] } + [files.script]
      self.reason = ""
    }

    /// A figure that could not be drawn, with the sentence that says why and what to do.
    public init(notDrawn reason: String, caption: String) {
      self.file = nil
      self.caption = caption
      self.alternative = ""
      self.otherFiles = []
      self.reason = reason
    }
  }

  /// A table.
  public struct Table: Sendable, Equatable {
    /// Names of the columns.
    public var header: [String]
    /// Rows of cells.
    public var rows: [[String]]
    /// A sentence below it.
    public var caption: String

    /// A table of texts; columns in which all cells are numbers are set to the right.
    public init(header: [String], rows: [[String]], caption: String = "") {
      self.header = header
      self.rows = rows
      self.caption = caption
    }
  }

  /// A part of a section.
  public enum Block: Sendable, Equatable {
    /// Running text.
    case paragraph(String)
    /// A figure.
    case picture(Picture)
    /// A table.
    case table(Table)
    /// A command to be typed, or some other text in a fixed-width face.
    case command(String)
    /// A link to a file beside or below the report, such as an interactive map.
    case link(text: String, file: URL)
  }

  /// A section.
  public struct Section: Sendable, Equatable {
    /// Its heading.
    public var title: String
    /// What stands in it.
    public var blocks: [Block]

    /// A section with a heading.
    public init(title: String, blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// The title.
  public var title: String
  /// What the report is about, below the title.
  public var lead: String
  /// The summary.
  public var scores: [Score]
  /// The sections, in order.
  public var sections: [Section]
  /// The commands that made what is shown.
  public var commands: [String]
  /// Where everything came from: data, seed, versions, machine, times.
  public var provenance: [(name: String, value: String)]
  /// Whether pictures are put into the page; otherwise it names the files beside or below it.
  public var embedsPictures: Bool

  /// A report.
  public init(
    title: String, lead: String = "", scores: [Score] = [], sections: [Section] = [],
    commands: [String] = [], provenance: [(name: String, value: String)] = [],
    embedsPictures: Bool = true
  ) {
    self.title = title
    self.lead = lead
    self.scores = scores
    self.sections = sections
    self.commands = commands
    self.provenance = provenance
    self.embedsPictures = embedsPictures
  }

  /// Writes the page, whole or not at all.
  ///
  /// - Parameter url: The page's file, for instance `report.html`.
  /// - Throws: ``FigureError``: `missingInput` when a picture is not there, `inputOutput` when the
  ///   page cannot be written.
  public func write(to url: URL) throws(FigureError) {
    let page = try html(beside: url.deletingLastPathComponent())
    try Report.write(page, to: url)
  }

  /// Writes a page, whole or not at all.
  static func write(_ page: String, to url: URL) throws(FigureError) {
    let staging = try Figure.staging(
      in: url.deletingLastPathComponent(), name: url.lastPathComponent)
    defer { staging.discard() }
    try Figure.store(Data(page.utf8), as: staging.url.appending(path: url.lastPathComponent))
    try Figure.publish([url.lastPathComponent], from: staging)
  }
}
