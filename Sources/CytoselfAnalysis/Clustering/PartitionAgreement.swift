import Foundation

/// How far two ways to part the same rows agree, with chance taken away.
///
/// Both are 1 for equal parts, whatever their names, and 0 on average for parts made by chance.
public struct PartitionAgreement: Sendable, Equatable {
  /// The adjusted Rand index (Hubert and Arabie 1985).
  public let adjustedRandIndex: Double
  /// The adjusted mutual information, over the mean of both entropies (Vinh, Epps and Bailey 2010).
  public let adjustedMutualInformation: Double

  /// Compares two labels of each row.
  public init(_ one: [Int], _ other: [Int]) {
    precondition(one.count == other.count, "Both partitions label the same rows.")
    let table = Contingency(one, other)
    adjustedRandIndex = table.adjustedRandIndex
    adjustedMutualInformation = table.adjustedMutualInformation
  }
}

/// How many rows have each pair of labels.
private struct Contingency {
  let total: Int
  let rowSums: [Int]
  let columnSums: [Int]
  /// The pairs that occur, with how often.
  let cells: [(row: Int, column: Int, count: Int)]

  init(_ one: [Int], _ other: [Int]) {
    total = one.count
    let rows = Self.numbered(one)
    let columns = Self.numbered(other)
    var rowSums = [Int](repeating: 0, count: rows.count)
    var columnSums = [Int](repeating: 0, count: columns.count)
    var counts: [Int: Int] = [:]
    for (a, b) in zip(rows.codes, columns.codes) {
      rowSums[a] += 1
      columnSums[b] += 1
      counts[a * columns.count + b, default: 0] += 1
    }
    self.rowSums = rowSums
    self.columnSums = columnSums
    // Sorted, so that sums do not depend on the order of a dictionary.
    cells = counts.sorted { $0.key < $1.key }
      .map { ($0.key / columns.count, $0.key % columns.count, $0.value) }
  }

  private static func numbered(_ labels: [Int]) -> (codes: [Int], count: Int) {
    var numbers: [Int: Int] = [:]
    let codes = labels.map { label in
      if let number = numbers[label] { return number }
      defer { numbers[label] = numbers.count }
      return numbers.count
    }
    return (codes, max(1, numbers.count))
  }

  var adjustedRandIndex: Double {
    func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
    let together = cells.reduce(0) { $0 + pairs($1.count) }
    let rows = rowSums.reduce(0) { $0 + pairs($1) }
    let columns = columnSums.reduce(0) { $0 + pairs($1) }
    let all = pairs(total)
    guard all > 0 else { return 1 }
    let expected = rows * columns / all
    let largest = (rows + columns) / 2
    return largest == expected ? 1 : (together - expected) / (largest - expected)
  }

  var adjustedMutualInformation: Double {
    if rowSums.count == columnSums.count, rowSums.count == 1 || rowSums.count == total { return 1 }
    let n = Double(total)
    let mutual = cells.reduce(0) { sum, cell in
      let count = Double(cell.count)
      return sum + count / n
        * log(n * count / (Double(rowSums[cell.row]) * Double(columnSums[cell.column])))
    }
    let expected = expectedMutualInformation
    let mean = (entropy(rowSums) + entropy(columnSums)) / 2
    // scikit-learn keeps the denominator from 0 in the same way.
    let room = mean - expected
    let denominator = room < 0 ? min(room, -.ulpOfOne) : max(room, .ulpOfOne)
    return (mutual - expected) / denominator
  }

  private func entropy(_ sums: [Int]) -> Double {
    sums.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / Double(total)
      return sum - share * log(share)
    }
  }

  /// The mean over all tables with these margins (Vinh, Epps and Bailey 2010, equation 24a).
  private var expectedMutualInformation: Double {
    var logFactorials = [0.0]
    for number in 1...max(1, total) {
      logFactorials.append(logFactorials[number - 1] + log(Double(number)))
    }
    // Equal margins give equal terms.
    let rows = Self.margins(rowSums)
    let columns = Self.margins(columnSums)
    var sum = 0.0
    for row in rows {
      for column in columns {
        let term = expectedTerm(row.size, column.size, logFactorials)
        sum += term * Double(row.times * column.times)
      }
    }
    return sum
  }

  /// The mean contribution of a cell whose row and column hold `a` and `b` of all.
  private func expectedTerm(_ a: Int, _ b: Int, _ logFactorials: [Double]) -> Double {
    let n = Double(total)
    var fixed: Double = logFactorials[a] + logFactorials[b] - logFactorials[total]
    fixed += logFactorials[total - a] + logFactorials[total - b]
    let independent = Double(a) * Double(b) / n
    var term = 0.0
    for count in max(1, a + b - total)...max(1, min(a, b)) {
      var logChance: Double = fixed - logFactorials[count] - logFactorials[a - count]
      logChance -= logFactorials[b - count] + logFactorials[total - a - b + count]
      term += Double(count) / n * log(Double(count) / independent) * exp(logChance)
    }
    return term
  }

  /// The sizes that occur among some margins, ascending, with how often.
  private static func margins(_ sums: [Int]) -> [(size: Int, times: Int)] {
    Dictionary(sums.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }
}
