/// The tags of an XML text in order, as far as OME-XML needs them: names and attributes.
struct XMLTags: Sequence, IteratorProtocol {
  /// A start, empty or end tag; the name of an end tag starts with `/`.
  struct Tag {
    let name: String
    let attributes: [String: String]
  }

  private var rest: Substring

  init(_ text: String) { rest = Substring(text) }

  mutating func next() -> Tag? {
    guard let open = rest.firstIndex(of: "<") else { return nil }
    rest = rest[rest.index(after: open)...]
    if rest.hasPrefix("!--") {
      guard let end = rest.firstRange(of: "-->") else { return nil }
      rest = rest[end.upperBound...]
      return next()
    }
    var name = String(
      rest.prefix { !$0.isWhitespace && $0 != ">" && ($0 != "/" || $0 == rest.first) })
    rest = rest.dropFirst(name.count)
    // Prefixes of a namespace do not matter here.
    if let colon = name.lastIndex(of: ":") {
      name = (name.hasPrefix("/") ? "/" : "") + name[name.index(after: colon)...]
    }
    return Tag(name: name, attributes: attributes())
  }

  /// Reads to the end of a tag; a `>` in quotes does not end it.
  private mutating func attributes() -> [String: String] {
    var found: [String: String] = [:]
    while let first = rest.first, first != ">" {
      guard !first.isWhitespace, first != "/", first != "?" else {
        rest = rest.dropFirst()
        continue
      }
      let key = rest.prefix { $0 != "=" && $0 != ">" && !$0.isWhitespace }
      rest = rest.dropFirst(key.count).drop { $0.isWhitespace }
      guard rest.first == "=" else { continue }
      rest = rest.dropFirst().drop { $0.isWhitespace }
      guard let quote = rest.first, quote == "\"" || quote == "'" else { continue }
      rest = rest.dropFirst()
      let value = rest.prefix { $0 != quote }
      rest = rest.dropFirst(value.count).dropFirst()
      found[String(key)] = Self.plain(value)
    }
    rest = rest.dropFirst()
    return found
  }

  /// Text without entities.
  private static func plain(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    let names: [Substring: Character] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]
    var (result, rest) = ("", text)
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      rest = rest[start...]
      guard let end = rest.prefix(12).firstIndex(of: ";") else { break }
      let entity = rest[rest.index(after: start)..<end]
      let number =
        entity.hasPrefix("#x")
        ? UInt32(entity.dropFirst(2), radix: 16)
        : entity.hasPrefix("#") ? UInt32(entity.dropFirst()) : nil
      guard let character = names[entity] ?? number.flatMap(Unicode.Scalar.init).map(Character.init)
      else {
        result.append("&")
        rest = rest.dropFirst()
        continue
      }
      result.append(character)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
