import Numerics

/// What is drawn and shuffled whole: fields of view or proteins, or single cells where none are known.
///
/// Cells of one field resemble each other. Draws and shuffles of single cells would take them for
/// independent, and find intervals too narrow and p values too small.
public struct SamplingUnits: Sendable, Equatable {
  /// What a unit is: `fields`, `proteins` or `cells`.
  public let name: String
  /// The rows of each unit.
  public let members: [[Int]]

  /// The units of rows.
  ///
  /// - Parameters:
  ///   - groups: the unit of each row; nil, or fewer than three different ones, gives single cells.
  ///   - rows: the number of rows.
  ///   - name: what a unit is called.
  public init(_ groups: [Int]?, rows: Int, name: String = "fields") {
    precondition(groups.map { $0.count == rows } ?? true, "Every row belongs to one unit.")
    var members: [Int: [Int]] = [:]
    for (row, group) in (groups ?? []).enumerated() { members[group, default: []].append(row) }
    if members.count >= 3 {
      self.name = name
      self.members = members.sorted { $0.key < $1.key }.map(\.value)
    } else {
      self.name = "cells"
      self.members = (0..<rows).map { [$0] }
    }
  }

  /// The number of units.
  public var count: Int { members.count }

  /// The units in which every row has the same label; single cells where some unit mixes labels.
  ///
  /// Labels are shuffled among these.
  func pure(_ labels: [Int]) -> SamplingUnits {
    let isPure = members.allSatisfy { rows in
      rows.allSatisfy { labels[$0] == labels[rows[0]] }
    }
    return isPure ? self : SamplingUnits(nil, rows: labels.count)
  }

  /// The 95 % percentile intervals of statistics of units drawn with replacement.
  ///
  /// - Parameters:
  ///   - resamples: how many times as many units as there are are drawn.
  ///   - seed: the seed of the draws.
  ///   - statistics: the statistics of drawn units, NaN where there is none.
  /// - Returns: the ends for each statistic, NaN where no draw has one.
  func intervals(
    resamples: Int, seed: UInt64, workers: Workers, _ statistics: (_ units: [Int]) -> [Double]
  ) -> [(low: Double, high: Double)] {
    let drawn = workers.map(resamples) { resample in
      var generator = SplitMix64(seed: seed, stream: 0xB007_0000 + UInt64(resample))
      return statistics(members.map { _ in generator.next(below: members.count) })
    }
    guard let width = drawn.first?.count else { return [] }
    return (0..<width).map { place in
      let sorted = drawn.map { $0[place] }.filter { !$0.isNaN }.sorted()
      guard !sorted.isEmpty else { return (.nan, .nan) }
      let last = Double(sorted.count - 1)
      return (sorted[Int(0.025 * last)], sorted[Int((0.975 * last).rounded(.up))])
    }
  }

  /// How an interval of these units is named.
  var intervalName: String { "bootstrap over \(name)" }
}
