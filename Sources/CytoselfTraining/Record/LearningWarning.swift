import CytoselfModel
import Foundation
import Numerics

/// A sign in the history of a run that it does not learn, which its user is told once.
package enum LearningWarning: String, Codable, CaseIterable {
  /// A codebook does not keep up with its encoder.
  case quantizationGrows
  /// Most codes of a level stand for nothing.
  case fewCodes
  /// The classifier has learnt nothing.
  case classifierAtChance
  /// Validation cells are classified far worse than training cells.
  case validationFar

  /// How often the quantisation loss must have become larger than its smallest value.
  static let growth = 10.0
  /// Below this a quantisation loss is small, however much it grew.
  static let notableLoss = 1.0
  /// The least share of codes that should occur in an epoch.
  static let leastShare = 0.1
  /// The share of the run after which something must have been learnt; before it much is still moving.
  static let patience = 1.0 / 3
  /// The share of the cross-entropy of chance above which a classifier knows nothing.
  static let chanceShare = 0.98
  /// How much further from the truth validation cells may be than training cells, and by how much at least.
  static let distance = (factor: 2.0, difference: 1.0)

  /// What a history shows, with a sentence for the user.
  ///
  /// - Parameters:
  ///   - history: The epochs so far.
  ///   - classes: The classes that are learnt; nil without labels.
  ///   - progress: The share of the planned epochs that is done, 0 to 1.
  package static func found(
    in history: History, classes: Int?, progress: Double
  ) -> [(warning: LearningWarning, text: String)] {
    guard let row = history.rows.last, progress >= patience else { return [] }
    let found: [(LearningWarning, String?)] = [
      (.quantizationGrows, growingQuantization(history)),
      (.fewCodes, fewCodes(row)),
      (.classifierAtChance, classes.flatMap { chance(row, classes: $0) }),
      (.validationFar, distantValidation(row)),
    ]
    return found.compactMap { warning, text in
      text.map { (warning, "Warning: epoch \(row.epoch): \($0)") }
    }
  }

  private static func growingQuantization(_ history: History) -> String? {
    let losses = history.rows.map { $0.validation.losses.quantization.map(\.quantization) }
    guard let last = losses.last else { return nil }
    for level in last.indices {
      let smallest = losses.map { $0[level] }.min() ?? 0
      if last[level] > notableLoss, last[level] > growth * smallest {
        return
          "the quantisation loss of level \(level + 1) on the validation set is \(last[level].shortText) and"
          + " was \(smallest.shortText): the codebook does not keep up with the encoder. Set"
          + " model.codebook=average, or a lower training.rate."
      }
    }
    return nil
  }

  private static func fewCodes(_ row: History.Row) -> String? {
    guard let level = row.train.codeUse.firstIndex(where: { $0.share < leastShare }) else {
      return nil
    }
    let share = Int((100 * row.train.codeUse[level].share).rounded())
    return
      "\(share) % of the codes of level \(level + 1) are in use in training: the codebook has collapsed. Set"
      + " model.codebook=average, or fewer codes."
  }

  private static func chance(_ row: History.Row, classes: Int) -> String? {
    let chance = log(Double(classes))
    guard let loss = row.train.losses.classification.map(\.value).min(), loss > chanceShare * chance
    else {
      return nil
    }
    return
      "the cross-entropy of the training set is \(loss.shortText), and \(chance.shortText) is chance: the"
      + " classifier learns nothing. Look at the labels and at some crops (cytoself inspect), and try"
      + " data.normalize=crop or another training.rate."
  }

  private static func distantValidation(_ row: History.Row) -> String? {
    let pairs = zip(row.train.losses.classification, row.validation.losses.classification)
    for (train, validation) in pairs
    where validation.value > distance.factor * train.value
      && validation.value > train.value + distance.difference
    {
      return
        "the cross-entropy of the validation set is \(validation.value.shortText), that of the training set"
        + " \(train.value.shortText): what is learnt does not hold for other fields. More fields, data.normalize=crop"
        + " or training.distortion may help."
    }
    return nil
  }
}
