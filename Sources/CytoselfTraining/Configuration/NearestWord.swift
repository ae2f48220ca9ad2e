/// Finds the known word nearest to a misspelt one.
enum NearestWord {
  /// The known word with the fewest edits from `word`, or nil when none is near.
  static func find(_ word: String, in known: [String]) -> String? {
    let plain = simplified(word)
    let ranked = known.map { (word: $0, distance: distance(plain, simplified($0))) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }),
      best.distance <= max(1, min(plain.count, best.word.count) / 3)
    else { return nil }
    return best.word
  }

  private static func simplified(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "_" && $0 != "-" }.map { $0 }
  }

  /// The Levenshtein distance: insertions, deletions and replacements of one letter.
  static func distance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in second.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[second.count]
  }
}
