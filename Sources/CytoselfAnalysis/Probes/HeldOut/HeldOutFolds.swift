import Numerics

/// Training rows and test rows of a probe, so that no field of view (or no protein) is in both.
public struct HeldOutFolds: Sendable, Equatable {
  /// What is held out.
  public enum Unit: String, Sendable, CaseIterable, Codable {
    /// The cells that the model was not trained on, by the column `split`.
    case split
    /// Each field of view in turn.
    case fields
    /// Each protein in turn: the labels say something coarser, such as the localization.
    case proteins
    /// Each cell in turn, where nothing else is known.
    case cells
  }

  /// One fold: training rows and held-out test rows.
  public struct Fold: Sendable, Equatable {
    /// The training rows.
    public let train: [Int]
    /// The test rows.
    public let test: [Int]
  }

  /// What is held out.
  public let unit: Unit
  /// The folds; no row is a test row twice.
  public let folds: [Fold]
  /// Classes left out since one field (or protein) alone holds them.
  public let leftOut: [String]
  /// What is held out, in words.
  public let description: String

  /// The test rows of all folds, one fold after the other.
  public var testRows: [Int] { folds.flatMap(\.test) }

  /// Tests on the cells that the model was not trained on: split `test`, or `val` without one.
  ///
  /// - Parameters:
  ///   - split: `train`, `val` or `test` for each row.
  ///   - labels: the label of each row; rows without one take no part.
  ///   - source: what to call the data in messages.
  /// - Throws: `AnalysisError.tooFew` without held-out cells, or with fewer than two classes in the training set.
  public init(split: [String], labels: [String], source: String) throws(AnalysisError) {
    precondition(split.count == labels.count, "Every row has a split and a label.")
    let heldOut = split.contains("test") ? "test" : "val"
    let test = split.indices.filter { split[$0] == heldOut && !labels[$0].isEmpty }
    let marked = split.indices.filter { split[$0] == "train" && !labels[$0].isEmpty }
    let train =
      marked.isEmpty
      ? split.indices.filter { split[$0] != heldOut && !labels[$0].isEmpty } : marked
    guard !test.isEmpty else {
      throw .tooFew(
        what: "held-out cells (split 'test' or 'val') with a label in \(source)", found: 0,
        needed: 1,
        advice: "Embed the whole data set, or hold out fields: --hold-out fields.")
    }
    try Self.requireClasses(
      Set(train.map { labels[$0] }).count, what: "classes among the training cells of \(source)")
    unit = .split
    folds = [Fold(train: train, test: test)]
    leftOut = []
    description = "cells of split '\(heldOut)'"
  }

