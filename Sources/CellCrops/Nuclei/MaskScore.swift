public import Raster

/// How well found objects agree with true ones, at one overlap.
public struct MaskScore: Sendable, Equatable, Codable {
  /// The overlap (intersection over union) from which two objects count as the same.
  public let overlap: Float
  /// Found objects that are true.
  public let matched: Int
  /// Objects found.
  public let found: Int
  /// True objects.
  public let truth: Int

  /// The share of found objects that are true; 1 when nothing is found.
  public var precision: Float { found == 0 ? 1 : Float(matched) / Float(found) }
  /// The share of true objects that are found; 1 when there are none.
  public var recall: Float { truth == 0 ? 1 : Float(matched) / Float(truth) }

  /// The scores of several fields taken together, at each overlap; empty when none was compared.
  ///
  /// - Parameter fields: the scores of each field, or nothing for one that was not compared.
  public static func total(_ fields: [[MaskScore]]) -> [MaskScore] {
    let compared = fields.filter { !$0.isEmpty }
    guard let first = compared.first else { return [] }
    return first.indices.map { step in
      MaskScore(
        overlap: first[step].overlap, matched: compared.reduce(0) { $0 + $1[step].matched },
        found: compared.reduce(0) { $0 + $1[step].found },
        truth: compared.reduce(0) { $0 + $1[step].truth })
    }
  }

  /// The scores at ten overlaps, from 0.5 in steps of 0.05.
  ///
  /// From 0.5 on no object can match two others. The masks must be of one size.
  public static func scores(found: LabelMask, truth: LabelMask) -> [MaskScore] {
    precondition(
      found.width == truth.width && found.height == truth.height,
      "Masks to compare must be of one size.")
    struct Pair: Hashable {
      let found: Int32
      let truth: Int32
    }
    var (areas, trueAreas): ([Int32: Int], [Int32: Int]) = ([:], [:])
    var shared: [Pair: Int] = [:]
    for (one, other) in zip(found.labels, truth.labels) {
      if one > 0 { areas[one, default: 0] += 1 }
      if other > 0 { trueAreas[other, default: 0] += 1 }
      if one > 0, other > 0 { shared[Pair(found: one, truth: other), default: 0] += 1 }
    }
    let overlaps = shared.map { pair, both in
      Float(both) / Float((areas[pair.found] ?? 0) + (trueAreas[pair.truth] ?? 0) - both)
    }
    return (0..<10).map { step in
      let least = 0.5 + 0.05 * Float(step)
      // At exactly 0.5 two objects could claim one; more than that is required.
      let matched = overlaps.filter { step == 0 ? $0 > 0.5 : $0 >= least }.count
      return MaskScore(
        overlap: least, matched: matched, found: areas.count, truth: trueAreas.count)
    }
  }
}
