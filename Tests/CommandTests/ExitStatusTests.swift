import ArrayFiles
import CellData
import CytoselfCommands
import CytoselfEngine
import CytoselfFigures
import CytoselfModel
import Foundation
import Testing
import Torch
import TorchTestSupport

/// Swift Testing has a type of the same name.
typealias Status = CytoselfCommands.ExitStatus

@Suite(.leavesNoTensor) struct ExitStatusTests {
  /// The numbers are a promise to scripts.
  @Test func hasTheDocumentedNumbers() {
    #expect(Status.allCases.map(\.rawValue) == [0, 1, 64, 65, 66, 69, 74])
  }

  @Test(arguments: [
    (FailureKind.usage, Status.usage), (.badData, .badData),
    (.missingInput, .missingInput), (.missingPart, .missingPart), (.inputOutput, .inputOutput),
    (.failed, .failed),
  ])
  func followsTheKindOfAFileError(kind: FailureKind, status: Status) throws {
    let error = ArrayFileError(kind, file: "a.npy", problem: "it is wrong")
    let failure = try #require(Failure(error))
    #expect(failure == Failure(CellDataError.file(error)))
    #expect(failure.status == status)
    #expect(failure.message == "a.npy: it is wrong.")
  }

  @Test func tellsAnAbsentDeviceFromAWrongName() {
    let known = ["cpu"]
    #expect(status(TorchError.unknownDevice(name: "cuda:1", available: known)) == .missingPart)
    #expect(status(TorchError.unknownDevice(name: "mps", available: known)) == .missingPart)
    #expect(status(TorchError.unknownDevice(name: "tpu", available: known)) == .usage)
    #expect(status(TorchError.unknownDevice(name: "cudas", available: known)) == .usage)
  }

  @Test func tellsASettingFromTheImages() {
    #expect(
      status(ModelError.setting(key: "codes", value: "0", expected: "at least 2")) == .usage)
    #expect(status(ModelError.imageSize(found: 4, levels: [1, 1], smallest: 9)) == .badData)
  }

  @Test func knowsAMissingProgram() {
    #expect(status(FigureError(.missingPart, "gnuplot was not found.")) == .missingPart)
    #expect(status(FigureError(.failed, "gnuplot failed.")) == .failed)
  }

  @Test func namesTheFileOfASystemError() throws {
    let path = "/no/such/folder/file.txt"
    let error = #expect(throws: CocoaError.self) {
      _ = try Data(contentsOf: URL(filePath: path))
    }
    let failure = try #require(error.flatMap { Failure($0) })
    #expect(failure.status == .missingInput)
    #expect(failure.message.contains(path))
  }

  @Test func leavesTheParsersErrorsToTheParser() {
    struct Unknown: Error {}
    #expect(Failure(Unknown()) == nil)
  }

  private func status(_ error: any Error) -> Status? { Failure(error)?.status }
}
