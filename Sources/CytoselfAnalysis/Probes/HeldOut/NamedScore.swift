/// One number of a probe, with what it is a number of: a row of the table of scores.
public struct NamedScore: Sendable, Equatable {
  /// The label column.
  public let label: String
  /// How labels were predicted.
  public let method: String
  /// `accuracy`, `balanced accuracy`, `macro F1`, `top-1` or `mean average precision`.
  public let score: String
  /// The number, its interval and chance.
  public let estimate: Estimate
  /// What it is a mean over.
  public let trials: Int
  /// What a trial is: `cells`, `classes`.
  public let trialName: String
}

extension HeldOutProbe {
  /// Every number of the probe, in the order of the tables.
  public var scores: [NamedScore] {
    var scores: [NamedScore] = []
    func add(
      _ method: String, _ score: String, _ estimate: Estimate, _ trials: Int,
      _ trialName: String = "cells"
    ) {
      scores.append(
        NamedScore(
          label: label, method: method, score: score, estimate: estimate, trials: trials,
          trialName: trialName))
    }
    for found in identifications {
      add(found.method, "accuracy", found.accuracy, found.cells)
      add(found.method, "balanced accuracy", found.balancedAccuracy, found.cells)
      add(found.method, "macro F1", found.macroF1, found.cells)
    }
    if let retrieval {
      add(
        "nearest \(retrieval.ranked)", "top-1", retrieval.nearest.accuracy, retrieval.queries)
      add(
        retrieval.ranked.replacing("cell", with: "cells") + " ranked", "mean average precision",
        retrieval.averagePrecision,
        retrieval.queries)
    }
    if let profiles {
      add(profiles.method, "top-1", profiles.accuracy, profiles.cells, "classes")
    }
    if let profileRetrieval {
      add(
        "mean profiles of \(profileRetrieval.unitName) ranked", "mean average precision",
        profileRetrieval.averagePrecision, profileRetrieval.classes.count, "classes")
    }
    return scores
  }
}
