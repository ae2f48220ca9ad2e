import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// The model against what upstream computed with the same weights.
@Suite(.leavesNoTensor, .enabled(if: Golden.exists)) struct GoldenTests {
  /// Of the largest magnitude, for maps and images.
  static let mapTolerance = 1e-4
  /// Relative, for the losses of an evaluation.
  static let lossTolerance = 1e-4
  /// Relative, for the first step of training.
  static let stepTolerance = 1e-3
  /// In units of float32 rounding of the squared lengths that a distance is the difference of; the
  /// widest seen is 4.
  static let tieBound = 8.0
  /// The share of codes that must be equal where the arithmetic is that of the golden files.
  static let equalCodes = 0.999

  @Test(arguments: Golden.names) func namesAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try CytoselfModel(golden.configuration, generator: Generator(seed: 0))
    let mismatch = model.stateDictionary.mismatch(with: try golden.state())
    #expect(mismatch.isEmpty, "\(mismatch)")
    #expect(model.stateDictionary.names == (try golden.state()).names, "in upstream's order")
  }

  @Test(arguments: Golden.names) func encoderMapsAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    for (layer, tensor) in try golden.embeddings(.encoder) {
      let (expected, shape) = try golden.floats(layer)
      #expect(tensor.shape == shape, "\(layer)")
      let error = relativeError(try tensor.floats(), expected)
      print("\(name) \(layer): error \(error)")
      #expect(error < Self.mapTolerance, "\(layer)")
    }
  }

  /// Wherever a code is not upstream's, the two are as near as float32 can tell; everywhere else
  /// the vectors are upstream's.
  @Test(arguments: Golden.names) func otherCodesAreNearTies(name: String) throws {
    let golden = try Golden(name)
    let codes = try golden.embeddings(.vqind)
    let vectors = try golden.embeddings(.vqvec)
    for (level, (found, vector)) in zip(codes, vectors).enumerated() {
      let ties = try golden.ties(level: level, codes: found.tensor, layer: found.name)
      print("\(name) \(found.name): \(ties.count) ties, the widest \(ties.max() ?? 0) of rounding")
      #expect(ties.allSatisfy { $0 < Self.tieBound }, "\(found.name)")
      let own = try golden.vectors(level: level, codes: found.tensor)
      #expect(relativeError(try vector.tensor.floats(), own) < Self.mapTolerance)
    }
  }

  @Test(.enabled(if: Golden.isReproducible), arguments: Golden.names)
  func quantizedEmbeddingsAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    for (layer, tensor) in try golden.embeddings(.vqind) {
      let equal = zip(try tensor.floats(), try golden.floats(layer).values).count { $0 == $1 }
      #expect(Double(equal) >= Self.equalCodes * Double(tensor.count), "\(layer)")
    }
    for (layer, tensor) in try golden.embeddings(.vqvec) + golden.embeddings(.vqindhist) {
      let (expected, shape) = try golden.floats(layer)
      #expect(tensor.shape == shape, "\(layer)")
      let error = relativeError(try tensor.floats(), expected)
      print("\(name) \(layer): error \(error)")
      #expect(error < Self.mapTolerance, "\(layer)")
    }
  }

  @Test(arguments: Golden.names) func decodingIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let maps = try golden.names(.vqvec).map { try golden.tensor($0) }
    let decoded = try withoutGradients { try model.decode(maps, .evaluation) }
    let error = relativeError(try decoded.floats(), try golden.floats("decoder1").values)
    print("\(name) decoded: error \(error)")
    #expect(error < Self.mapTolerance)
  }

  @Test(.enabled(if: Golden.isReproducible), arguments: Golden.names)
  func evaluationIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let record = try #require(golden.losses)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: record.labels, shape: [4])
    try withoutGradients {
      let output = try model.forward(images, .evaluation)
      let error = try relativeError(output.decoded.floats(), golden.floats("decoder1").values)
      print("\(name) decoded: error \(error)")
      #expect(error < Self.mapTolerance)
      for (index, entry) in output.logits.enumerated() {
        let expected = try golden.floats("fc\(index + 1)").values
        #expect(relativeError(try entry.logits.floats(), expected) < Self.mapTolerance)
      }
      let losses = try model.losses(
        output, images: images, classes: classes, variance: record.variance)
      let measured = losses.named + perplexities(losses, output)
      #expect(Set(measured.map(\.name)) == Set(record.eval.keys))
      for (part, value) in measured {
        let expected = record.eval[part] ?? .nan
        let relative = try abs(value.item() - expected) / abs(expected)
        print("\(name) \(part): relative \(relative)")
        #expect(relative < Self.lossTolerance, "\(part)")
      }
    }
  }

  @Test(.enabled(if: Golden.isReproducible), arguments: Golden.names)
  func firstTrainingStepIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let record = try #require(golden.losses)
    let model = try golden.model()
    let images = try golden.tensor("image")
    let classes = try Tensor(integers: record.labels, shape: [4])
    let optimizer = try Adam(model.namedParameters, options: .adamW(learningRate: 1e-3))
    for (step, expected) in record.training.enumerated() {
      try optimizer.forgetGradients()
      let output = try model.forward(images, .training(nil))
      let losses = try model.losses(
        output, images: images, classes: classes, variance: record.variance)
      try losses.total.backward()
      let norm = try optimizer.gradientNorm()
      let measured =
        losses.named + perplexities(losses, output)
        + [("grad_norm", try Tensor([Float(norm)], shape: []))]
      for (part, value) in measured {
        let wanted = expected[part] ?? .nan
        let relative = try abs(value.item() - wanted) / abs(wanted)
        print("\(name) step \(step) \(part): relative \(relative)")
        if step == 0 { #expect(relative < Self.stepTolerance, "\(part)") }
      }
      try optimizer.step()
    }
  }
}

/// The perplexities of an output under upstream's names.
func perplexities(
  _ losses: ModelLosses<Tensor>, _ output: ModelOutput
) -> [ModelLosses<Tensor>.Named] {
  output.quantized.enumerated().map { (losses.numbered("perplexity", $0), $1.perplexity) }
}
