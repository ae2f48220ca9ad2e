public import Torch

/// A running mean of the weights and statistics of a network, which evaluates better than the last
/// weights do (Polyak and Juditsky 1992; decay with a start as in TensorFlow's moving averages).
public final class WeightAverage {
  private let network: StateDictionary
  private let other: StateDictionary
  private var steps: Int
  /// Whether the network has the mean at the moment, and the mean's place the weights.
  public private(set) var isExchanged = false

  /// A mean that starts at the weights as they are.
  ///
  /// - Parameters:
  ///   - network: The tensors of a network, its own.
  ///   - steps: The steps that the mean has seen, for one that is resumed.
  /// - Throws: `TorchError` when memory is short.
  public init(_ network: StateDictionary, steps: Int = 0) throws(TorchError) {
    self.network = network
    self.steps = steps
    var copies = StateDictionary()
    for (name, tensor) in network { copies[name] = try tensor.detached().clone() }
    other = copies
  }

  /// The mean.
  public var mean: StateDictionary { isExchanged ? network : other }

  /// The weights that are trained.
  public var weights: StateDictionary { isExchanged ? other : network }

  /// Takes the weights after a step into the mean.
  ///
  /// - Parameter decay: The share of the old mean that is kept; less in the first steps, so that the
  ///   first weights are soon forgotten.
  /// - Throws: `TorchError`.
  public func update(decay: Double) throws(TorchError) {
    precondition(!isExchanged, "Weights are trained while the network has them, not their mean.")
    let kept = min(decay, Double(1 + steps) / Double(10 + steps))
    steps += 1
    try withoutGradients { () throws(TorchError) in
      for (name, tensor) in network {
        guard let mean = other[name] else { continue }
        if tensor.elementType == .float32 {
          // A step towards the weights, which is none at all where they are frozen.
          try mean.add(tensor - mean, scaledBy: 1 - kept)
        } else {
          try mean.copy(from: tensor)
        }
      }
    }
  }

  /// Gives the network the mean in place of its weights, or its weights back.
  ///
  /// - Throws: `TorchError`.
  public func exchange() throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (name, tensor) in network {
        guard let mean = other[name] else { continue }
        let kept = try tensor.clone()
        try tensor.copy(from: mean)
        try mean.copy(from: kept)
      }
    }
    isExchanged.toggle()
  }
}
