public import Foundation

/// A field of view on disk, and what is known about it before it is opened.
public struct FieldSource: Sendable, Equatable, Codable {
  /// A file of the field.
  public struct Part: Sendable, Equatable, Codable {
    /// The image file.
    public var url: URL
    /// The channel it holds, as its name tells; nil when it holds all.
    public var channel: String?
    /// The slice it holds, as its name tells.
    public var slice: Int?

    /// A file, with what its name tells about its content.
    public init(url: URL, channel: String? = nil, slice: Int? = nil) {
      self.url = url
      self.channel = channel
      self.slice = slice
    }
  }

  /// The files: one, or one for each channel and slice, in the order of channels and slices.
  public var parts: [Part]
  /// The field's name, unique in a data set; ids of cells start with it.
  public var stem: String
  /// The number of the image in a file of several, from 0.
  public var image = 0
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
  /// The place in the well, or empty.
  public var site = ""

  /// The image file; the first one where there are several.
  public var url: URL { parts[0].url }

  /// Endings of files that are taken from a folder.
  static let endings = [
    ".ome.tiff", ".ome.tif", ".ome.tf8", ".ome.btf", ".tiff", ".tif", ".tf8", ".btf", ".png",
    ".npy",
  ]

  /// The field in a file that holds all of its channels.
  public init(_ url: URL) { self.init(url, path: url.lastPathComponent) }

  /// The field in a file whose path below a folder names it.
  init(_ url: URL, path: String) {
    parts = [Part(url: url)]
    stem = Self.stem(path)
    name = stem
  }

  /// The field in several files.
  init(parts: [Part], stem: String) {
    precondition(!parts.isEmpty, "A field has a file.")
    self.parts = parts
    self.stem = stem
    name = stem
  }

  /// Whether a file's name is that of an image.
  static func isImage(_ name: String) -> Bool {
    !name.hasPrefix(".") && endings.contains { name.lowercased().hasSuffix($0) }
  }

  /// A path without its ending, folders joined to the name by `_`.
  static func stem(_ path: String) -> String {
    let ending = endings.first { path.lowercased().hasSuffix($0) } ?? ""
    return String(path.dropLast(ending.count)).replacing("/", with: "_")
  }
}
