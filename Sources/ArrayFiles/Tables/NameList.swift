/// Names in one option, separated by commas, where names may hold commas themselves.
///
/// A name in quotes is taken as it stands, as in a table: `"Histone H2A, type 1",ACTB`; a quote in it is
/// doubled. Without quotes, pieces that are joined to a known name are that name.
package enum NameList {
  /// The names.
  ///
  /// - Parameters:
  ///   - list: the text of the option.
  ///   - isKnown: whether there is such a name.
  ///   - count: how many names are expected; nil for any number.
  /// - Returns: names of which all are known, if the list can be read so; else its pieces between commas.
  package static func names(
    in list: String, count: Int? = nil, isKnown: (String) -> Bool
  ) -> [String] {
    if count ?? 1 == 1, isKnown(list) { return [list] }
    let pieces = pieces(of: list)
    if let joined = join(pieces[...], count: count, isKnown) { return joined }
    return pieces.map { $0.isQuoted ? $0.text : $0.text.trimmed }
  }

  /// What stands between commas, without quotes; empty pieces are passed over.
  package static func pieces(in list: String) -> [String] {
    pieces(of: list).map { $0.isQuoted ? $0.text : $0.text.trimmed }.filter { !$0.isEmpty }
  }

  private struct Piece {
    let text: String
    let isQuoted: Bool
  }

  /// What stands between commas that are not in quotes.
  private static func pieces(of list: String) -> [Piece] {
    var pieces: [Piece] = []
    var text = ""
    var isQuoted = false
    var isOpen = false
    var characters = Array(list)[...]
    func end() { pieces.append(Piece(text: text, isQuoted: isQuoted)) }
    while let character = characters.popFirst() {
      if isOpen {
        if character != "\"" {
          text.append(character)
        } else if characters.first == "\"" {
          text.append("\"")
          characters.removeFirst()
        } else {
          isOpen = false
        }
      } else if character == "\"", text.allSatisfy(\.isWhitespace) {
        (isOpen, isQuoted, text) = (true, true, "")
      } else if character == "," {
        end()
        (text, isQuoted) = ("", false)
      } else if !isQuoted || !character.isWhitespace {
        text.append(character)
      }
    }
    end()
    return pieces
  }

  /// Pieces joined so that every name is known, shorter names first; nil where that cannot be.
  private static func join(
    _ pieces: ArraySlice<Piece>, count: Int?, _ isKnown: (String) -> Bool
  ) -> [String]? {
    guard let first = pieces.first else { return count ?? 0 == 0 ? [] : nil }
    if count == 0 { return nil }
    var name = first.text
    var rest = pieces.dropFirst()
    while true {
      let trimmed = first.isQuoted ? name : name.trimmed
      if isKnown(trimmed), let others = join(rest, count: count.map { $0 - 1 }, isKnown) {
        return [trimmed] + others
      }
      guard !first.isQuoted, let next = rest.popFirst(), !next.isQuoted else { return nil }
      name += "," + next.text
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
