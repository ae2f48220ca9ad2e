extension TrainingSection {
  /// What every setting is.
  public static let fields: [SettingField<TrainingSection>] = [
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
      "epochs", \.epochs, range: .atLeast(1), option: "epochs",
      "Passes over the training cells, at most."),
    .init(
      "batch_size", \.batchSize, range: .atLeast(1), option: "batch-size",
      "Cells per batch; memory grows with it."),
    .init(
      "accumulation", \.accumulation, range: .atLeast(1),
      """
      Batches whose gradients are added up before each step: the effect of a larger batch without \
      its memory.
      """),
    .init(
      "optimizer", oneOf: \.optimizer,
      "adamw (weight decay apart from the gradient) or adam."),
    .init("lr", \.rate, range: .positive, option: "lr", "The learning rate at the start."),
    .init(
      "weight_decay", \.weightDecay, range: .notNegative,
      "The share of every weight taken away per step, times lr."),
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
      losses, which are lowest when nothing has been learnt and grow with what the codes say).
      """),
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
    .init(
      "vq_coefficient", \.vqCoefficient, range: .notNegative,
      "The weight of the quantisation losses in the total loss."),
    .init(
      "fc_coefficient", \.fcCoefficient, range: .notNegative,
      "The weight of the classification losses in the total loss."),
    .init("augment", \.augment, "Whether training crops are turned and flipped at random."),
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