  /// Tests on every unit in turn, in folds that hold out about as many of each class.
  ///
  /// - Parameters:
  ///   - unit: what `groups` are.
  ///   - groups: the field or protein of each row; single cells hold a number of their own.
  ///   - labels: the label of each row; rows without one take no part.
  ///   - count: the number of folds. There are never more than a typical class has units: holding out
  ///     half a class while all of the others are in the training set makes the class look rare.
  ///   - seed: the seed of the order in which units are dealt out.
  ///   - column: the column of the labels, for messages.
  /// - Throws: `AnalysisError.badOption` for fewer than two rounds; `.tooFew` where fewer than two
  ///   classes are spread over two units or more, since a probe could recognise the unit instead.
  public init(
    holdingOut unit: Unit, groups: [Int], labels: [String], count: Int = 5, seed: UInt64 = 0,
    column: String
  ) throws(AnalysisError) {
    precondition(groups.count == labels.count, "Every row has a unit and a label.")
    guard count >= 2 else {
      throw .badOption(name: "--folds", value: "\(count)", expected: "2 or more")
    }
    let classes = Grouping(labels)
    var unitsOfClass = [Set<Int>](repeating: [], count: classes.names.count)
    for (row, code) in classes.codes.enumerated() where !labels[row].isEmpty {
      unitsOfClass[code].insert(groups[row])
    }
    let kept = unitsOfClass.map { $0.count >= 2 }
    let word = unit == .proteins ? "proteins" : unit == .cells ? "cells" : "fields of view"
    leftOut = classes.names.indices.filter { unitsOfClass[$0].count == 1 }
      .map { classes.names[$0] }
    guard kept.count(where: { $0 }) >= 2 else {
      throw .tooFew(
        what: "classes of '\(column)' are in two or more \(word)", found: kept.count { $0 },
        needed: 2, advice: Self.advice(unit))
    }
    let rows = labels.indices.filter { kept[classes.codes[$0]] }
    let sizes = unitsOfClass.map(\.count).filter { $0 >= 2 }.sorted()
    let folds = Self.deal(
      rows, groups: groups, classes: classes.codes, classCount: classes.names.count,
      count: min(count, sizes[sizes.count / 2]), seed: seed)
    self.unit = unit
    self.folds = (0..<folds.count).map { fold in
      Fold(
        train: zip(rows, folds.ofRow).filter { $0.1 != fold }.map(\.0),
        test: zip(rows, folds.ofRow).filter { $0.1 == fold }.map(\.0))
    }
    description =
      "each of \(Set(rows.map { groups[$0] }).count) \(word) in turn, in \(folds.count) rounds"
  }

  private static func advice(_ unit: Unit) -> String {
    switch unit {
    case .proteins:
      "The training set must hold other proteins of the same class: choose a coarser --labels column, such "
        + "as a localization."
    case .cells:
      "A probe needs two cells of each class: choose another --labels column."
    case .split, .fields:
      "With one field for each class a probe may recognise the field, not the class: image more fields, or "
        + "hold out proteins for a coarser column (--hold-out proteins)."
    }
  }

  static func requireClasses(_ found: Int, what: String) throws(AnalysisError) {
    guard found >= 2 else {
      throw .tooFew(
        what: what, found: found, needed: 2,
        advice: "A probe distinguishes classes: choose another --labels column.")
    }
  }

  /// Deals units out to rounds: the largest first, each to the round that has least of its classes.
  private static func deal(
    _ rows: [Int], groups: [Int], classes: [Int], classCount: Int, count: Int, seed: UInt64
  ) -> (ofRow: [Int], count: Int) {
    var contents: [Int: [Int: Int]] = [:]
    for row in rows { contents[groups[row], default: [:]][classes[row], default: 0] += 1 }
    var units = contents.keys.sorted()
    var generator = SplitMix64(seed: seed, stream: 0xF01D)
    generator.shuffle(&units)
    let sizes = contents.mapValues { $0.values.reduce(0, +) }
    let places = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, $0) })
    units.sort {
      (-(sizes[$0] ?? 0), places[$0] ?? 0) < (-(sizes[$1] ?? 0), places[$1] ?? 0)
    }
    let count = min(count, units.count)
    var totals = [Int](repeating: 0, count: classCount)
    for row in rows { totals[classes[row]] += 1 }
    var held = [[Int]](repeating: [Int](repeating: 0, count: classCount), count: count)
    var filled = [Int](repeating: 0, count: count)
    var foldOfUnit: [Int: Int] = [:]
    for unit in units {
      let content = (contents[unit] ?? [:]).sorted { $0.key < $1.key }
      let costs = (0..<count).map { fold in
        content.reduce(0.0) { cost, part in
          cost + Double(part.value) * Double(held[fold][part.key]) / Double(totals[part.key])
        }
      }
      let best =
        (0..<count).min { (costs[$0], filled[$0], $0) < (costs[$1], filled[$1], $1) } ?? 0
      foldOfUnit[unit] = best
      filled[best] += sizes[unit] ?? 0
      for part in content { held[best][part.key] += part.value }
    }
    return (rows.map { foldOfUnit[groups[$0]] ?? 0 }, count)
  }
}
