public import Torch

/// A part of a network that owns tensors and other parts.
///
/// Its state has the names that PyTorch gives it (`features.0.1.running_mean`): the path of child
/// names down to the tensor's own. Order is the order of declaration, as in `state_dict()`.
public protocol Module: AnyObject {
  /// The tensors this part owns itself, in PyTorch's order, parameters and buffers.
  var tensors: [(name: String, state: StateTensor)] { get }
  /// The parts inside this one, in order; an empty part keeps its place in the numbering.
  var children: [(name: String, module: any Module)] { get }
}

extension Module {
  /// None, unless a part says otherwise.
  public var tensors: [(name: String, state: StateTensor)] { [] }
  /// None, unless a part says otherwise.
  public var children: [(name: String, module: any Module)] { [] }

  /// Every tensor below this part with its full name.
  public func namedTensors(prefix: String = "") -> [(name: String, state: StateTensor)] {
    let own = tensors.map { (prefix + $0.name, $0.state) }
    return own + children.flatMap { $0.module.namedTensors(prefix: prefix + $0.name + ".") }
  }

  /// Every trainable tensor below this part with its full name.
  public var namedParameters: [(name: String, tensor: Tensor)] {
    namedTensors().compactMap { $0.state.isParameter ? ($0.name, $0.state.tensor) : nil }
  }

  /// The number of trainable numbers below this part.
  public var parameterCount: Int {
    namedParameters.reduce(0) { $0 + $1.tensor.count }
  }
}

/// A tensor that belongs to a network's state.
public struct StateTensor {
  /// The numbers; replaced in place when a state is loaded.
  public let tensor: Tensor
  /// Whether training changes it by its gradient; false for running statistics and counters.
  public let isParameter: Bool

  /// A trainable tensor.
  ///
  /// - Throws: `TorchError`.
  public static func parameter(_ tensor: Tensor) throws(TorchError) -> StateTensor {
    try tensor.setRequiresGradient(true)
    return StateTensor(tensor: tensor, isParameter: true)
  }

  /// A tensor that is saved and loaded but not trained.
  public static func buffer(_ tensor: Tensor) -> StateTensor {
    StateTensor(tensor: tensor, isParameter: false)
  }
}

/// What a forward pass needs to know beside its input.
public struct ForwardContext {
  /// Whether batch statistics, dropout and stochastic depth are those of training.
  public let isTraining: Bool
  /// Where dropout and stochastic depth draw from; nil turns both off even in training.
  public let generator: Generator?
  /// Where convolutions report their work; nil reports nothing.
  public var work: WorkCounter?
  /// What convolutions and matrix products are computed in.
  public var precision = Precision.float32
  /// The share of the cells of a training batch that a model of several levels rebuilds without its
  /// first one.
  public var firstLevelDropRate = 0.0

  /// The context of evaluation: running statistics, nothing random.
  public static var evaluation: ForwardContext {
    ForwardContext(isTraining: false, generator: nil)
  }

  /// The context of training; without a generator nothing is dropped.
  public static func training(_ generator: Generator?) -> ForwardContext {
    ForwardContext(isTraining: true, generator: generator)
  }

  /// The context of a part that is kept as it is while others train: evaluation, and the same
  /// counting of work and precision.
  public var evaluating: ForwardContext {
    ForwardContext(isTraining: false, generator: nil, work: work, precision: precision)
  }

  /// Multiplies by a random mask of ones and zeros that keeps its expectation.
  ///
  /// - Parameters:
  ///   - input: Any shape.
  ///   - rate: The probability of a zero, 0 ..< 1.
  ///   - maskShape: The shape of the mask, broadcast to the input's.
  /// - Throws: `TorchError`.
  public func dropping(
    _ input: Tensor, rate: Double, maskShape: [Int]
  ) throws(TorchError) -> Tensor {
    guard isTraining, rate > 0, let generator else { return input }
    let mask = try Tensor.filled(with: 0, shape: maskShape)
    try generator.fillBernoulli(mask, probability: 1 - rate)
    try mask.scale(by: 1 / (1 - rate))
    return try input * mask.to(input.device).to(elementType: input.elementType)
  }
}
