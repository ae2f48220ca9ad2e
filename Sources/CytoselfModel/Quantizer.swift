public import Torch
package import TorchNN

/// What quantising a map gives.
///
/// B batch, C = S * D channels, H and W the map's sides, K codes.
public struct Quantized {
  /// The nearest codes with the gradient of the input, `[B, C, H, W]`.
  public let vectors: Tensor
  /// The numbers of the nearest codes, int64 `[B, S, H, W]`.
  public let codes: Tensor
  /// How often each code occurs in an image, `[B, K]`; no gradient.
  public let histogram: Tensor
  /// Sums over positions of `softmax(-distance)`, `[B, K]`, on request; gradients pass.
  public let softHistogram: Tensor?
  /// The terms of the loss, scalars.
  public let loss: QuantizationLoss<Tensor>
  /// How often each code occurs in the batch, `[K]`; no gradient.
  public let counts: Tensor
  /// `exp(entropy)` of the codes of the batch: how many are in use.
  public let perplexity: Tensor
}

/// Replaces every position of a map by the nearest code of a codebook (van den Oord 2017).
///
/// A map with `S * D` channels is `S` positions side by side, each of width `D`: the codes of one
/// position of the map are the S consecutive slices of its channels.
package final class Quantizer: Module {
  private let codebook: Tensor
  private let state: StateTensor
  private let level: LevelConfiguration
  private let architecture: Architecture
  private let commitmentCost: Double
  private let softmaxCost: Double
  private let moving: MovingCodebook?

  package init(
    _ level: LevelConfiguration, architecture: Architecture = .pytorch, commitmentCost: Double,
    softmaxCost: Double, update: CodebookUpdate = .gradient, _ generator: Generator
  ) throws(TorchError) {
    self.level = level
    self.architecture = architecture
    self.commitmentCost = commitmentCost
    self.softmaxCost = softmaxCost
    codebook = try Initializer.uniform(limit: architecture.codebookLimit(codes: level.codes))
      .tensor([level.codes, level.codeWidth], generator)
    moving = update == .average ? try MovingCodebook(codebook) : nil
    state = moving == nil ? try .parameter(codebook) : .buffer(codebook)
  }

  package var tensors: [(name: String, state: StateTensor)] { [("codebook.weight", state)] }

  package var children: [(name: String, module: any Module)] {
    moving.map { [("codebook", $0)] } ?? []
  }

  /// Squared distances from rows `[n, D]` to every code, `[n, K]`.
  ///
  /// Summed in upstream's order, so that codes agree where two are nearly as near.
  private func distances(_ rows: Tensor) throws(TorchError) -> Tensor {
    let lengths = try rows.squared().sum(1, keepingAxes: true)
    let codeLengths = try codebook.squared().sum(1)
    let products = try rows.matrixProduct(codebook.permuted(1, 0)) * 2
    return switch architecture {
    case .pytorch: try lengths + codeLengths - products
    case .keras: try lengths - products + codeLengths
    }
  }

  /// A map `[B, S D, H, W]` as rows `[B H W S, D]`.
  private func rows(_ map: Tensor) throws(TorchError) -> Tensor {
    try map.permuted(0, 2, 3, 1).reshaped(-1, level.codeWidth)
  }

  /// Rows of any width `[B H W S, d]` as a map `[B, S d, H, W]` whose channels are innermost.
  private func map(_ rows: Tensor, like shape: [Int]) throws(TorchError) -> Tensor {
    try rows.reshaped(shape[0], shape[2], shape[3], -1).permuted(0, 3, 1, 2)
  }

  private func histogram(_ codes: Tensor, batch: Int) throws(TorchError) -> Tensor {
    let firsts = try Tensor.range(batch, device: codes.device).to(elementType: .float64)
    let offsets = try (firsts * Double(level.codes)).to(elementType: .int64).reshaped(batch, 1)
    let numbered = try (codes.reshaped(batch, -1) + offsets).reshaped(-1)
    return try numbered.counts(bins: batch * level.codes).reshaped(batch, level.codes)
      .to(elementType: .float32)
  }

  /// The nearest code of each row, int64 `[n]`.
  private func nearestCodes(_ rows: Tensor) throws(TorchError) -> Tensor {
    let found = try rows.nearestCodes(of: codebook)?.codes
    return if let found { found } else { try distances(rows).argmin(1) }
  }

  /// The codes `[B, S, H, W]` and histogram `[B, K]` alone, without losses, for embedding.
  package func encode(
    _ input: Tensor
  ) throws(TorchError) -> (vectors: Tensor, codes: Tensor, histogram: Tensor) {
    let shape = input.shape
    let codes = try nearestCodes(rows(input))
    return (
      try map(codebook.rows(at: codes), like: shape).contiguous(),
      try map(codes, like: shape).contiguous(),
      try histogram(codes, batch: shape[0])
    )
  }

  /// Quantises with everything training needs.
  ///
  /// - Parameters:
  ///   - input: `[B, S D, H, W]`.
  ///   - needsSoftHistogram: Whether the head reads it.
  ///   - context: In training, a codebook of running means takes in the batch.
  package func quantize(
    _ input: Tensor, needsSoftHistogram: Bool, _ context: ForwardContext = .evaluation
  ) throws(TorchError) -> Quantized {
    let shape = input.shape
    let rows = try rows(input)
    if let moving, context.isTraining {
      try withoutGradients { () throws(TorchError) in
        try moving.startIfNew(
          rows.detached(), nearest: { rows throws(TorchError) in try nearestCodes(rows) },
          context.generator)
      }
    }
    let codes: Tensor
    let softmax: Tensor
    var softHistogram: Tensor?
    let needsDistances = needsSoftHistogram || softmaxCost != 0
    let found = needsDistances ? nil : try rows.nearestCodes(of: codebook, withCrossEntropy: true)
    if let found, let crossEntropy = found.crossEntropy {
      codes = found.codes
      softmax = try crossEntropy.mean()
    } else {
      let distances = try distances(rows)
      codes = try distances.argmin(1)
      if needsSoftHistogram {
        softHistogram =
          try distances.negated().softmax(1).reshaped(shape[0], -1, level.codes).sum(1)
      }
      softmax = try softmaxLoss(softmaxCost == 0 ? distances.detached() : distances)
    }

    let nearest = try codebook.rows(at: codes)
    let commitment = try rows.meanSquaredError(to: nearest.detached())
    let quantization = try nearest.meanSquaredError(to: rows.detached())
    // Running means take no gradient, so the distance counts once, as what moves the encoder.
    var total =
      moving == nil
      ? try quantization + commitment * commitmentCost : try commitment * commitmentCost
    if softmaxCost != 0 { total = try total + softmax * softmaxCost }

    if let moving, context.isTraining {
      try withoutGradients { () throws(TorchError) in
        try moving.update(rows.detached(), nearest: codes, context.generator)
      }
    }
    let histogram = try histogram(codes, batch: shape[0])
    let counts = try histogram.sum(0)
    let straightThrough = try rows + (nearest - rows).detached()
    return Quantized(
      vectors: try map(straightThrough, like: shape), codes: try map(codes, like: shape),
      histogram: histogram, softHistogram: softHistogram,
      loss: QuantizationLoss(
        total: total, commitment: commitment, quantization: quantization, softmax: softmax),
      counts: counts, perplexity: try perplexity(counts))
  }

  private func softmaxLoss(_ distances: Tensor) throws(TorchError) -> Tensor {
    try (distances.negated().logSumExp(1) + distances.minimum(1)).mean()
  }

  private func perplexity(_ counts: Tensor) throws(TorchError) -> Tensor {
    let shares = try counts / counts.sum()
    return try (shares * (shares + 1e-10).logarithm()).sum().negated().exponential()
  }
}
