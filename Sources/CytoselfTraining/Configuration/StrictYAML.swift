import ArrayFiles
import Foundation
import Yams

/// Settings in YAML laid over settings that are complete, with every mistake located.
///
/// The complete settings are the pattern: a key they do not have is unknown, and a value must be of
/// the same type as theirs. A mapping that is empty in the pattern takes any keys.
struct StrictYAML {
  /// What the text is called in messages: a file name or a command-line option.
  let name: String
  private let root: Node?

  /// The largest configuration that is read, in bytes; a longer one is some other file.
  static let sizeLimit = 1 << 20

  /// Reads YAML text.
  ///
  /// - Throws: ``TrainingError/malformedConfiguration(in:line:reason:)``, or
  ///   ``TrainingError/configurationTooLong(in:limit:)``.
  init(_ text: String, name: String) throws(TrainingError) {
    self.name = name
    guard text.utf8.count <= Self.sizeLimit else {
      throw .configurationTooLong(in: name, limit: Self.sizeLimit)
    }
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.malformed(error, name)
    } catch {
      throw .malformedConfiguration(in: name, line: 0, reason: "\(error)")
    }
  }

  /// A single setting given as `path.to.key=value`.
  ///
  /// - Throws: ``TrainingError/invalidValue(key:value:expected:)`` or
  ///   ``TrainingError/malformedConfiguration(in:line:reason:)``.
  init(assignment: String) throws(TrainingError) {
    let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw .invalidValue(
        key: "--set", value: "'\(assignment)'", expected: "KEY=VALUE, such as training.lr=1e-4")
    }
    let value = try StrictYAML(String(parts[1]), name: "--set \(assignment)").root ?? Node("")
    name = "--set \(assignment)"
    root = parts[0].split(separator: ".").reversed().reduce(value) { node, key in
      Node([(Node(String(key)), node)])
    }
  }

  /// A single setting given by an option; what it is in `base` says how its text is read.
  ///
  /// Text stands for itself, whatever it would mean in YAML, and a list has commas; what holds some is in quotes.
  init(
    option: String, path: String, text: String, over base: some Encodable
  ) throws(TrainingError) {
    name = option
    let keys = path.split(separator: ".").map(String.init)
    var pattern = try Self.node(base)
    for key in keys {
      guard let inner = pattern.mapping?[key] else {
        preconditionFailure("The option \(option) sets \(path), which is no setting.")
      }
      pattern = inner
    }
    func word(_ text: some StringProtocol) -> Node { Node(String(text), Tag(.str), .doubleQuoted) }
    let value: Node =
      if pattern.sequence != nil {
        Node(NameList.pieces(in: text).map(word))
      } else if Self.sort(of: pattern) == Self.sortOfText {
        word(text)
      } else {
        Node(text)
      }
    root = keys.reversed().reduce(value) { node, key in Node([(Node(key), node)]) }
  }

  /// The text of a top-level setting, if it is there.
  func value(_ key: String) -> String? { root?.mapping?[key]?.string }

  /// `base` with these settings in place of its own.
  ///
  /// - Throws: ``TrainingError/unknownKey(_:in:line:nearest:known:)``,
  ///   ``TrainingError/mistypedValue(key:in:line:expected:found:)``.
  func over<Settings: Codable>(
    _ base: Settings, choices: [String: [String]]
  ) throws(TrainingError) -> Settings {
    guard let root, root.null == nil else { return base }
    let pattern = try Self.node(base)
    let merged = try merge(root, over: pattern, path: [], choices: choices)
    do {
      return try YAMLDecoder().decode(Settings.self, from: merged)
    } catch let error as DecodingError {
      throw located(error, in: merged)
    } catch {
      throw .malformedConfiguration(in: name, line: 0, reason: "\(error)")
    }
  }

  /// Settings as a tree of YAML nodes.
  static func node(_ settings: some Encodable) throws(TrainingError) -> Node {
    do {
      guard let node = try Yams.compose(yaml: YAMLEncoder().encode(settings)) else {
        preconditionFailure("Settings with keys encode to a YAML mapping.")
      }
      return node
    } catch {
      preconditionFailure("Settings made by this program encode to YAML: \(error)")
    }
  }

  private func merge(
    _ own: Node, over pattern: Node, path: [String], choices: [String: [String]]
  ) throws(TrainingError) -> Node {
    switch pattern {
    case .mapping(var merged):
      guard let mapping = own.mapping else { throw mistyped(own, path, "a group of settings") }
      let isFree = merged.isEmpty
      let known: [String] = merged.keys.compactMap(\.string)
      for (key, value) in mapping {
        let word = key.string ?? ""
        guard let old = merged[key] else {
          guard isFree else { throw unknown(word, at: key, path: path, known: known) }
          merged[key] = value
          continue
        }
        merged[key] = try merge(value, over: old, path: path + [word], choices: choices)
      }
      return .mapping(merged)
    case .sequence(let pattern):
      guard let sequence = own.sequence else { throw mistyped(own, path, "a list, as [a, b]") }
      guard let last = pattern.last else { return own }
      var merged: [Node] = []
      for (index, element) in sequence.enumerated() {
        let old = index < pattern.count ? pattern[index] : last
        merged.append(try merge(element, over: old, path: path, choices: choices))
      }
      return Node(merged)
    case .scalar, .alias:
      guard own.scalar != nil else { throw mistyped(own, path, Self.sort(of: pattern)) }
      if let words = choices[path.joined(separator: ".")] {
        guard let word = own.string, words.contains(word) else {
          throw mistyped(own, path, "one of: \(words.joined(separator: ", "))")
        }
      }
      let fits =
        if pattern.tag.description == Tag.Name.bool.rawValue {
          own.bool != nil
        } else if pattern.tag.description == Tag.Name.int.rawValue {
          // Seeds reach beyond the largest Int.
          own.int != nil || own.string.flatMap(UInt64.init) != nil
        } else if pattern.tag.description == Tag.Name.float.rawValue {
          own.float != nil
        } else {
          own.null == nil
        }
      guard fits else { throw mistyped(own, path, Self.sort(of: pattern)) }
      return own
    }
  }

  private static func sort(of pattern: Node) -> String {
    switch pattern.tag.description {
    case Tag.Name.bool.rawValue: "true or false"
    case Tag.Name.int.rawValue: "a whole number"
    case Tag.Name.float.rawValue: "a number"
    default: sortOfText
    }
  }

  private static let sortOfText = "text"

  private func line(_ node: Node) -> Int {
    name.hasPrefix("--") ? 0 : node.mark?.line ?? 0
  }

  private func unknown(
    _ word: String, at node: Node, path: [String], known: [String]
  ) -> TrainingError {
    let key = (path + [word]).joined(separator: ".")
    return .unknownKey(
      key, in: name, line: line(node), nearest: NearestWord.find(word, in: known), known: known)
  }

  private func mistyped(_ node: Node, _ path: [String], _ expected: String) -> TrainingError {
    let found =
      switch node {
      case .scalar(let scalar): node.null != nil ? "empty" : "'\(scalar.string)'"
      case .mapping: "a group of settings"
      case .sequence: "a list"
      case .alias: "an alias"
      }
    return .mistypedValue(
      key: path.isEmpty ? "the configuration" : path.joined(separator: "."), in: name,
      line: line(node), expected: expected, found: found)
  }

  private func located(_ error: DecodingError, in root: Node) -> TrainingError {
    let context: DecodingError.Context
    var expected = "a value that fits"
    switch error {
    case .typeMismatch(let type, let found):
      context = found
      expected = Self.word(for: type)
    case .valueNotFound(let type, let found):
      context = found
      expected = Self.word(for: type)
    case .keyNotFound(let key, let found):
      context = found
      expected = "a group with the key '\(key.stringValue)'"
    case .dataCorrupted(let found):
      context = found
      expected = "a value that fits (\(found.debugDescription))"
    @unknown default:
      return .malformedConfiguration(in: name, line: 0, reason: "\(error)")
    }
    var node = root
    for key in context.codingPath {
      if let index = key.intValue, let next = node.sequence, next.indices.contains(index) {
        node = next[index]
      } else if let next = node.mapping?[key.stringValue] {
        node = next
      }
    }
    let path = context.codingPath.reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += (path.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return mistyped(node, [path], expected)
  }

  private static func word(for type: any Any.Type) -> String {
    switch type {
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type, is Float.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    default: "a value that fits"
    }
  }

  private static func malformed(_ error: YamlError, _ name: String) -> TrainingError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      .malformedConfiguration(in: name, line: mark.line, reason: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      .malformedConfiguration(
        in: name, line: context.mark.line,
        reason: "the same key twice: \(keys.joined(separator: ", "))")
    case .reader(let problem, _, _, _):
      .malformedConfiguration(in: name, line: 0, reason: problem)
    default:
      .malformedConfiguration(in: name, line: 0, reason: "\(error)")
    }
  }
}
