package import CellData
package import Torch

extension Tensor {
  /// The pixels of a batch, `[batch, channel, height, width]`.
  ///
  /// - Throws: `TorchError` when memory is short.
  package static func copy(of batch: Batch) throws(TorchError) -> Tensor {
    try batch.images.withUnsafeBufferPointer { pixels throws(TorchError) in
      try Tensor.fromBytes(
        UnsafeRawBufferPointer(pixels), shape: batch.shape, elementType: .float32)
    }
  }
}
