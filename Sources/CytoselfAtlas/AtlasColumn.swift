import ArrayFiles
import CytoselfFigures

/// What is known of every cell in one respect: a label or a number.
struct AtlasColumn: Sendable {
  /// What a column is for, where the page needs to know.
  enum Role: String, Sendable, Encodable {
    /// The protein.
    case protein
    /// The field of view.
    case field
    /// Where the protein sits.
    case localization
    /// A treatment.
    case condition
    /// The part of the split.
    case split
    /// Communities that `cytoself cluster` found.
    case cluster
  }

  /// The values, one for each cell in the order of the embeddings.
  enum Values: Sendable {
    /// Labels in the order of legends, the colour of each, and the code of each cell; `UInt16.max` where
    /// there is none.
    case labels([String], colors: [Color], codes: [UInt16])
    /// Numbers; not a number where there is none.
    case numbers([Float])
  }

  let name: String
  let role: Role?
  let values: Values

  /// The most different labels of a column.
  static let mostLabels = Int(UInt16.max)

  /// A column as it is.
  init(name: String, role: Role?, values: Values) {
    (self.name, self.role, self.values) = (name, role, values)
  }

  /// A column of numbers.
  init(name: String, numbers: [Float]) {
    self.name = name
    role = nil
    values = .numbers(numbers)
  }

  /// A column of a table: numbers where its values are amounts, else labels.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - distinct: its different values.
  ///   - codes: the number of the value of each cell.
  ///   - role: what it is for.
  ///   - known: labels that have their colours already, first ones first.
  /// - Returns: nil where there are too many different labels to choose from.
  init?(
    name: String, distinct: [String], codes: [Int32], role: Role?, known: [String] = []
  ) {
    self.name = name
    self.role = role
    let holdsNames = role != nil || ColumnRole.holdsNames(name)
    if !holdsNames, known.isEmpty, let numbers = Amounts.values(of: distinct) {
      values = .numbers(codes.map { numbers[Int($0)] })
      return
    }
    // Texts that differ in white space alone are one label, and missing ones none.
    let labels = distinct.map(MissingText.label)
    var counts: [String: Int] = [:]
    for code in codes where !labels[Int(code)].isEmpty {
      counts[labels[Int(code)], default: 0] += 1
    }
    guard counts.count < Self.mostLabels else { return nil }
    let palette =
      role == .cluster
      ? GroupPalette(counts.keys.sorted(by: Self.numerically).prefix(GroupPalette.looks))
      : GroupPalette(largestOf: counts, after: known)
    let shown = palette.names.filter { counts[$0] != nil }
    let rest = counts.keys.filter { palette[$0].color == .others }
    let order =
      shown.filter { palette[$0].color != .others }
      + (role == .cluster ? rest.sorted(by: Self.numerically) : rest.sorted())
    var places: [String: UInt16] = [:]
    for (place, label) in order.enumerated() { places[label] = UInt16(place) }
    let codeOf = labels.map { places[$0] ?? .max }
    values = .labels(
      order, colors: order.map { palette[$0].color }, codes: codes.map { codeOf[Int($0)] })
  }

  /// `2` before `10`.
  private static func numerically(_ a: String, _ b: String) -> Bool {
    (Int(a) ?? .max, a) < (Int(b) ?? .max, b)
  }

  /// What a column is for by its name; nil where the name says nothing.
  static func role(of name: String, protein: String?, field: String?) -> Role? {
    let lower = name.lowercased()
    if name == protein { return .protein }
    if name == field { return .field }
    if lower == "split" { return .split }
    if lower.hasPrefix("loc") || lower.contains("localization") || lower == "pattern" {
      return .localization
    }
    let conditions = ["condition", "treatment", "compound", "drug", "dose", "perturbation", "moa"]
    return conditions.contains(lower) ? .condition : nil
  }
}
