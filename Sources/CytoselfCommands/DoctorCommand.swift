package import ArgumentParser

/// `cytoself doctor`: what this program found on this machine, for a user and for a bug report.
package struct DoctorCommand: EngineCommand {
  /// Name and summary as `--help` shows them.
  package static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show libtorch, devices, threads, memory and optional parts.",
    discussion: """
      Ends with exit code 69 when a part that the program cannot do without does not work.
      """)

  @Flag(help: "Print one JSON object.")
  package var json = false

  /// The command with its defaults, as the parser needs it.
  package init() {}
}
