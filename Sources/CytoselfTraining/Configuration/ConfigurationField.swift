/// What a setting means, for `config.yaml`, `--print-config` and messages.
public struct ConfigurationField: Sendable {
  /// The path of keys, such as `training.lr`.
  public let path: String
  /// Meaning and effect, in a sentence or two.
  public let help: String
  /// The words it takes; empty for any value of its sort.
  public let choices: [String]

  init(_ path: String, _ help: String, choices: [String] = []) {
    self.path = path
    self.help = help
    self.choices = choices
  }

  /// The field of a path.
  public static func named(_ path: String) -> ConfigurationField? { byPath[path] }

  static let choices = Dictionary(
    uniqueKeysWithValues: all.filter { !$0.choices.isEmpty }.map { ($0.path, $0.choices) })

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

  /// Every setting, in the order of the file.
  public static let all = data + model + training

  private static let data = [
    ConfigurationField("preset", "The preset these settings started from."),
    ConfigurationField("data.path", "The folder or .npy file with the crops."),
    ConfigurationField(
      "data.labels_table", "The label table of a bare array; auto looks for a .csv beside it."),
    ConfigurationField(
      "data.channels",
      "Channels by name or number, in the order the model sees them; [] takes protein and nucleus,"
        + " or all channels where they have no names."),
    ConfigurationField(
      "data.label",
      "The column with the class that the classifier learns, by name or number; auto finds the"
        + " protein column."),
    ConfigurationField(
      "data.field",
      "The column with the field of view, by name or number; auto finds it. Cells of one field look"
        + " alike, so a fair split keeps them together."),
    ConfigurationField(
      "data.intensity", "What to multiply the pixels of a channel by, as {nucdist: 0.01}."),
    ConfigurationField(
      "data.integers", "Integer pixels: unit scales them to 0...1, none leaves them as they are.",
      choices: ["unit", "none"]),
    ConfigurationField(
      "data.normalize",
      "crop divides every channel of every crop by its own 99.9th percentile (brighter pixels become 1),"
        + " so that the brightness of a cell, its well or its plate tells nothing; none leaves pixels as"
        + " they are. Distances and masks stay.", choices: ["none", "crop"]),
    ConfigurationField(
      "data.split",
      "field, cell, or the name of a column that says train, val or test. By cell flatters the"
        + " result: cells of one field sit in training and test."),
    ConfigurationField("data.fractions", "The shares of training, validation and test cells."),
    ConfigurationField("data.load", "Classes to use; [] uses all."),
    ConfigurationField("data.hold", "Classes to leave out."),
    ConfigurationField("data.maximum_classes", "The largest number of classes; 0 is no limit."),
  ]

  private static let training = [
    ConfigurationField(
      "training.init",
      "Weights to start from: a run folder, a checkpoint folder or a weight file (.safetensors, .pt,"
        + " .chkp, .h5). With other classes than theirs the classifiers start anew. '' draws weights."
    ),
    ConfigurationField(
      "training.freeze",
      "Parts that keep the weights they start from: encoder, codebooks, decoder, heads, also of one"
        + " level (encoder1). They run as in evaluation, and their batch statistics stay too."),
    ConfigurationField(
      "training.seed",
      "Sets first weights, data order, augmentation and dropout. The same seed with the same"
        + " threads gives the same weights to the last bit."),
    ConfigurationField("training.epochs", "Passes over the training cells, at most."),
    ConfigurationField(
      "training.batch_size", "Cells per batch; memory grows with it."),
    ConfigurationField(
      "training.accumulation",
      "Batches whose gradients are added up before each step: the effect of a larger batch without"
        + " its memory."),
    ConfigurationField(
      "training.optimizer", "adamw (weight decay apart from the gradient) or adam.",
      choices: TrainingSection.OptimizerName.allCases.map(\.rawValue)),
    ConfigurationField("training.lr", "The learning rate at the start."),
    ConfigurationField(
      "training.weight_decay", "The share of every weight taken away per step, times lr."),
    ConfigurationField(
      "training.betas", "Adam's memory of the gradient and of its square."),
    ConfigurationField("training.epsilon", "Adam's guard against division by zero."),
    ConfigurationField(
      "training.monitor",
      "The validation loss that decides which weights are kept, when the learning rate is reduced and"
        + " when training stops: loss (the total), or task_loss (the total without the quantisation"
        + " losses, which are lowest when nothing has been learnt and grow with what the codes say).",
      choices: TrainingSection.Monitor.allCases.map(\.rawValue)),
    ConfigurationField(
      "training.plateau_patience",
      "Epochs without a lower validation loss before the learning rate is reduced."),
    ConfigurationField("training.plateau_factor", "What the learning rate is multiplied by then."),
    ConfigurationField("training.lr_floor", "The learning rate is not reduced below this."),
    ConfigurationField(
      "training.stop_patience",
      "Epochs without a lower validation loss before training stops; 0 never stops."),
    ConfigurationField(
      "training.clip_norm", "The largest norm of the gradient; a longer one is scaled down. 0: off."
    ),
    ConfigurationField(
      "training.vq_coefficient", "The weight of the quantisation losses in the total loss."),
    ConfigurationField(
      "training.fc_coefficient", "The weight of the classification losses in the total loss."),
    ConfigurationField(
      "training.augment", "Whether training crops are turned and flipped at random."),
    ConfigurationField(
      "training.checkpoint_steps",
      "Steps between checkpoints inside an epoch; 0 saves at the end of epochs alone."),
    ConfigurationField(
      "training.threads",
      "Threads of one tensor operation; 0 uses all cores. Part of what must be equal for equal bits."
    ),
    ConfigurationField("training.loader_threads", "Threads that read crops ahead."),
    ConfigurationField("training.device", "cpu, cuda, cuda:N or mps."),
    ConfigurationField(
      "training.precision",
      "float32, or bfloat16: convolutions and products in half the bits, where that is faster."),
  ]
}
