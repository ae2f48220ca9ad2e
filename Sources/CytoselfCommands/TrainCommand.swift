package import ArgumentParser

/// `cytoself train`: from crops to a trained model.
package struct TrainCommand: EngineCommand {
  package static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on crops and write a run folder.",
    discussion: """
      Settings come from a preset, then a configuration file, then options. --print-config shows \
      the result with a comment on every setting. Ctrl-C finishes the step and saves; the same \
      command with --resume goes on exactly where it stopped.

        cytoself train cells/ --out run --preset small
        cytoself train cells/ --out run --resume
        cytoself train cells/ --out run --config mine.yaml --set model.variant=no-split
        cytoself train new-cells/ --out tuned --init run --freeze encoder,codebooks
      """)

  @Argument(help: "A folder of crops in any layout, or one .npy.")
  package var data: String?

  @Option(help: "The run's folder, made if it is not there.")
  package var out: String?

  @OptionGroup package var options: TrainingOptions

  @Flag(help: "Go on from the newest checkpoint of --out.")
  package var resume = false

  @Flag(help: "Print the resolved configuration and stop.")
  package var printConfig = false

  package init() {}
}
