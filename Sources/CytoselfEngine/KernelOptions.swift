import ArgumentParser
import CytoselfCommands
import Torch

/// Which kernels compute: the same choice for every command that runs a model.
struct KernelOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Use libtorch's operations alone, none of our own kernels.",
      discussion: "To compare results or speed. CYTOSELF_PLAIN=1 in the environment does the same."
    ))
  var plain = false

  /// Chooses the kernels of this process.
  func apply() {
    if plain { Runtime.usesKernels = false }
  }
}
