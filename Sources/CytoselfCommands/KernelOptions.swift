import ArgumentParser

/// Which kernels compute: the same choice for every command that runs a model.
package struct KernelOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Use libtorch's operations alone, none of our own kernels.",
      discussion: "To compare results or speed. CYTOSELF_PLAIN=1 in the environment does the same."
    ))
  package var plain = false

  package init() {}
}
