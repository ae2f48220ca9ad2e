internal import CHDF5
import Foundation

/// Calls of the HDF5 library, whose state belongs to the process: one at a time, from any thread.
enum HDF5Library {
  private static let oneAtATime = NSLock()

  /// Such as `1.10.8`.
  static var version: String {
    var text = [CChar](repeating: 0, count: 32)
    oneAtATime.withLock { ch_version(&text, Int64(text.count)) }
    return string(text)
  }

  /// Makes a call; a result below 0 is thrown with the reason the library gives.
  static func call(
    writing url: URL, _ body: () -> Int64
  ) throws(ArrayFileError) -> Int64 {
    var message = [CChar](repeating: 0, count: 1024)
    let (result, code) = oneAtATime.withLock {
      let result = body()
      return (result, result < 0 ? ch_problem(&message, Int64(message.count)) : 0)
    }
    guard result < 0 else { return result }
    guard code == 0 else { throw .system(code, url, doing: "write") }
    throw ArrayFileError(
      .inputOutput, url, problem: "the HDF5 library could not write it: \(string(message))")
  }

  /// Closes what is given up; whether that works matters no more.
  static func close(file: Int64) { oneAtATime.withLock { _ = ch_close(file) } }

  /// Text of any length as a kind of elements.
  static let text = Int32(CH_TEXT)

  /// A kind of elements as the shim numbers it.
  static func kind(_ type: ElementType) -> Int32 {
    let kind =
      switch type {
      case .bool: CH_FLAG
      case .uint8: CH_UINT8
      case .int8: CH_INT8
      case .uint16: CH_UINT16
      case .int16: CH_INT16
      case .uint32: CH_UINT32
      case .int32: CH_INT32
      case .uint64: CH_UINT64
      case .int64: CH_INT64
      case .float16: CH_FLOAT16
      case .bfloat16: CH_BFLOAT16
      case .float32: CH_FLOAT32
      case .float64: CH_FLOAT64
      }
    return Int32(kind)
  }

  /// Hands texts to a closure as C strings.
  static func withPointers<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
  ) -> Result {
    // All texts behind each other in one piece of memory, and the place of each.
    var bytes: [CChar] = []
    var places: [Int] = []
    for text in texts {
      places.append(bytes.count)
      bytes.append(contentsOf: text.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { bytes in
      let pointers = places.map { place in bytes.baseAddress.map { $0 + place } } + [nil]
      return pointers.withUnsafeBufferPointer { list in
        guard let base = list.baseAddress else { preconditionFailure("The list has an end.") }
        return body(base)
      }
    }
  }

  private static func string(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
