import Yams

extension TrainingConfiguration {
  /// The configuration as YAML, every setting under a comment that says what it does.
  public var yaml: String {
    do {
      let node = try StrictYAML.node(self)
      guard let mapping = node.mapping else { return "" }
      var lines: [String] = []
      try Self.write(mapping, path: [], into: &lines)
      return lines.joined(separator: "\n") + "\n"
    } catch {
      preconditionFailure("A configuration can always be written as YAML: \(error)")
    }
  }

  private static func write(
    _ mapping: Node.Mapping, path: [String], into lines: inout [String]
  ) throws {
    let indent = String(repeating: "  ", count: path.count)
    for (key, value) in mapping {
      guard let word = key.string else { continue }
      let full = path + [word]
      if let field = Setting.named(full.joined(separator: ".")) {
        lines += wrapped(field.help, width: 96 - indent.count).map { indent + "# " + $0 }
      }
      if let inner = value.mapping, !inner.isEmpty {
        if path.isEmpty { lines.append("") }
        lines.append("\(indent)\(word):")
        try write(inner, path: full, into: &lines)
      } else {
        lines.append("\(indent)\(word): \(try flow(value))")
      }
    }
  }

  /// A value on one line.
  static func flow(_ node: Node) throws -> String {
    if var sequence = node.sequence {
      sequence.style = .flow
      return "[" + (try sequence.map(flow)).joined(separator: ", ") + "]"
    }
    if let mapping = node.mapping {
      let pairs = try mapping.map { "\(try flow($0.key)): \(try flow($0.value))" }
      return "{" + pairs.joined(separator: ", ") + "}"
    }
    let text = try Yams.serialize(node: node)
    return text.split(separator: "\n").first.map(String.init) ?? "''"
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ") {
      let last = lines.count - 1
      if lines[last].isEmpty {
        lines[last] = String(word)
      } else if lines[last].count + word.count < width {
        lines[last] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
