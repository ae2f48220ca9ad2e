/// Names of columns, each different from the others.
package enum ColumnNames {
  /// The names with `.1`, `.2` and so on behind those that came before, as pandas has it.
  package static func unique(_ names: [String]) -> [String] {
    var used = Set(names)
    var seen: Set<String> = []
    return names.map { name in
      if seen.insert(name).inserted { return name }
      var number = 1
      while !used.insert("\(name).\(number)").inserted { number += 1 }
      return "\(name).\(number)"
    }
  }

  /// Names that come more than once, each once, in their order.
  package static func repeated(_ names: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for name in names { counts[name, default: 0] += 1 }
    var listed: Set<String> = []
    return names.filter { counts[$0, default: 0] > 1 && listed.insert($0).inserted }
  }
}
