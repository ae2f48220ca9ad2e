import Numerics

/// Which cells of an atlas have a picture when not all of them can.
package enum PictureChoice {
  /// At most so many cells, as evenly over groups as they allow, in ascending order.
  ///
  /// - Parameters:
  ///   - groups: the group of each cell.
  ///   - most: how many.
  package static func rows(of groups: [UInt16], most: Int) -> [Int32] {
    let all = groups.indices.map { Int32($0) }
    guard all.count > most else { return all }
    var shuffled = all
    var generator = SplitMix64(seed: 0, stream: 0xA71A5)
    generator.shuffle(&shuffled)
    var taken = [Int32](repeating: 0, count: Int(UInt16.max) + 1)
    let turns = shuffled.map { cell -> (turn: Int32, cell: Int32) in
      taken[Int(groups[Int(cell)])] += 1
      return (taken[Int(groups[Int(cell)])], cell)
    }
    return turns.sorted { ($0.turn, $0.cell) < ($1.turn, $1.cell) }.prefix(most).map(\.cell)
      .sorted()
  }
}
