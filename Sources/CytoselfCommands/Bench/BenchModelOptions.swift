package import ArgumentParser

/// The options of benchmarks that run a model on made-up images.
package struct BenchModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: \(PresetNames.all.joined(separator: ", ")).", valueName: "name"))
  package var preset = "readme"

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  package var threads = 0

  @Option(help: "cpu, cuda, cuda:N or mps.")
  package var device = "cpu"

  @Option(help: "Channels of an image.")
  package var channels = 2

  @Option(help: "Side of an image in pixels.")
  package var cropSize = 100

  @Option(help: "Proteins the classifiers tell apart.")
  package var classes = 9

  @OptionGroup package var kernels: KernelOptions

  @Flag(help: "Print one JSON object.")
  package var json = false

  package func validate() throws {
    guard threads >= 0, channels >= 1, cropSize >= 1, classes >= 2 else {
      throw ValidationError(
        "--threads is 0 or more, --channels and --crop-size 1 or more, --classes 2 or more.")
    }
  }

  package init() {}
}
