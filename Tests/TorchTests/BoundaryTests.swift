import CTorch
import Testing
import Torch
import TorchTestSupport

/// No C++ exception may reach Swift, whatever its class, and no handle may stay behind.
///
/// Serialised, because the live count belongs to the whole process.
@Suite(.leavesNoTensor, .serialized) struct BoundaryTests {
  @Test(arguments: [
    (CT_BACKEND, CT_BACKEND, "a backend error"),
    (CT_STANDARD, CT_STANDARD, "a standard exception"),
    (CT_UNKNOWN, CT_UNKNOWN, "an exception of unknown type"),
    (CT_OUT_OF_MEMORY, CT_OUT_OF_MEMORY, "out of memory"),
  ])
  func everyExceptionClassBecomesAStatus(kind: Int, status: Int, text: String) {
    var message: UnsafeMutablePointer<CChar>?
    #expect(ct_raise(Int32(kind), &message) == Int32(status))
    #expect(message.map { String(cString: $0) } == text)
    ct_free_message(message)
  }

  @Test func shapeErrorsAreThrownWithoutAStackTrace() throws {
    let a = try Tensor([1, 2, 3], shape: [3])
    let b = try Tensor([1, 2], shape: [2])
    let error = #expect(throws: TorchError.self) { _ = try a + b }
    let text = error?.description ?? ""
    #expect(text.contains("must match"))
    #expect(!text.contains("frame #"))
  }

  @Test func hugeResultsThrowOutOfMemory() throws {
    let error = #expect(throws: TorchError.self) {
      _ = try Tensor.filled(with: 0, shape: [1 << 24, 1 << 24])
    }
    guard case .outOfMemory = error else {
      Issue.record("expected out of memory, got \(String(describing: error))")
      return
    }
  }

  @Test func devicesAreNamed() throws {
    #expect(try Device("cpu") == .cpu)
    let error = #expect(throws: TorchError.self) { _ = try Device("cuda:99") }
    #expect(error?.description.contains("'cuda:99'") == true)
    #expect(throws: TorchError.self) { _ = try Device("gpu") }
    #expect(Device.available.first == .cpu)
  }

  @Test func versionIsTheSupportedOne() {
    #expect(Runtime.version.hasPrefix("2.13"))
    #expect(Runtime.threads >= 1)
  }
}
