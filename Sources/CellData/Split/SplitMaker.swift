import ArrayFiles
import Numerics

/// Puts rows into parts, class by class.
struct SplitMaker {
  /// The rows of each class.
  let rows: [[Int]]
  /// The names of the classes.
  let names: [String]
  let fractions: SplitFractions
  let seed: UInt64
  private(set) var parts: [Split.Part?]
  private(set) var warnings: [String] = []
  /// Cells each part should have had beyond those it got, so that rounding evens out over classes.
  private var owed: [Split.Part: Double] = [:]

  init(
    rows: [[Int]], names: [String], count: Int, fractions: SplitFractions, seed: UInt64
  ) {
    self.rows = rows
    self.names = names
    self.fractions = fractions
    self.seed = seed
    parts = [Split.Part?](repeating: nil, count: count)
  }

  // MARK: By field

  /// Fields of each class from the largest to the smallest: train up to its share of cells, then
  /// validation, then test.
  ///
  /// A class with two fields trains on the larger; the cells of the other are shared between
  /// validation and test. A class with one field has to be split by cell.
  mutating func splitByField(_ column: LabelColumn?) {
    guard let column else {
      splitByCell(
        because: "no column says the field of view (name one with --field-column)")
      return
    }
    var oneField: [String] = []
    var twoFields: [String] = []
    for (index, classRows) in rows.enumerated() where !classRows.isEmpty {
      var rowsOfField: [Int32: [Int]] = [:]
      for row in classRows { rowsOfField[column.codes[row], default: []].append(row) }
      let fields = Self.fieldOrder(
        rowsOfField.map { (name: column.values[Int($0.key)], rows: $0.value) })
      let heldOut = [Split.Part.validation, .test].filter { fractions[$0] > 0 }
      if fields.count == 1, !heldOut.isEmpty {
        oneField.append(names[index])
        shareCells(classRows, among: [.train] + heldOut, stream: UInt64(index))
      } else if fields.count == 2, heldOut.count == 2 {
        twoFields.append(names[index])
        put(fields[0], .train)
        shareCells(fields[1], among: heldOut, stream: UInt64(index))
      } else {
        let cuts = Self.cuts(fields.map(\.count), parts: [.train] + heldOut, fractions)
        for (part, range) in cuts {
          for field in fields[range] { put(field, part) }
        }
      }
    }
    if !oneField.isEmpty {
      warnings.append(
        "\(oneField.count) of \(names.count.counted("class", "classes")) "
          + "have one field of view and are split by cell: "
          + "cells of one field sit in all parts, so results on held-out cells flatter "
          + "(\(CellDataError.list(oneField))). Add fields, or hold these classes out.")
    }
    if !twoFields.isEmpty {
      warnings.append(
        "\(twoFields.count.counted("class", "classes")) "
          + "\(twoFields.count == 1 ? "has" : "have") two fields of view: the smaller one "
          + "is shared between validation and test (\(CellDataError.list(twoFields))).")
    }
  }

  /// Fields from the largest to the smallest; of equal ones the later name first.
  ///
  /// Upstream reverses an ascending `np.argsort`, which orders equal sizes by the vector
  /// instructions of the processor. A stable sort, as NumPy's plain code has for up to 16 items,
  /// gives this order; it is the same on every machine.
  static func fieldOrder(_ fields: [(name: String, rows: [Int])]) -> [[Int]] {
    fields.sorted {
      $0.rows.count != $1.rows.count
        ? $0.rows.count > $1.rows.count
        : $1.name.unicodeScalars.lexicographicallyPrecedes($0.name.unicodeScalars)
    }.map(\.rows)
  }

