import Testing
import Torch
import TorchNN
import TorchTestSupport

@Suite(.leavesNoTensor) struct MismatchTests {
  @Test func tableHasEverySortOfDifference() throws {
    func dictionary(_ shapes: [(String, [Int])]) throws -> StateDictionary {
      var dictionary = StateDictionary()
      for (name, shape) in shapes { dictionary[name] = try Tensor.filled(with: 0, shape: shape) }
      return dictionary
    }
    let needed = try dictionary([("a", [2]), ("b", [3, 4])])
    var mismatch = needed.mismatch(with: try dictionary([("b", [4, 3]), ("extra", [1])]))
    mismatch.settings.append(.init("crop size", expected: "100", found: "64"))
    #expect(
      mismatch.description == """
        the weights do not fit the model:
                      what       the model  the weights
          setting     crop size  100        64
          missing     a          a tensor   none
          unexpected  extra      none       a tensor
          shape       b          [3, 4]     [4, 3]
        """)
  }

  @Test func longTablesSayHowMuchMoreThereIs() throws {
    var mismatch = StateMismatch()
    mismatch.missing = (0..<50).map { "tensor\($0)" }
    mismatch.unexpected = ["one"]
    #expect(mismatch.description.contains("... and 30 more"))
    #expect(mismatch.description.contains("unexpected  one"))
  }
}
