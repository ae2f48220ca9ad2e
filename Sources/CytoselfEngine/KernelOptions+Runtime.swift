import CytoselfCommands
import Torch

extension KernelOptions {
  /// Sets this process to compute as was asked.
  func apply() {
    if plain { Runtime.usesKernels = false }
  }
}
