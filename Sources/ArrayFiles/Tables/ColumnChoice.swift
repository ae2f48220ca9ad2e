/// The column that a program takes by itself, why, and which likelier ones it passed over.
package struct ColumnChoice: Sendable {
  /// The place of the column.
  package let index: Int
  /// Why it was taken, in a few words.
  package let reason: String
  /// Columns that by their names come first and were not taken, with the reason.
  package let passedOver: [(index: Int, reason: String)]

  /// What decides about a column: its name and how often each value occurs.
  package struct Candidate {
    let name: String
    /// Rows with a value.
    let present: Int
    /// Different values.
    let distinct: Int
    /// Different values that two rows or more have.
    let shared: Int

    /// A column from its different values and the number of each row's value.
    package init(name: String, values: [String], codes: [Int32]) {
      var counts = [Int](repeating: 0, count: values.count)
      for code in codes { counts[Int(code)] += 1 }
      let isMissing = values.map(MissingText.isMissing)
      let kept = counts.indices.filter { !isMissing[$0] && counts[$0] > 0 }
      self.name = name.lowercased()
      present = kept.reduce(0) { $0 + counts[$1] }
      distinct = kept.count
      shared = kept.count { counts[$0] > 1 }
    }

    /// Whether nearly every row has a value of its own, as names of cells do; one that is repeated by
    /// mistake changes nothing.
    var tellsRowsApart: Bool { present > 1 && distinct * 10 > present * 9 }
    /// Whether the values put rows into groups: two values or more that rows share.
    var groupsRows: Bool { shared > 1 && !tellsRowsApart }
  }

  /// The column that most likely says the protein.
  ///
  /// The first by name that has values and does not name single cells; else the first that groups cells;
  /// else the first by name after all. Missing values decide nothing.
  package static func protein(_ columns: [Candidate]) -> ColumnChoice? {
    var passedOver: [(index: Int, reason: String)] = []
    let named = ColumnRole.protein.flatMap { name in
      columns.indices.filter { columns[$0].name == name }
    }
    for index in named {
      if columns[index].present == 0 {
        passedOver.append((index, "it has no values"))
      } else if columns[index].tellsRowsApart {
        passedOver.append((index, "nearly every cell has another value there"))
      } else {
        return ColumnChoice(index: index, reason: "by its name", passedOver: passedOver)
      }
    }
    let skipped = Set(ColumnRole.cell + ColumnRole.rowNumber)
    let places = columns.indices.filter { !skipped.contains(columns[$0].name) }
    let grouping =
      places.first { columns[$0].groupsRows && !ColumnRole.field.contains(columns[$0].name) }
      ?? places.first { columns[$0].groupsRows }
    if let grouping {
      return ColumnChoice(
        index: grouping, reason: "the first column that groups cells", passedOver: passedOver)
    }
    if let first = named.first(where: { columns[$0].present > 0 }) {
      return ColumnChoice(index: first, reason: "by its name", passedOver: [])
    }
    return places.first { columns[$0].present > 0 }.map {
      ColumnChoice(index: $0, reason: "the first column", passedOver: passedOver)
    }
  }

  /// The column that by its name says the field of view; one without values is passed over.
  package static func field(_ columns: [Candidate]) -> ColumnChoice? {
    let named = ColumnRole.field.flatMap { name in
      columns.indices.filter { columns[$0].name == name }
    }
    let empty = named.filter { columns[$0].present == 0 }
    return named.first { columns[$0].present > 0 }.map { found in
      let before = named.prefix { $0 != found }.filter(empty.contains)
      return ColumnChoice(
        index: found, reason: "by its name",
        passedOver: before.map { ($0, "it has no values") })
    }
  }
}
