import Testing
import Torch
import TorchTestSupport

@Suite(.leavesNoTensor) struct TensorTests {
  @Test func hostBytesRoundTrip() throws {
    let values: [Float] = [1, -2, 3.5, 0, .infinity, 1e-30]
    let tensor = try Tensor(values, shape: [2, 3])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.count == 6)
    #expect(try tensor.floats() == values)
    #expect(try tensor.permuted(1, 0).floats() == [1, 0, -2, .infinity, 3.5, 1e-30])
    #expect(try tensor.permuted(1, 0).isContiguous == false)
  }

  @Test(arguments: TensorElementType.allCases)
  func everyElementTypeIsMade(type: TensorElementType) throws {
    let tensor = try Tensor.filled(with: 1, shape: [3], elementType: type)
    #expect(tensor.elementType == type)
    #expect(try tensor.bytes().count == 3 * type.byteCount)
    #expect(try tensor.floats() == [1, 1, 1])
  }

  @Test func emptyTensorsWork() throws {
    let tensor = try Tensor([Float](), shape: [0, 4])
    #expect(try tensor.floats().isEmpty)
    #expect(try tensor.sum().item() == 0)
  }

  @Test func arithmeticBroadcasts() throws {
    let a = try Tensor([1, 2, 3, 4], shape: [2, 2])
    let row = try Tensor([10, 20], shape: [1, 2])
    #expect(try (a + row).floats() == [11, 22, 13, 24])
    #expect(try (a * 2 - 1).floats() == [1, 3, 5, 7])
    #expect(try (a / row).floats() == [0.1, 0.1, 0.3, 0.2])
    #expect(try a.sum(0).floats() == [4, 6])
    #expect(try a.mean().item() == 2.5)
    #expect(try a.argmin(1).int64s() == [0, 0])
    #expect(try a.matrixProduct(a).floats() == [7, 10, 15, 22])
  }

  @Test func shapesAreRearranged() throws {
    let a = try Tensor((0..<6).map(Float.init), shape: [1, 1, 2, 3])
    #expect(try a.flipped(3).floats() == [2, 1, 0, 5, 4, 3])
    #expect(try a.rotated(quarterTurns: 1, axes: (2, 3)).floats() == [2, 5, 1, 4, 0, 3])
    #expect(try a.zeroPadded(left: 1, right: 0, top: 0, bottom: 1).shape == [1, 1, 3, 4])
    #expect(try a.narrowed(axis: 3, start: 1, length: 2).floats() == [1, 2, 4, 5])
    #expect(try Tensor.concatenated([a, a], axis: 1).shape == [1, 2, 2, 3])
    #expect(try a.channelsLast().floats() == a.floats())
  }

  @Test func countsAreHistograms() throws {
    let codes = try Tensor(integers: [0, 2, 2, 1], shape: [4])
    #expect(try codes.counts(bins: 4).int64s() == [1, 1, 2, 0])
  }
}
