public import ArrayFiles
public import Foundation
import Torch
public import TorchNN

extension StateDictionary {
  /// Reads every tensor of a safetensors file.
  ///
  /// - Throws: `ArrayFileError` when the file is missing or broken, or holds numbers that cannot be
  ///   computed with; `TorchError` when memory is short.
  public init(_ file: Safetensors) throws {
    self.init()
    for name in file.names {
      let (elementType, shape) = try file.info(name)
      let type = try TensorElementType(elementType, of: name, in: file.url)
      let tensor = try Tensor.fromBytes(file.bytes(of: name), shape: shape, elementType: type)
      try SoundNumbers.require(tensor, named: name, in: file.url)
      self[name] = tensor
    }
  }

  /// Copies arrays that a reader of weight files gave.
  ///
  /// - Parameters:
  ///   - arrays: The arrays; of several with one name the last counts.
  ///   - url: The file they came from, named in errors.
  /// - Throws: `ArrayFileError` for elements that libtorch cannot hold and for numbers that cannot be
  ///   computed with; `TorchError` when memory is short.
  public init(_ arrays: [NamedArray], from url: URL) throws {
    self.init()
    for array in arrays {
      let type = try TensorElementType(array.elementType, of: array.name, in: url)
      let tensor = try array.withBytes { bytes throws(TorchError) in
        try Tensor.fromBytes(bytes, shape: array.shape, elementType: type)
      }
      try SoundNumbers.require(tensor, named: array.name, in: url)
      self[array.name] = tensor
    }
  }

  /// Writes every tensor to a safetensors file, which appears when it is complete and synced.
  ///
  /// - Throws: `ArrayFileError` when writing fails; `TorchError`.
  public func write(to url: URL, metadata: [String: String] = [:]) throws {
    try withSources { sources in
      try Safetensors.write(sources, metadata: metadata, to: url)
    }
  }

  /// Writes every tensor to a file that `torch.load(path, weights_only=True)` opens as a state
  /// dictionary; it appears when it is complete and synced.
  ///
  /// - Throws: `ArrayFileError` when writing fails; `TorchError`.
  public func writeTorchFile(to url: URL) throws {
    try withSources { sources in try TorchFile.write(sources, to: url) }
  }

  /// Hands the tensors' bytes to a closure, in order.
  private func withSources(_ body: ([Safetensors.Source]) throws -> Void) throws {
    var sources: [Safetensors.Source] = []
    var buffers: [UnsafeMutableRawBufferPointer] = []
    defer { for buffer in buffers { buffer.deallocate() } }
    for (name, tensor) in self {
      let type = ElementType(tensor.elementType)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: tensor.count * type.byteCount, alignment: 64)
      buffers.append(buffer)
      try tensor.copyBytes(to: buffer)
      sources.append((name, type, tensor.shape, UnsafeRawBufferPointer(buffer)))
    }
    try body(sources)
  }
}

extension TensorElementType {
  /// The type in memory of a tensor on disk.
  fileprivate init(_ type: ElementType, of name: String, in url: URL) throws(ArrayFileError) {
    guard let found = Self.allCases.first(where: { ElementType($0) == type }) else {
      throw ArrayFileError(
        .badData, url, place: "tensor '\(name)'",
        problem: "has elements of type \(type.rawValue), which libtorch cannot hold",
        advice: "Convert it to float32 or int64.")
    }
    self = found
  }
}

extension ElementType {
  /// The type on disk of a type in memory.
  init(_ type: TensorElementType) {
    self =
      switch type {
      case .bool: .bool
      case .uint8: .uint8
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .float32: .float32
      case .float64: .float64
      }
  }
}
