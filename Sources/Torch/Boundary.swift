import CTorch

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

typealias Message = UnsafeMutablePointer<CChar>
typealias Handle = OpaquePointer

/// Runs one call across the boundary and throws what it reports.
func checked(_ call: (_ message: inout Message?) -> Int32) throws(TorchError) {
  var message: Message?
  let status = call(&message)
  guard status != 0 else { return }
  let text = message.map { String(cString: $0) } ?? "no message"
  ct_free_message(message)
  if status == Int32(CT_OUT_OF_MEMORY) || text.contains("can't allocate memory") {
    throw .outOfMemory(message: text)
  }
  throw .backend(message: text)
}

/// Runs one call that makes a tensor.
func made(
  _ call: (_ out: inout Handle?, _ message: inout Message?) -> Int32
) throws(TorchError) -> Tensor {
  var handle: Handle?
  try checked { message in call(&handle, &message) }
  guard let handle else { throw .backend(message: "no tensor came back") }
  return Tensor(owning: handle)
}

/// Lends the handles of several tensors as one C array.
func withHandles<Result>(
  _ tensors: [Tensor], _ body: (UnsafePointer<Handle?>) -> Result
) -> Result {
  let handles: [Handle?] = tensors.map(\.handle)
  return withExtendedLifetime(tensors) {
    handles.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        var none: Handle?
        return body(&none)
      }
      return body(base)
    }
  }
}

extension [Int] {
  var int64s: [Int64] { map(Int64.init) }
}
