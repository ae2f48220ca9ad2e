public import Torch

/// Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019) over a network's parameters.
public final class Adam {
  /// The constants of the method.
  public struct Options: Sendable, Hashable {
    /// Step size; may be changed between steps.
    public var learningRate: Double
    /// Memory of the mean of the gradients.
    public var beta1 = 0.9
    /// Memory of the mean of their squares.
    public var beta2 = 0.999
    /// Added to the root of the second moment.
    public var epsilon = 1e-8
    /// The share of the weights taken off at each step (times the learning rate if decoupled).
    public var weightDecay: Double
    /// True for AdamW: the decay acts on the weights and not through the gradient.
    public var isDecoupled: Bool
    /// Whether the decay acts on vectors too: biases and the scales and shifts of normalisations.
    public var decaysVectors = true

    /// PyTorch's AdamW: decay 0.01.
    public static func adamW(learningRate: Double, weightDecay: Double = 0.01) -> Options {
      Options(learningRate: learningRate, weightDecay: weightDecay, isDecoupled: true)
    }

    /// PyTorch's Adam: no decay.
    public static func adam(learningRate: Double, weightDecay: Double = 0) -> Options {
      Options(learningRate: learningRate, weightDecay: weightDecay, isDecoupled: false)
    }
  }

  /// The constants; the learning rate may be changed between steps.
  public var options: Options
  private let parameters: [(name: String, tensor: Tensor)]
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]
  private let steps: [Tensor]

  /// An optimiser at its first step.
  ///
  /// - Throws: `TorchError` when memory is short.
  public init(
    _ parameters: [(name: String, tensor: Tensor)], options: Options
  ) throws(TorchError) {
    self.parameters = parameters
    self.options = options
    var first: [Tensor] = []
    var second: [Tensor] = []
    var steps: [Tensor] = []
    for (_, tensor) in parameters {
      first.append(try Tensor.filled(with: 0, shape: tensor.shape, device: tensor.device))
      second.append(try Tensor.filled(with: 0, shape: tensor.shape, device: tensor.device))
      steps.append(try Tensor.filled(with: 0, shape: [], device: tensor.device))
    }
    firstMoments = first
    secondMoments = second
    self.steps = steps
  }

  /// Changes every parameter that has a gradient.
  ///
  /// - Throws: `TorchError`.
  public func step() throws(TorchError) {
    var gradients: [Tensor] = []
    var indices: [Int] = []
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = try parameter.tensor.gradient() else { continue }
      gradients.append(gradient)
      indices.append(index)
    }
    guard !options.decaysVectors else {
      return try step(Array(zip(indices, gradients)), weightDecay: options.weightDecay)
    }
    let all = Array(zip(indices, gradients))
    try step(
      all.filter { parameters[$0.0].tensor.shape.count > 1 }, weightDecay: options.weightDecay)
    try step(all.filter { parameters[$0.0].tensor.shape.count <= 1 }, weightDecay: 0)
  }

  /// Changes the parameters of some indices by their gradients.
  private func step(
    _ changed: [(Int, Tensor)], weightDecay: Double
  ) throws(TorchError) {
    let indices = changed.map(\.0)
    try Tensor.adamStep(
      parameters: indices.map { parameters[$0].tensor }, gradients: changed.map(\.1),
      firstMoments: indices.map { firstMoments[$0] },
      secondMoments: indices.map { secondMoments[$0] }, steps: indices.map { steps[$0] },
      learningRate: options.learningRate, beta1: options.beta1, beta2: options.beta2,
      weightDecay: weightDecay, epsilon: options.epsilon, decoupled: options.isDecoupled)
  }

  /// Forgets every gradient.
  ///
  /// - Throws: `TorchError`.
  public func forgetGradients() throws(TorchError) {
    for (_, tensor) in parameters { try tensor.setGradient(nil) }
  }

  /// The moments and step counts by name (`NAME.exp_avg`, `NAME.exp_avg_sq`, `NAME.step`); the
  /// tensors are the optimiser's own.
  public var stateDictionary: StateDictionary {
    var state = StateDictionary()
    for (index, parameter) in parameters.enumerated() {
      state[parameter.name + ".exp_avg"] = firstMoments[index]
      state[parameter.name + ".exp_avg_sq"] = secondMoments[index]
      state[parameter.name + ".step"] = steps[index]
    }
    return state
  }

  /// The euclidean norm of all gradients as one vector.
  ///
  /// - Throws: `TorchError`.
  public func gradientNorm() throws(TorchError) -> Double {
    try Tensor.norm(of: gradients())
  }

  /// Scales all gradients so that their norm is at most `limit`, and returns the norm before.
  ///
  /// - Throws: `TorchError`.
  @discardableResult
  public func clipGradientNorm(to limit: Double) throws(TorchError) -> Double {
    let gradients = try gradients()
    let norm = try Tensor.norm(of: gradients)
    if norm > limit {
      for gradient in gradients { try gradient.scale(by: limit / (norm + 1e-6)) }
    }
    return norm
  }

  private func gradients() throws(TorchError) -> [Tensor] {
    var gradients: [Tensor] = []
    for (_, tensor) in parameters {
      if let gradient = try tensor.gradient() { gradients.append(gradient) }
    }
    return gradients
  }
}
