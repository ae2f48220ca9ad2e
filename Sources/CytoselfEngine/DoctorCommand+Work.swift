import ArgumentParser
import CytoselfCommands

extension DoctorCommand: EngineWork {
  /// Examines the machine and prints what it found.
  ///
  /// - Throws: `ExitCode` 69 when libtorch does not work.
  package func work() async throws {
    let report = MachineReport.examine()
    print(json ? try report.jsonText(indented: true) : report.text())
    if report.libtorch.problem != nil { throw ExitCode(ExitStatus.missingPart.rawValue) }
  }
}
