package import ArgumentParser

/// The options that change settings of a run.
package struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settings to start from: \(PresetNames.all.joined(separator: ", ")).",
      discussion: "The default is readme, or what --config names.", valueName: "name"))
  package var preset: String?

  @Option(help: ArgumentHelp("A YAML file with settings.", valueName: "file"))
  package var config: String?

  @Option(
    help: ArgumentHelp(
      "Start from weights: a run folder, a checkpoint folder or a weight file.",
      discussion: """
        The model is theirs, unless --preset, --config or a --set model.KEY says one. Classifiers \
        start anew where the classes are others.
        """, valueName: "weights"))
  package var `init`: String?

  @Option(
    help: ArgumentHelp(
      "Parts that keep the weights of --init: encoder, codebooks, decoder, heads, also of one level.",
      discussion: "Separated by commas, as encoder,codebook1.", valueName: "parts"))
  package var freeze: String?

  @Option(help: "Passes over the training cells, at most.")
  package var epochs: Int?

  @Option(help: "Cells per batch.")
  package var batchSize: Int?

  @Option(help: "The learning rate at the start.")
  package var lr: Double?

  @Option(help: "Sets first weights, data order, augmentation and dropout.")
  package var seed: UInt64?

  @Option(help: ArgumentHelp("Channels by name or number, as pro,nuc.", valueName: "list"))
  package var channels: String?

  @Option(help: ArgumentHelp("The label column by name or number.", valueName: "column"))
  package var label: String?

  @Option(help: ArgumentHelp("The label table of a bare array.", valueName: "file"))
  package var labels: String?

  @Option(
    help: ArgumentHelp(
      "field, cell, or a column that says train, val or test.", valueName: "rule"))
  package var split: String?

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  package var threads: Int?

  @Option(help: "cpu, cuda, cuda:N or mps.")
  package var device: String?

  @Option(
    help: ArgumentHelp(
      "What products are computed in: float32, or bfloat16 where that is faster.",
      valueName: "format"))
  package var precision: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Any setting, as training.clip_norm=1.", valueName: "key=value"))
  package var settings: [String] = []

  @OptionGroup package var kernels: KernelOptions

  package init() {}
}
