import Testing
import Torch
import TorchTestSupport

/// Our own kernels, in float32, against libtorch's operations in double precision.
@Suite(.leavesNoTensor, .enabled(if: Runtime.usesKernels)) struct KernelTests {
  /// Of the largest magnitude, for the result and for gradients.
  ///
  /// Winograd's transforms cost about a digit; the widest seen is 1e-5.
  static let winogradTolerance = 3e-5
  /// Of the largest magnitude; the widest seen is 3e-6.
  static let normalizationTolerance = 1e-5
  /// Of the largest magnitude; the widest seen is 3e-7, in sums over a map.
  static let scaleTolerance = 1e-6

  /// The result of an operation and the gradients of its inputs for a fixed weighting of the result.
  private static func results(
    _ inputs: [Tensor], _ elementType: TensorElementType, weighting: [Float],
    _ operation: ([Tensor]) throws -> Tensor
  ) throws -> (output: Tensor, all: [(name: String, values: [Float])]) {
    let inputs = try inputs.map { input in
      let copy = try input.to(elementType: elementType).clone()
      try copy.setRequiresGradient(true)
      return copy
    }
    let output = try operation(inputs)
    let weights = try Tensor(weighting, shape: output.shape).to(elementType: elementType)
    try (output * weights).sum().backward()
    var all = [("output", try output.detached().to(elementType: .float32).floats())]
    for (index, input) in inputs.enumerated() {
      let gradient = try #require(try input.gradient())
      all.append(("gradient \(index)", try gradient.to(elementType: .float32).floats()))
    }
    return (output, all)
  }

  private static func normal(_ shape: [Int], _ generator: Generator) throws -> Tensor {
    let tensor = try Tensor.filled(with: 0, shape: shape)
    try generator.fillNormal(tensor, mean: 0, standardDeviation: 1)
    return tensor
  }

  private static func error(_ found: [Float], _ expected: [Float]) -> Double {
    let largest = expected.map(abs).max() ?? 0
    let widest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    return Double(widest) / max(Double(largest), .leastNormalMagnitude)
  }

  /// Sizes that leave parts of tiles, of blocks of tiles and of vectors over.
  @Test(arguments: [
    [1, 16, 16, 32, 32, 1], [2, 24, 40, 23, 37, 1], [3, 32, 16, 25, 25, 0], [5, 64, 64, 17, 13, 1],
    [2, 48, 96, 26, 29, 2], [9, 128, 64, 13, 13, 1], [70, 16, 24, 4, 4, 1],
  ]) func winogradIsConvolution(sizes: [Int]) throws {
    let (batch, inputs, outputs) = (sizes[0], sizes[1], sizes[2])
    let (height, width, padding) = (sizes[3], sizes[4], sizes[5])
    let generator = try Generator(seed: UInt64(batch * 1000 + inputs))
    let image = try Self.normal([batch, inputs, height, width], generator)
    let weight = try Self.normal([outputs, inputs, 3, 3], generator)
    let bias = try Self.normal([outputs], generator)
    let shape = [batch, outputs, height + 2 * padding - 2, width + 2 * padding - 2]
    let weighting = try Self.normal(shape, generator).floats()
    func convolve(_ type: TensorElementType) throws -> (Tensor, [(name: String, values: [Float])]) {
      try Self.results([image, weight, bias], type, weighting: weighting) {
        try $0[0].convolved($0[1], bias: $0[2], padding: padding)
      }
    }
    let (output, found) = try convolve(.float32)
    let (_, expected) = try convolve(.float64)
    #expect(output.shape == shape)
    #expect(!output.isContiguous, "channels are innermost where the kernel ran")
    for (one, other) in zip(found, expected) {
      let error = Self.error(one.values, other.values)
      #expect(error < Self.winogradTolerance, "\(one.name)")
    }
  }

  /// Of the largest magnitude; the widest seen is 1e-6, in the gradient of a weight.
  static let depthwiseTolerance = 3e-6

  /// Kernels, strides and paddings of the encoders, channels for every width of vector, and sizes
  /// that leave blocks over.
  @Test(arguments: [
    [1, 16, 12, 17, 3, 1, 1], [3, 24, 9, 8, 5, 1, 2], [2, 32, 25, 26, 3, 2, 1],
    [5, 48, 4, 4, 5, 1, 2], [2, 40, 13, 11, 5, 2, 2], [4, 16, 7, 7, 3, 2, 0],
    [1, 16, 9, 5, 5, 3, 4], [2, 20, 6, 6, 3, 1, 1],
  ]) func depthwiseIsConvolution(sizes: [Int]) throws {
    let (batch, channels, height, width) = (sizes[0], sizes[1], sizes[2], sizes[3])
    let (kernel, stride, padding) = (sizes[4], sizes[5], sizes[6])
    let generator = try Generator(seed: UInt64(batch * 1000 + channels))
    let image = try Self.normal([batch, channels, height, width], generator).channelsLast()
    let weight = try Self.normal([channels, 1, kernel, kernel], generator)
    let bias = try Self.normal([channels], generator)
    let outputs = [height, width].map { ($0 + 2 * padding - kernel) / stride + 1 }
    let weighting = try Self.normal([batch, channels] + outputs, generator).floats()
    func convolve(_ type: TensorElementType) throws -> [(name: String, values: [Float])] {
      try Self.results([image, weight, bias], type, weighting: weighting) {
        try $0[0].channelsLast().convolved(
          $0[1], bias: $0[2], stride: stride, padding: padding, groups: channels)
      }.all
    }
    for (one, other) in zip(try convolve(.float32), try convolve(.float64)) {
      #expect(Self.error(one.values, other.values) < Self.depthwiseTolerance, "\(one.name)")
    }
  }

  /// Images of one pixel under kernels of one tap are rows of a matrix.
  @Test func convolutionOfOnePixelIsAProduct() throws {
    let generator = try Generator(seed: 8)
    let image = try Self.normal([5, 48, 1, 1], generator)
    let weight = try Self.normal([12, 48, 1, 1], generator)
    let bias = try Self.normal([12], generator)
    let weighting = try Self.normal([5, 12, 1, 1], generator).floats()
    func convolve(_ type: TensorElementType) throws -> [(name: String, values: [Float])] {
      try Self.results([image, weight, bias], type, weighting: weighting) {
        try $0[0].convolved($0[1], bias: $0[2])
      }.all
    }
    for (one, other) in zip(try convolve(.float32), try convolve(.float64)) {
      #expect(Self.error(one.values, other.values) < Self.scaleTolerance, "\(one.name)")
    }
  }

  /// A block as an encoder has it: what lies between the convolutions is made again, not kept.
  @Test func mapsMadeAgainGiveTheSameGradients() throws {
    let generator = try Generator(seed: 21)
    let inputs = [
      try Self.normal([3, 16, 12, 12], generator).channelsLast(),
      try Self.normal([32, 16, 1, 1], generator),
      try Self.normal([32], generator),
      try Self.normal([32, 1, 3, 3], generator),
      try Self.normal([32, 32, 1, 1], generator),
      try Self.normal([16, 32, 3, 3], generator),
    ]
    let weighting = try Self.normal([3, 16, 12, 12], generator).floats()
    func block(_ type: TensorElementType) throws -> [(name: String, values: [Float])] {
      func normalized(_ map: Tensor, _ weight: Tensor?) throws -> Tensor {
        try map.channelsLast().batchNormalized(
          weight: weight, bias: nil,
          runningMean: Tensor.filled(with: 0, shape: [32], elementType: type),
          runningVariance: Tensor.filled(with: 1, shape: [32], elementType: type), training: true,
          momentum: 0.1, epsilon: 1e-3, appliesSiLU: true)
      }
      return try Self.results(inputs, type, weighting: weighting) {
        let wide = try normalized($0[0].convolved($0[1]), $0[2])
        let deep = try normalized(wide.convolved($0[3], padding: 1, groups: 32), nil)
        let scale = try deep.mean(2, 3, keepingAxes: true).convolved($0[4]).sigmoid()
        return try deep.scalingChannels(by: scale).convolved($0[5], padding: 1)
      }.all
    }
    let found = try block(.float32)
    for (one, other) in zip(found, try block(.float64)) {
      #expect(Self.error(one.values, other.values) < Self.winogradTolerance, "\(one.name)")
    }
    #expect(try block(.float32).map(\.values) == found.map(\.values))
  }

  /// Channels that fill vectors of 16, 8 and 4, means far from zero, and everything that may follow.
  @Test(arguments: [16, 24, 36], [(false, false), (true, false), (false, true), (true, true)])
  func normalizationIsBatchNormalization(channels: Int, follows: (adds: Bool, activates: Bool))
    throws
  {
    let generator = try Generator(seed: UInt64(channels))
    let shape = [3, channels, 9, 11]
    var inputs = [
      try (Self.normal(shape, generator) + 30).channelsLast(),
      try Self.normal([channels], generator),
      try Self.normal([channels], generator),
    ]
    if follows.adds { inputs.append(try Self.normal(shape, generator).channelsLast()) }
    let weighting = try Self.normal(shape, generator).floats()
    func normalize(
      _ type: TensorElementType
    ) throws -> (statistics: [Float], all: [(name: String, values: [Float])]) {
      let mean = try Tensor.filled(with: 1, shape: [channels], elementType: type)
      let variance = try Tensor.filled(with: 2, shape: [channels], elementType: type)
      let (_, all) = try Self.results(inputs, type, weighting: weighting) {
        try $0[0].batchNormalized(
          weight: $0[1], bias: $0[2], runningMean: mean, runningVariance: variance,
          training: true, momentum: 0.3, epsilon: 1e-3, adding: follows.adds ? $0[3] : nil,
          appliesSiLU: follows.activates)
      }
      let statistics = try [mean, variance].flatMap { try $0.to(elementType: .float32).floats() }
      return (statistics, all)
    }
    let found = try normalize(.float32)
    let expected = try normalize(.float64)
    #expect(Self.error(found.statistics, expected.statistics) < Self.normalizationTolerance)
    for (one, other) in zip(found.all, expected.all) {
      #expect(Self.error(one.values, other.values) < Self.normalizationTolerance, "\(one.name)")
    }
  }

  /// In evaluation the running statistics count, and nothing is updated.
  @Test func evaluationUsesRunningStatistics() throws {
    let generator = try Generator(seed: 4)
    let image = try Self.normal([2, 32, 5, 5], generator).channelsLast()
    let mean = try Self.normal([32], generator)
    let variance = try Self.normal([32], generator).squared()
    func normalize(_ type: TensorElementType) throws -> [Float] {
      try withoutGradients {
        try image.to(elementType: type).batchNormalized(
          weight: nil, bias: nil, runningMean: mean.to(elementType: type),
          runningVariance: variance.to(elementType: type), training: false, momentum: 0.1,
          epsilon: 1e-5, appliesSiLU: true
        ).to(elementType: .float32).floats()
      }
    }
    let before = try mean.floats()
    #expect(try Self.error(normalize(.float32), normalize(.float64)) < Self.normalizationTolerance)
    #expect(try mean.floats() == before)
  }

  /// The activation takes any float: large values of either sign, and what is not a number.
  @Test func activationHoldsAtTheExtremes() throws {
    let values: [Float] = [-1e30, -200, -88, -20, -1, 0, 1, 20, 88, 200, 1e30, .nan]
    let image = try Tensor(values.flatMap { [$0, $0, $0, $0] }, shape: [1, 12, 2, 2])
      .permuted(0, 2, 3, 1).reshaped(1, 4, 12, 1).channelsLast()
    let zero = try Tensor.filled(with: 0, shape: [4])
    let one = try Tensor.filled(with: 1, shape: [4])
    let found = try withoutGradients {
      try image.batchNormalized(
        weight: nil, bias: nil, runningMean: zero, runningVariance: one, training: false,
        momentum: 0.1, epsilon: 0, appliesSiLU: true
      ).floats()
    }
    let expected = try image.silu().floats()
    for (one, other) in zip(found, expected) {
      if other.isNaN {
        #expect(one.isNaN)
      } else {
        #expect(abs(one - other) <= 1e-5 * max(1, abs(other)), "\(other)")
      }
    }
  }

  /// Channels for every width of vector, and more images than threads or fewer.
  @Test(arguments: [[1, 4, 3, 5], [3, 16, 7, 7], [5, 24, 13, 1], [2, 480, 4, 4]])
  func scaledChannelsAreTheProduct(shape: [Int]) throws {
    let generator = try Generator(seed: UInt64(shape[1]))
    let image = try Self.normal(shape, generator).channelsLast()
    let scale = try Self.normal([shape[0], shape[1], 1, 1], generator)
    let weighting = try Self.normal(shape, generator).floats()
    let found = try Self.results([image, scale], .float32, weighting: weighting) {
      try $0[0].channelsLast().scalingChannels(by: $0[1])
    }
    let expected = try Self.results([image, scale], .float64, weighting: weighting) {
      try $0[0] * $0[1]
    }
    for (one, other) in zip(found.all, expected.all) {
      #expect(Self.error(one.values, other.values) <= Self.scaleTolerance, "\(one.name)")
    }
    // Other shapes are left to libtorch, which refuses these.
    let three = try Tensor.filled(with: 1, shape: [1, 3, 1, 1])
    #expect(throws: TorchError.self) { try image.scalingChannels(by: three) }
  }

  /// Of the largest magnitude; the widest seen is 1e-6.
  static let linearTolerance = 3e-6

  /// Inputs for vectors of 16 and 8, and numbers that leave stretches of inputs and of outputs over.
  @Test(arguments: [[8, 2064, 1032], [16, 8728, 248], [24, 4096, 520], [40, 1048, 2008]])
  func linearOfFewRowsIsLinear(sizes: [Int]) throws {
    let (rows, inputs, outputs) = (sizes[0], sizes[1], sizes[2])
    let generator = try Generator(seed: UInt64(rows))
    let tensors = [
      try Self.normal([rows, inputs], generator), try Self.normal([outputs, inputs], generator),
      try Self.normal([outputs], generator),
    ]
    let weighting = try Self.normal([rows, outputs], generator).floats()
    func multiply(_ type: TensorElementType) throws -> [(name: String, values: [Float])] {
      try Self.results(tensors, type, weighting: weighting) {
        try $0[0].linear($0[1], bias: $0[2])
      }.all
    }
    for (one, other) in zip(try multiply(.float32), try multiply(.float64)) {
      #expect(Self.error(one.values, other.values) < Self.linearTolerance, "\(one.name)")
    }
  }

  /// Counts of codes and rows that leave parts of vectors and of blocks over.
  @Test(arguments: [[1, 1, 4], [7, 5, 3], [100, 17, 16], [333, 512, 64], [64, 2048, 24]])
  func nearestCodesAreNearest(sizes: [Int]) throws {
    let (count, codes, width) = (sizes[0], sizes[1], sizes[2])
    let generator = try Generator(seed: UInt64(count))
    let rows = try Self.normal([count, width], generator)
    let book = try Self.normal([codes, width], generator)
    let found = try #require(try rows.nearestCodes(of: book, withCrossEntropy: true))
    let (wide, wideBook) = try (rows.to(elementType: .float64), book.to(elementType: .float64))
    let distances =
      try wide.squared().sum(1, keepingAxes: true) + wideBook.squared().sum(1)
      - wide.matrixProduct(wideBook.permuted(1, 0)) * 2
    #expect(try found.codes.int64s() == distances.argmin(1).int64s())
    let spread = try distances.negated().logSumExp(1) + distances.minimum(1)
    let spreads = try #require(found.crossEntropy).floats()
    for (one, other) in zip(spreads, try spread.to(elementType: .float32).floats()) {
      #expect(abs(one - other) < 1e-4)
    }
  }

  @Test func theFirstOfEquallyNearCodesIsTaken() throws {
    let rows = try Tensor([0, 0, 3, 3], shape: [2, 2])
    let book = try Tensor([1, 0, 0, 1, 3, 3, 0, -1, 3, 3], shape: [5, 2])
    let found = try #require(try rows.nearestCodes(of: book))
    #expect(try found.codes.int64s() == [0, 2])
    #expect(found.crossEntropy == nil)
  }

  /// Numbers of codes that leave parts of vectors and panels over: the code stays one of them.
  @Test(arguments: [1, 5, 16, 31, 33, 500]) func rowsThatAreNoNumbersGetACode(codes: Int) throws {
    let generator = try Generator(seed: 3)
    let rows = try Tensor([.nan, 1, .infinity, -.infinity, .nan, .nan, 1, 1], shape: [4, 2])
    let found = try #require(
      try rows.nearestCodes(of: Self.normal([codes, 2], generator), withCrossEntropy: true))
    #expect(try found.codes.int64s().allSatisfy { (0..<Int64(codes)).contains($0) })
  }

  @Test func sameThreadsGiveTheSameBytes() throws {
    let generator = try Generator(seed: 9)
    let image = try Self.normal([4, 32, 20, 20], generator)
    let weight = try Self.normal([32, 32, 3, 3], generator)
    func gradients() throws -> [[Float]] {
      try Self.results(
        [image, weight], .float32, weighting: image.floats()
      ) { try $0[0].convolved($0[1], padding: 1) }.all.map(\.values)
    }
    #expect(try gradients() == gradients())
  }
}
