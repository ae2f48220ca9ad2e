import CytoselfModel
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// The published model against what upstream's Keras computed with the same weights.
///
/// At 77 % of the places of level 1 the second code of these weights is within four roundings of
/// float32 of the first, so that rounding chooses: upstream itself, with the same TensorFlow on
/// another machine than the one that made the files, gives 95.5 to 96.6 % of their 2,500 codes, and
/// with and without oneDNN on one machine 96.4 % of its own; the exact distances give 93.4 %. So the
/// codes of level 1 are held to that share and every other one to a measured near tie, and what lies
/// behind the codes is tested from upstream's own. `tools/reference/check_keras_weights.py` measures
/// this.
@Suite(.leavesNoTensor, .enabled(if: Golden.exists)) struct KerasGoldenTests {
  /// Of the largest magnitude, for maps, images and probabilities; the largest seen is 1.3e-6 behind
  /// upstream's own codes, 3.3e-5 behind ours.
  static let mapTolerance = 1e-4
  /// The share of codes that must be equal at level 1 and at level 2; seen are 0.963 and 1.
  static let equalCodes = [0.95, 0.999]
  /// In units of float32 rounding of the squared lengths that a distance is the difference of; the
  /// widest seen is 3.1.
  static let tieBound = 8.0

  @Test func otherCodesAreNearTies() throws {
    let golden = try Golden("keras_full")
    let codes = try golden.embeddings(.vqind)
    let vectors = try golden.embeddings(.vqvec)
    for (level, (found, vector)) in zip(codes, vectors).enumerated() {
      let ties = try golden.ties(level: level, codes: found.tensor, layer: found.name)
      let share = 1 - Double(ties.count) / Double(found.tensor.count)
      print(
        "keras_full \(found.name): \(share) equal, \(ties.count) ties,"
          + " the widest \(ties.max() ?? 0) of rounding")
      #expect(ties.allSatisfy { $0 < Self.tieBound }, "\(found.name)")
      #expect(share >= Self.equalCodes[level], "\(found.name)")
      let own = try golden.vectors(level: level, codes: found.tensor)
      #expect(relativeError(try vector.tensor.floats(), own) < Self.mapTolerance)
    }
  }

  /// Wherever the codes are upstream's, the vectors are; the histograms differ by the ties alone.
  @Test func vectorsAndHistogramsAreUpstreams() throws {
    let golden = try Golden("keras_full")
    for level in 0..<2 {
      let codes = try golden.embeddings(.vqind)[level]
      let expected = try golden.floats(codes.name)
      #expect(codes.tensor.shape == expected.shape)
      let found = try codes.tensor.floats()
      let differing = zip(found, expected.values).count { $0 != $1 }
      let histogram = try golden.embeddings(.vqindhist)[level]
      let counts = try golden.floats(histogram.name)
      #expect(histogram.tensor.shape == counts.shape)
      let moved = zip(try histogram.tensor.floats(), counts.values).reduce(0) {
        $0 + abs($1.0 - $1.1)
      }
      print("keras_full \(histogram.name): \(moved) counts moved by \(differing) codes")
      #expect(moved <= Float(2 * differing))

      let vectors = try golden.embeddings(.vqvec)[level]
      let wanted = try golden.floats(vectors.name)
      #expect(vectors.tensor.shape == wanted.shape)
      let values = try vectors.tensor.floats()
      let magnitude = wanted.values.reduce(0) { max($0, abs($1)) }
      let width = golden.configuration.levels[level].codeWidth
      let area = expected.shape[2] * expected.shape[3]
      var error: Float = 0
      for place in values.indices {
        let (slice, position) = (place / area / width, place % area)
        if found[slice * area + position] == expected.values[slice * area + position] {
          error = max(error, abs(values[place] - wanted.values[place]))
        }
      }
      print("keras_full \(vectors.name): error \(error / magnitude) where the code is upstream's")
      #expect(Double(error / magnitude) < Self.mapTolerance)
    }
  }

  @Test func decodingAndClassifyingAreUpstreams() throws {
    let golden = try Golden("keras_full")
    let model = try golden.model()
    let maps = try golden.names(.vqvec).map { try golden.tensor($0) }
    try withoutGradients {
      let decoded = try model.decode(maps, .evaluation)
      let expected = try golden.floats("decoder1")
      #expect(decoded.shape == expected.shape)
      let error = relativeError(try decoded.floats(), expected.values)
      print("keras_full decoded: error \(error)")
      #expect(error < Self.mapTolerance)
      for (level, logits) in try model.classify(maps, .evaluation) {
        let expected = try golden.floats("fc\(level + 1)").values
        let error = relativeError(try logits.softmax(1).floats(), expected)
        print("keras_full fc\(level + 1): error \(error)")
        #expect(error < Self.mapTolerance)
      }
    }
  }

  /// From images to images and probabilities; the near ties of level 1 show in both.
  @Test func theWholeIsUpstreamsButForTies() throws {
    let golden = try Golden("keras_full")
    let output = try withoutGradients {
      try golden.model().forward(golden.tensor("image"), .evaluation)
    }
    let error = try relativeError(output.decoded.floats(), golden.floats("decoder1").values)
    print("keras_full whole decoded: error \(error)")
    #expect(error < Self.mapTolerance)
    for (level, logits) in output.logits {
      let expected = try golden.floats("fc\(level + 1)").values
      let error = relativeError(try logits.softmax(1).floats(), expected)
      print("keras_full whole fc\(level + 1): error \(error)")
      #expect(error < (level == 0 ? Self.tiedTolerance : Self.mapTolerance))
    }
  }

  /// For the level-1 classifier, which reads the tied codes: ours is at 2.8e-4, upstream's own
  /// repetition at 2.4e-4 to 3.3e-4.
  static let tiedTolerance = 1e-3
}
