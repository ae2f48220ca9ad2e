extension TrainingSection {
  /// What every setting is.
  public static let fields = starting + optimizing + losses + cells + computing

  // In parts, which are checked by the compiler in a fraction of the time that one list takes.
  private static let starting: [SettingField<TrainingSection>] = [
    .init(
      "init", \.initial, option: "init",
      """
      Weights to start from: a run folder, a checkpoint folder or a weight file (.safetensors, .pt, \
      .chkp, .h5). With other classes than theirs the classifiers start anew. '' draws weights.
      """
    ),
    .init(
      "freeze", \.freeze, option: "freeze",
      """
      Parts that keep the weights they start from: encoder, codebooks, decoder, heads, also of one \
      level (encoder1). They run as in evaluation, and their batch statistics stay too.
      """),
    .init(
      "seed", \.seed, option: "seed",
      """
      Sets first weights, data order, augmentation and dropout. On the cpu the same seed with the \
      same threads gives the same weights to the last bit; on an accelerator the same up to the \
      order of some sums.
      """),
    .init(
      "epochs", \.epochs, range: .atLeast(0), option: "epochs",
      "Passes over the training cells, at most; 0: as many as training.steps needs, 10 or more."),
    .init(
      "steps", \.steps, range: .atLeast(0),
      """
      The least number of optimiser steps where epochs is 0, so that a few hundred cells are learnt \
      from as long as some thousand.
      """),
    .init(
      "batch_size", \.batchSize, range: .atLeast(1), option: "batch-size",
      "Cells per batch; memory grows with it."),
    .init(
      "accumulation", \.accumulation, range: .atLeast(1),
      """
      Batches whose gradients are added up before each step: the effect of a larger batch without \
      its memory.
      """),
  ]

  private static let optimizing: [SettingField<TrainingSection>] = [
    .init(
      "optimizer", oneOf: \.optimizer,
      "adamw (weight decay apart from the gradient) or adam."),
    .init("lr", \.rate, range: .positive, option: "lr", "The learning rate at the start."),
    .init(
      "weight_decay", \.weightDecay, range: .notNegative,
      "The share of every weight taken away per step, times lr."),
    .init(
      "decay_vectors", \.decaysVectors,
      "Whether weight decay also acts on biases, and on scales and shifts of normalisations."),
    .init(
      "betas", \.betas,
      range: SettingRange("two numbers of 0 or more and below 1") {
        $0.count == 2 && $0.allSatisfy { $0 >= 0 && $0 < 1 }
      }, "Adam's memory of the gradient and of its square."),
    .init("epsilon", \.epsilon, range: .positive, "Adam's guard against division by zero."),
    .init(
      "monitor", oneOf: \.monitor,
      """
      The validation loss that decides which weights are kept, when the learning rate is reduced and \
      when training stops: loss (the total), or task_loss (the total without the quantisation \
      losses, which are lowest when nothing has been learnt and grow with what the codes say), or \
      last: the weights of the last epoch are kept.
      """),
    .init(
      "schedule", oneOf: \.schedule,
      """
      How the learning rate changes: plateau (reduced when the monitored loss stops improving) or \
      cosine (up, then down along a cosine over all steps).
      """),
    .init(
      "warm_up", \.warmUp,
      range: SettingRange("a number of 0 or more and below 1") { $0 >= 0 && $0 < 1 },
      "The share of all steps in which a cosine schedule rises."),
    .init(
      "plateau_patience", \.plateauPatience, range: .atLeast(1),
      "Epochs without a lower validation loss before the learning rate is reduced."),
    .init(
      "plateau_factor", \.plateauFactor,
      range: SettingRange("a number above 0, at most 1") { $0 > 0 && $0 <= 1 },
      "What the learning rate is multiplied by then."),
    .init(
      "lr_floor", \.rateFloor, range: .notNegative, "The learning rate is not reduced below this."),
    .init(
      "stop_patience", \.stopPatience, range: .atLeast(0),
      "Epochs without a lower validation loss before training stops; 0 never stops."),
    .init(
      "clip_norm", \.clipNorm, range: .notNegative,
      "The largest norm of the gradient; a longer one is scaled down. 0: off."),
  ]

  private static let losses: [SettingField<TrainingSection>] = [
    .init(
      "vq_coefficient", \.vqCoefficient, range: .notNegative,
      "The weight of the quantisation losses in the total loss."),
    .init(
      "fc_coefficient", \.fcCoefficient, range: .notNegative,
      "The weight of the classification losses in the total loss."),
    .init(
      "label_smoothing", \.labelSmoothing,
      range: SettingRange("a number of 0 or more and below 1") { $0 >= 0 && $0 < 1 },
      "The share of the classifiers' target that is spread over all classes."),
    .init(
      "average", \.average,
      range: SettingRange("a number of 0 or more and below 1") { $0 >= 0 && $0 < 1 },
      """
      The decay of the running mean of the weights, which is validated and kept instead of the last \
      weights; 0: off.
      """),
    .init(
      "level_dropout", \.levelDropout,
      range: SettingRange("a number of 0 or more and below 1") { $0 >= 0 && $0 < 1 },
      """
      The share of the training cells that are rebuilt without the first level, so that level 2 alone \
      holds a cell.
      """),
  ]

  private static let cells: [SettingField<TrainingSection>] = [
    .init(
      "sampling", oneOf: \.sampling,
      """
      How batches are filled: shuffled (every cell once in an epoch), or balanced (several cells \
      of each class, from different fields; all classes equally often).
      """),
    .init(
      "cells_per_class", \.cellsPerClass, range: .atLeast(1),
      "Cells of a class in a balanced batch; more where there are few classes."),
    .init("augment", \.augment, "Whether training crops are turned and flipped at random."),
    .init(
      "distortion", \.distortion,
      range: SettingRange("a number from 0 to 2") { $0 >= 0 && $0 <= 2 },
      """
      How strongly training crops are distorted: any angle, scale, position, brightness, contrast, \
      blur, noise. 0: not at all, 1: as usual.
      """),
  ]

  private static let computing: [SettingField<TrainingSection>] = [
    .init(
      "checkpoint_steps", \.checkpointSteps, range: .atLeast(0),
      "Steps between checkpoints inside an epoch; 0 saves at the end of epochs alone."),
    .init(
      "threads", \.threads, range: .atLeast(0), option: "threads",
      "Threads of one tensor operation; 0 uses all cores. Part of what must be equal for equal bits."
    ),
    .init(
      "loader_threads", \.loaderThreads, range: .atLeast(1), "Threads that read crops ahead."),
    .init("device", \.device, option: "device", "cpu, cuda, cuda:N or mps."),
    .init(
      "precision", oneOf: \.precision, option: "precision",
      "float32, or bfloat16: convolutions and products in half the bits, where that is faster."),
  ]
}
