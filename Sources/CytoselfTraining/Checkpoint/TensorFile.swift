import ArrayFiles
public import Foundation
import Torch
public import TorchNN

/// Named tensors in a safetensors file.
public enum TensorFile {
  /// Writes tensors, on whatever device they are; the file appears when it is complete and synced.
  ///
  /// - Throws: ``ArrayFiles/ArrayFileError`` or ``Torch/TorchError``.
  public static func write(
    _ tensors: StateDictionary, metadata: [String: String] = [:], to url: URL
  ) throws {
    var storage: [UnsafeMutableRawBufferPointer] = []
    defer { for buffer in storage { buffer.deallocate() } }
    var sources: [Safetensors.Source] = []
    for (name, tensor) in tensors {
      let type = elementType(tensor.elementType)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: tensor.count * type.byteCount, alignment: 64)
      storage.append(buffer)
      try tensor.copyBytes(to: buffer)
      sources.append((name, type, tensor.shape, UnsafeRawBufferPointer(buffer)))
    }
    try Safetensors.write(sources, metadata: metadata, to: url)
  }

  /// Reads every tensor of a file to the processor.
  ///
  /// - Throws: ``ArrayFiles/ArrayFileError`` or ``Torch/TorchError``.
  public static func read(
    _ url: URL
  ) throws -> (tensors: StateDictionary, metadata: [String: String]) {
    let file = try Safetensors(url)
    var tensors = StateDictionary()
    for name in file.names {
      let (type, shape) = try file.info(name)
      guard let elementType = elementType(type) else {
        throw TrainingError.damaged(
          path: url.path, reason: "tensor '\(name)' has the type \(type.rawValue)")
      }
      tensors[name] = try Tensor.fromBytes(
        try file.bytes(of: name), shape: shape, elementType: elementType)
    }
    return (tensors, file.metadata)
  }

  private static let pairs: [(ElementType, TensorElementType)] = [
    (.bool, .bool), (.uint8, .uint8), (.int8, .int8), (.int16, .int16), (.int32, .int32),
    (.int64, .int64), (.float16, .float16), (.bfloat16, .bfloat16), (.float32, .float32),
    (.float64, .float64),
  ]

  private static func elementType(_ type: ElementType) -> TensorElementType? {
    pairs.first { $0.0 == type }?.1
  }

  private static func elementType(_ type: TensorElementType) -> ElementType {
    guard let found = pairs.first(where: { $0.1 == type }) else {
      preconditionFailure("Every tensor type has a type in files.")
    }
    return found.0
  }
}
