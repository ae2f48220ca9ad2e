import ArrayFiles
public import ImageFiles

/// A pattern that takes protein, plate, well and the like from the paths of image files.
///
/// `{plate}/{well}_s{site}_{channel}.tif` is compared with the end of a path that has as many folders
/// as the pattern. Each name in braces stands for one character or more, as many as can be, but never
/// for a `/`; `{slice}` for digits; `*` for any characters, or none.
public struct PathPattern: Sendable, Equatable {
  /// The names that may stand in braces.
  public static let names = ["protein", "gene", "plate", "well", "site", "channel", "slice"]

  /// How it was written.
  public let text: String
  private let pieces: [Piece]

  private enum Piece: Sendable, Equatable {
    case text(Character)
    case name(String)
    case anything
  }

  /// Reads a pattern.
  /// - Throws: ``ImageError`` of kind `usage` when it is empty or holds an unknown name, or one twice.
  public init(_ text: String) throws(ImageError) {
    self.text = text
    func refuse(_ problem: String) -> ImageError {
      ImageError(
        .usage, about: "--pattern '\(text)'", problem,
        advice: "Names are \(Self.names.map { "{\($0)}" }.joined(separator: ", "))")
    }
    var pieces: [Piece] = []
    var rest = Substring(text)
    while let first = rest.popFirst() {
      switch first {
      case "*": pieces.append(.anything)
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw refuse("a { is not closed") }
        let name = String(rest[..<end])
        guard Self.names.contains(name) else { throw refuse("there is no {\(name)}") }
        guard !pieces.contains(.name(name)) else { throw refuse("{\(name)} stands in it twice") }
        pieces.append(.name(name))
        rest = rest[rest.index(after: end)...]
      default: pieces.append(.text(first))
      }
    }
    guard !pieces.isEmpty else { throw refuse("it is empty") }
    self.pieces = pieces
  }

  /// How many folders the pattern reaches into.
  var depth: Int { pieces.count { $0 == .text("/") } }

  /// Whether a field's channels or slices are in files of their own.
  var splitsFields: Bool { pieces.contains(.name("channel")) || pieces.contains(.name("slice")) }

  /// The names that tell fields apart, in the order of the pattern.
  var fieldNames: [String] {
    pieces.compactMap { piece in
      guard case .name(let name) = piece, name != "channel", name != "slice" else { return nil }
      return name
    }
  }

  /// The values of the names in a path; nil when it does not fit.
  public func values(in path: String) -> [String: String]? {
    var values: [String: String] = [:]
    return matches(pieces[...], Array(path)[...], &values) ? values : nil
  }

  private func matches(
    _ pieces: ArraySlice<Piece>, _ text: ArraySlice<Character>, _ values: inout [String: String]
  ) -> Bool {
    guard let piece = pieces.first else { return text.isEmpty }
    let rest = pieces.dropFirst()
    let most: Int
    switch piece {
    case .text(let character):
      return text.first == character && matches(rest, text.dropFirst(), &values)
    case .name("slice"):
      most = text.prefix { $0.isASCII && $0.isWholeNumber }.count
    case .name, .anything:
      most = text.prefix { $0 != "/" }.count
    }
    let least = piece == .anything ? 0 : 1
    guard most >= least else { return false }
    for count in stride(from: most, through: least, by: -1)
    where matches(rest, text.dropFirst(count), &values) {
      if case .name(let name) = piece { values[name] = String(text.prefix(count)) }
      return true
    }
    return false
  }
}
