import ArrayFiles
import Dispatch
public import Foundation

/// The gnuplot program of this machine, run on a script file without a shell.
public struct Gnuplot: Sendable, Equatable {
  /// The environment variable that names the program, before `PATH` is searched.
  public static let environmentVariable = "CYTOSELF_GNUPLOT"

  /// The program.
  public let program: URL
  /// Seconds after which a run is ended.
  public var timeLimit: Double

  /// A gnuplot at a known place.
  public init(program: URL, timeLimit: Double = 300) {
    self.program = program
    self.timeLimit = timeLimit
  }

  /// Finds gnuplot: the program that `CYTOSELF_GNUPLOT` names, else the first in `PATH`.
  ///
  /// - Throws: ``FigureError`` of kind `missingPart` with the sentence that says how to get it.
  public static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(FigureError) -> Gnuplot {
    let files = FileManager.default
    if let named = environment[environmentVariable], !named.isEmpty {
      guard isProgram(named, files) else {
        throw FigureError(
          .missingPart,
          "\(environmentVariable) names \(named), which is not a program. \(howToGet)")
      }
      return Gnuplot(program: URL(filePath: named))
    }
    for folder in (environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
      let path = "\(folder)/gnuplot"
      if isProgram(path, files) { return Gnuplot(program: URL(filePath: path)) }
    }
    throw FigureError(.missingPart, "gnuplot, which draws the figures, was not found. \(howToGet)")
  }

  /// How a user gets the program.
  package static let howToGet =
    "Install it (Debian or Ubuntu: apt-get install gnuplot-nox; macOS: brew install gnuplot; with "
    + "conda: conda install -c conda-forge gnuplot) or set \(environmentVariable) to the program."

  private static func isProgram(_ path: String, _ files: FileManager) -> Bool {
    var isFolder: ObjCBool = false
    return files.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
      && files.isExecutableFile(atPath: path)
  }

  /// Runs a script with the folder it lies in as working folder.
  ///
  /// The user's own gnuplot settings are not read, so a figure looks the same everywhere.
  ///
  /// - Throws: ``FigureError`` of kind `failed` with gnuplot's own message, or when the time limit
  ///   passed.
  package func run(script: String, in folder: URL, format: FigureFormat) throws(FigureError) {
    let log = folder.appending(path: ".gnuplot-\(format.rawValue).log")
    let process = Process()
    process.executableURL = program
    process.arguments = ["-d", "-e", "format='\(format.rawValue)'", script]
    process.currentDirectoryURL = folder
    process.environment = Self.environment()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try Figure.store(Data(), as: log)
    do {
      let output = try FileHandle(forWritingTo: log)
      defer { try? output.close() }
      process.standardError = output
      try process.run()
    } catch {
      throw FigureError(
        .missingPart, "\(program.path) could not be started (\(error)). \(Self.howToGet)")
    }
    if ended.wait(timeout: .now() + timeLimit) == .timedOut {
      process.terminate()
      if ended.wait(timeout: .now() + 2) == .timedOut {
        kill(process.processIdentifier, SIGKILL)
        ended.wait()
      }
      throw FigureError(
        .failed,
        "gnuplot was stopped: drawing \(script) as \(format.rawValue) took longer than "
          + "\(Numeral.plain(timeLimit)) seconds. Draw fewer points.")
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw FigureError(
        .failed,
        "gnuplot could not draw \(script) as \(format.rawValue): \(Self.complaint(in: log))")
    }
  }

  /// This process's environment without what would change gnuplot's defaults.
  private static func environment() -> [String: String] {
    var kept = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GNUPLOT") }
    // A decimal point in every number; text encoding is set in the script.
    kept["LC_ALL"] = "C"
    return kept
  }

  /// What gnuplot wrote on standard error, on one line and not too long.
  private static func complaint(in log: URL) -> String {
    guard let data = try? Data(contentsOf: log), !data.isEmpty else { return "it gave no reason" }
    let words = String(decoding: data.suffix(2000), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace)
    return FigureText.printable(words.joined(separator: " "), limit: 600)
  }
}
