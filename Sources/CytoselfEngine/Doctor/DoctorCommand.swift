import ArgumentParser
import CytoselfCommands

/// `cytoself doctor`: what this program found on this machine, for a user and for a bug report.
struct DoctorCommand: AsyncParsableCommand {
  /// Name and summary as `--help` shows them.
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show libtorch, devices, threads, memory and optional parts.",
    discussion: """
      Ends with exit code 69 when a part that the program cannot do without does not work.
      """)

  @Flag(help: "Print one JSON object.")
  var json = false

  /// Examines the machine and prints what it found.
  ///
  /// - Throws: `ExitCode` 69 when libtorch does not work.
  func run() async throws {
    let report = MachineReport.examine()
    print(json ? try report.jsonText(indented: true) : report.text())
    if report.libtorch.problem != nil { throw ExitCode(ExitStatus.missingPart.rawValue) }
  }
}
