/// Rows parted into communities, numbered from the largest.
public struct Partition: Sendable, Equatable {
  /// The community of each row.
  public let codes: [Int]
  /// The number of rows of each community, descending.
  public let sizes: [Int]
  /// The modularity at the resolution it was found at.
  public let quality: Double

  /// Numbers communities by size, equal ones by their first rows.
  init(_ membership: [Int], quality: Double) {
    var sizes: [Int: Int] = [:]
    var firsts: [Int: Int] = [:]
    for (row, code) in membership.enumerated() {
      sizes[code, default: 0] += 1
      if firsts[code] == nil { firsts[code] = row }
    }
    let order = sizes.keys.sorted {
      (-(sizes[$0] ?? 0), firsts[$0] ?? 0) < (-(sizes[$1] ?? 0), firsts[$1] ?? 0)
    }
    var numbers: [Int: Int] = [:]
    for (number, code) in order.enumerated() { numbers[code] = number }
    codes = membership.map { numbers[$0] ?? 0 }
    self.sizes = order.map { sizes[$0] ?? 0 }
    self.quality = quality
  }
}
