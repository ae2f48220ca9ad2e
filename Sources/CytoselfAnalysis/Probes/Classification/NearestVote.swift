extension Neighbors {
  /// For each row the label most frequent among its nearest `k`; ties go to the nearer neighbour.
  public func vote(_ labels: [Int], k: Int) -> [Int] {
    precondition(k >= 1 && k <= count, "A vote takes between one neighbour and all there are.")
    return (0..<rows).map { row in
      var votes: [Int: Int] = [:]
      let voters = indices(of: row).prefix(k).map { labels[Int($0)] }
      for label in voters { votes[label, default: 0] += 1 }
      let most = votes.values.max() ?? 0
      return voters.first { votes[$0] == most } ?? 0
    }
  }
}
