public import Foundation

/// A figure ready to be drawn: a gnuplot script, the data it reads, and its size.
///
/// Written to a folder, it becomes `NAME.png`, `NAME.svg` and `NAME.pdf` with `NAME.gnuplot` and the
/// data files `NAME.*` beside them, so that anyone can change the script and draw it again.
public struct Figure: Sendable, Equatable {
  /// A data file that the script reads.
  public struct DataFile: Sendable, Equatable {
    /// The file's name, which starts with the figure's name.
    public let name: String
    /// The file's content.
    public let content: Data
  }

  /// The name of its files without ending: lower-case letters, digits, `-` and `_`.
  public let name: String
  /// Width in points (1/72 inch).
  public let width: Double
  /// Height in points (1/72 inch).
  public let height: Double
  /// The whole gnuplot script.
  public let script: String
  /// What the script reads.
  public let dataFiles: [DataFile]
  /// The sentence for readers who cannot see the picture.
  public let alternative: String

  /// The script's file name.
  public var scriptName: String { name + ".gnuplot" }

  /// The file name of the picture in a format.
  public func pictureName(_ format: FigureFormat) -> String { "\(name).\(format.rawValue)" }

  /// A name for files from any text: `"Nuclear membrane (2)"` becomes `nuclear-membrane-2`.
  public static func fileName(for text: String) -> String {
    var out = ""
    for byte in text.lowercased().utf8 {
      let isKept =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      if isKept {
        out.unicodeScalars.append(Unicode.Scalar(byte))
      } else if !out.isEmpty, out.last != "-" {
        out.append("-")
      }
    }
    while out.last == "-" { out.removeLast() }
    return out.isEmpty ? "figure" : String(out.prefix(80))
  }

  /// Names for the files of several figures: of texts that give the same name, later ones get `-2`, `-3` and so
  /// on.
  public static func fileNames(for texts: [String]) -> [String] {
    let names = texts.map(fileName)
    var used = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      if seen.insert(name).inserted { return name }
      var number = 2
      func other() -> String { fileName(for: "\(name.prefix(70)) \(number)") }
      while !used.insert(other()).inserted { number += 1 }
      return other()
    }
  }

  init(_ page: FigurePage, name: String, alternative: String) {
    precondition(
      name == Figure.fileName(for: name),
      "A figure's name is made of lower-case letters, digits, - and _, as fileName(for:) gives it.")
    self.name = name
    self.width = page.width
    self.height = page.height
    self.alternative = alternative
    self.dataFiles = page.dataFiles.map {
      DataFile(name: "\(name).\($0.suffix)", content: $0.content)
    }
    self.script = page.script(named: name)
  }
}
