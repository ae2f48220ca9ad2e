public import Torch
import TorchNN

extension CytoselfModel {
  /// What a level's code at one position sees: the derivative of the code by the pixels.
  ///
  /// The code is the encoder's vector at that position before quantisation. Squeeze-and-excitation
  /// lets every pixel of a crop act on every code, so no pixel is exactly outside; what matters is how
  /// the derivative falls off (the effective receptive field of Luo et al. 2016).
  ///
  /// - Parameters:
  ///   - images: `[batch, channel, height, width]`, float32.
  ///   - level: from 0.
  ///   - row: the row of the level's map, from 0.
  ///   - column: its column, from 0.
  /// - Returns: for each image the magnitude of the derivative of the sum of the code's numbers, summed
  ///   over the image's channels, `[batch, height, width]`.
  /// - Throws: ``ModelError`` for a shape that is not the model's; `TorchError`.
  public func receptiveField(
    of images: Tensor, level: Int, row: Int, column: Int
  ) throws -> Tensor {
    let side = configuration.levelSizes[level]
    precondition(
      (0..<side).contains(row) && (0..<side).contains(column),
      "A level's map has \(side) rows and columns.")
    let pixels = try images.detached().clone()
    // Only the pixels need gradients: weights would cost as much again and keep their gradients.
    let trained = namedParameters.map(\.tensor).filter(\.requiresGradient)
    for tensor in trained { try tensor.setRequiresGradient(false) }
    defer { for tensor in trained { try? tensor.setRequiresGradient(true) } }
    try pixels.setRequiresGradient(true)
    let map = try encoderMap(of: pixels, level: level)
    try map.narrowed(axis: 2, start: row, length: 1).narrowed(axis: 3, start: column, length: 1)
      .sum().backward()
    guard let gradient = try pixels.gradient() else {
      preconditionFailure("A code depends on the pixels.")
    }
    return try gradient.magnitude().sum(1)
  }
}

extension ModelConfiguration {
  /// The side in pixels of the square that a level's code sees through convolutions alone.
  ///
  /// Each convolution adds its kernel less one, times the strides before it. It may exceed the crop.
  ///
  /// - Parameter index: the level, from 0.
  public func convolutionReach(_ index: Int) -> Int {
    var reach = 1
    var step = 1
    for level in 0...index {
      var convolutions = stemStride(level).map { [(kernel: 3, stride: $0)] } ?? []
      for stage in stages(level) {
        for block in 0..<stage.blocks {
          convolutions.append((stage.kernel, block == 0 ? stage.stride : 1))
        }
      }
      for (kernel, stride) in convolutions {
        reach += (kernel - 1) * step
        step *= stride
      }
    }
    return reach
  }
}
