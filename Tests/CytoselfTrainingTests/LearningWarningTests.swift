import CytoselfModel
import CytoselfTraining
import Foundation
import Testing

struct LearningWarningTests {
  /// Measures of a model of two levels, with codes of which a share occurs in an epoch.
  static func measures(entropy: Double, quantization: Double = 0.01, used: Int = 64) throws
    -> Measures
  {
    let term = QuantizationLoss(
      total: quantization, commitment: quantization, quantization: quantization, softmax: 0)
    let use = CodeUse(counts: (0..<128).map { $0 < used ? 1 : 0 })
    return Measures(
      losses: .init(
        levels: 2, total: 1, classification: [.init(level: 1, value: entropy)],
        quantization: [term, term]),
      codeUse: [use, use])
  }

  static func history(
    train: [Measures], validation: [Measures]
  ) -> History {
    var history = History(monitor: .last)
    for (index, pair) in zip(train, validation).enumerated() {
      history.rows.append(
        .init(epoch: index + 1, train: pair.0, validation: pair.1, rate: 1e-3, seconds: 1))
    }
    return history
  }

  static func found(_ history: History, progress: Double = 0.5) -> [LearningWarning] {
    LearningWarning.found(in: history, classes: 8, progress: progress).map(\.warning)
  }

  @Test func aRunThatLearnsIsNotWarnedOf() throws {
    let good = try Self.measures(entropy: 0.3)
    #expect(Self.found(Self.history(train: [good], validation: [good])).isEmpty)
    #expect(Self.found(History(monitor: .last)).isEmpty)
  }

  @Test func useIsCountedOverAllBatches() {
    let use = CodeUse(counts: [2, 2, 0, 0])
    #expect(use.share == 0.5 && abs(use.perplexity - 2) < 1e-12)
  }

  @Test func growingQuantizationIsToldOnceItIsLarge() throws {
    let good = try Self.measures(entropy: 0.3)
    func run(_ losses: [Double]) throws -> [LearningWarning] {
      let validation = try losses.map { try Self.measures(entropy: 0.3, quantization: $0) }
      return Self.found(
        Self.history(train: losses.map { _ in good }, validation: validation))
    }
    // The losses of a codebook that gradients move on 500 crops, and those of one that keeps up.
    #expect(try run([0.08, 4.3, 22, 103]) == [.quantizationGrows])
    #expect(try run([0.005, 0.06, 0.017]).isEmpty)
    #expect(try run([5, 20, 12]).isEmpty)
  }

  @Test func fewCodesChanceAndDistanceAreTold() throws {
    let good = try Self.measures(entropy: 0.3)
    let few = Self.history(train: [try Self.measures(entropy: 0.3, used: 12)], validation: [good])
    #expect(Self.found(few) == [.fewCodes])
    let chance = try Self.measures(entropy: log(8))
    #expect(
      Self.found(Self.history(train: [chance], validation: [chance])) == [.classifierAtChance])
    let far = Self.history(train: [good], validation: [try Self.measures(entropy: 1.5)])
    #expect(Self.found(far) == [.validationFar])
    #expect(Self.found(far, progress: 0.3).isEmpty)
    let text = LearningWarning.found(in: far, classes: 8, progress: 1).map(\.text)
    #expect(
      text == [
        "Warning: epoch 1: the cross-entropy of the validation set is 1.5, that of the training set"
          + " 0.3: what is learnt does not hold for other fields. More fields, data.normalize=crop or"
          + " training.distortion may help."
      ])
  }
}