  /// Where upstream's `cumsum_split` cuts a list of counts, with no part left empty.
  ///
  /// A part ends before the first item whose cumulative count reaches the part's limit. Upstream
  /// fails (or leaves the training part empty) where an item is so large that two limits fall
  /// into it or the first limit into the first; here the cut then moves so that every part
  /// has an item.
  static func cuts(
    _ counts: [Int], parts: [Split.Part], _ fractions: SplitFractions
  ) -> [(part: Split.Part, range: Range<Int>)] {
    precondition(counts.count >= parts.count, "Every part of a split needs an item.")
    let total = Double(counts.reduce(0, +))
    var limits: [Double] = []
    for part in parts.dropLast() { limits.append((limits.last ?? 0) + fractions[part] * total) }
    var ends: [Int] = []
    var sum = 0.0
    for (index, count) in counts.enumerated() where ends.count < limits.count {
      sum += Double(count)
      if sum >= limits[ends.count] { ends.append(index) }
    }
    while ends.count < limits.count { ends.append(counts.count) }
    for place in ends.indices {
      let least = (place == 0 ? 0 : ends[place - 1]) + 1
      ends[place] = min(max(ends[place], least), counts.count - (ends.count - place))
    }
    let starts = [0] + ends
    return zip(parts, zip(starts, ends + [counts.count])).map { ($0, $1.0..<$1.1) }
  }

  // MARK: By cell

  /// Cells of each class in random order, cut at the shares.
  mutating func splitByCell(because reason: String? = nil) {
    let parts = Split.Part.allCases.filter { fractions[$0] > 0 }
    for (index, classRows) in rows.enumerated() {
      shareCells(classRows, among: parts, stream: UInt64(index))
    }
    warnings.append(
      "split by cell" + (reason.map { " because \($0)" } ?? "")
        + ": cells of one field of view sit in all parts, so results on held-out cells flatter.")
  }

  /// Deals cells out at random; the first part takes what is left, and at least one.
  private mutating func shareCells(_ rows: [Int], among parts: [Split.Part], stream: UInt64) {
    guard let first = parts.first, !rows.isEmpty else { return }
    var generator = SplitMix64(hashing: seed, 0x5350_4C49_54, stream)
    let order = generator.permutation(rows.count).map { rows[Int($0)] }
    let sum = parts.reduce(0) { $0 + fractions[$1] }
    var left = order.count
    for part in parts.dropFirst() {
      let wanted = (owed[part] ?? 0) + Double(rows.count) * fractions[part] / sum
      let given = max(0, min(Int(wanted.rounded()), left - 1))
      owed[part] = wanted - Double(given)
      for row in order[(left - given)..<left] { self.parts[row] = part }
      left -= given
    }
    put(Array(order[..<left]), first)
  }

  private mutating func put(_ rows: [Int], _ part: Split.Part) {
    for row in rows { parts[row] = part }
  }

  // MARK: By a column

  /// Takes the part from a column of the table; rows without a word there take no part.
  mutating func split(
    by column: LabelColumn, of data: CellDataSet
  ) throws(CellDataError) {
    var partOfCode = [Split.Part?](repeating: nil, count: column.values.count)
    for (code, value) in column.values.enumerated() {
      let word = value.trimmingSpaces.lowercased()
      guard let part = Self.part(of: word) else {
        if MissingText.isMissing(word) { continue }
        let row = column.codes.firstIndex(of: Int32(code)) ?? 0
        let place = data.place(row)
        throw .unknownPart(column: column.name, value: value, row: place.row, source: place.source)
      }
      partOfCode[code] = part
    }
    var missing = 0
    for classRows in rows {
      for row in classRows {
        parts[row] = partOfCode[Int(column.codes[row])]
        if parts[row] == nil { missing += 1 }
      }
    }
    if missing > 0 {
      warnings.append(
        missing == 1
          ? "1 cell has an empty \(column.name) and takes no part."
          : "\(missing) cells have an empty \(column.name) and take no part.")
    }
  }

  /// The part a word stands for.
  static func part(of word: String) -> Split.Part? {
    switch word.lowercased() {
    case "train", "training": .train
    case "val", "valid", "validation", "dev": .validation
    case "test", "testing", "held-out", "heldout": .test
    default: nil
    }
  }
}
