import Torch
import TorchNN

/// A pretext classifier: dropout and linear layers with ReLU between, to one logit per protein.
final class Head: Module {
  private let layers: Sequential

  init(
    inputs: Int, classes: Int, configuration: HeadConfiguration, architecture: Architecture,
    _ generator: Generator
  ) throws(TorchError) {
    var layers: [any Layer] = []
    for index in 0..<configuration.layers {
      let isLast = index == configuration.layers - 1
      let outputs = isLast ? classes : configuration.features
      let drops = index > 0 || architecture.dropsHeadInput
      layers.append(Dropout(rate: drops ? configuration.dropout : 0))
      layers.append(
        try Linear(
          inputs: index == 0 ? inputs : configuration.features, outputs: outputs,
          initializer: architecture.headInitializer(outputs: outputs), generator: generator))
      if !isLast { layers.append(ActivationLayer(.relu)) }
    }
    self.layers = Sequential(layers)
  }

  var children: [(name: String, module: any Module)] { [("fc_list", layers)] }

  /// Logits `[batch, classes]` of an input that is flattened to `[batch, inputs]` first.
  func callAsFunction(_ input: Tensor, _ context: ForwardContext) throws(TorchError) -> Tensor {
    let flat = try input.reshaped(input.shape[0], -1)
    return try layers(flat.to(elementType: .float32), context)
  }
}
