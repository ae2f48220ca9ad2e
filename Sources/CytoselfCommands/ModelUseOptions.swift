package import ArgumentParser

/// The options of commands that use a trained model on data.
package struct ModelUseOptions: ParsableArguments {
  @Option(help: "Cells per batch.")
  package var batchSize = 32

  @Option(help: "Threads of one tensor operation; 0 uses all cores.")
  package var threads = 0

  @Option(help: "Threads that read crops ahead.")
  package var loaderThreads = 2

  @Option(help: "cpu, cuda, cuda:N or mps.")
  package var device = "cpu"

  @OptionGroup(title: "Reading, where the model does not say it")
  package var reading: DataOptions

  @Option(
    help: ArgumentHelp(
      "The side of the crops that the weights are for.",
      discussion: """
        Only for weights of others whose classifiers do not tell it; the side of the crops in DATA \
        is taken where it is not given.
        """, valueName: "pixels"))
  package var cropSize: Int?

  @OptionGroup package var kernels: KernelOptions

  package func validate() throws {
    guard batchSize >= 1, loaderThreads >= 1, threads >= 0, cropSize ?? 1 >= 1 else {
      throw ValidationError(
        "--batch-size, --loader-threads and --crop-size are 1 or more, --threads 0 or more.")
    }
  }

  package init() {}
}
