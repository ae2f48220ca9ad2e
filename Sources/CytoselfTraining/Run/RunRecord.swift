import Crypto
public import Foundation

/// `run.json`: what was run, with which versions, on which machine and on which inputs.
public struct RunRecord: Codable, Equatable, Sendable {
  /// One start of the program on this run: the first, and every resume.
  public struct Session: Codable, Equatable, Sendable {
    /// The words of the command line.
    public var command: [String]
    /// When it started, in ISO 8601.
    public var started: String
    /// Versions by name.
    public var versions: [String: String]
    /// The machine: system, architecture, cores.
    public var machine: [String: String]

    /// A session with all its parts.
    public init(
      command: [String], started: String, versions: [String: String], machine: [String: String]
    ) {
      self.command = command
      self.started = started
      self.versions = versions
      self.machine = machine
    }
  }

  /// One input file.
  public struct Input: Codable, Equatable, Sendable {
    /// Its path as given.
    public var path: String
    /// Its length.
    public var bytes: Int
    /// SHA-256 in hexadecimal: of the whole file up to 256 MB, else as ``isSampled`` says.
    public var sha256: String
    /// Whether only the length and 64 stretches of a megabyte, evenly spread, were hashed.
    public var isSampled: Bool
  }

  /// Every start of the program on this run.
  public var sessions: [Session]
  /// The files of the data set it read.
  public var inputs: [Input]
  /// The weights it started from; nil where they were drawn.
  public var initialWeights: Input?
  /// The validation loss that decides which weights are best.
  public var monitor: TrainingSection.Monitor?

  /// A record of its parts.
  public init(
    sessions: [Session] = [], inputs: [Input] = [], initialWeights: Input? = nil,
    monitor: TrainingSection.Monitor? = nil
  ) {
    self.sessions = sessions
    self.inputs = inputs
    self.initialWeights = initialWeights
    self.monitor = monitor
  }

  /// Reads a record, or nil where there is none that can be read.
  public init?(_ url: URL) {
    guard let data = try? Data(contentsOf: url),
      let record = try? JSONDecoder().decode(RunRecord.self, from: data)
    else { return nil }
    self = record
  }

  /// Replaces the file `url` with the record, all or nothing.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func write(to url: URL) throws(TrainingError) {
    try Folder.write(JSON.encode(self), to: url)
  }

  /// The session of this process.
  public static func session(
    command: [String] = CommandLine.arguments, versions: [String: String]
  ) -> Session {
    let process = ProcessInfo.processInfo
    #if arch(x86_64)
      let architecture = "x86_64"
    #elseif arch(arm64)
      let architecture = "arm64"
    #else
      let architecture = "other"
    #endif
    return Session(
      command: command, started: Date().formatted(.iso8601), versions: versions,
      machine: [
        "system": process.operatingSystemVersionString, "architecture": architecture,
        "cores": "\(process.activeProcessorCount)",
      ])
  }
}

extension RunRecord.Input {
  private static let wholeLimit = 256 << 20
  private static let stretch = 1 << 20

  /// Hashes a file.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public init(_ url: URL) throws(TrainingError) {
    do {
      let handle = try FileHandle(forReadingFrom: url)
      defer { try? handle.close() }
      let length = Int(try handle.seekToEnd())
      var hash = SHA256()
      hash.update(data: Data("\(length)\n".utf8.prefix(length > Self.wholeLimit ? 64 : 0)))
      let starts =
        length > Self.wholeLimit
        ? (0..<64).map { (length - Self.stretch) / 63 * $0 }
        : Array(stride(from: 0, to: length, by: Self.stretch))
      for start in starts {
        try handle.seek(toOffset: UInt64(start))
        if let data = try handle.read(upToCount: Self.stretch) { hash.update(data: data) }
      }
      self.init(
        path: url.path, bytes: length,
        sha256: hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
          .joined(), isSampled: length > Self.wholeLimit)
    } catch {
      throw TrainingError.file(url, "read", error)
    }
  }
}

extension RunRecord {
  /// Hashes the files of a data set.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public static func inputs(of data: URL) throws(TrainingError) -> [Input] {
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    var files = [data]
    if manager.fileExists(atPath: data.path, isDirectory: &isFolder), isFolder.boolValue {
      let names = (try? manager.contentsOfDirectory(atPath: data.path)) ?? []
      files = names.filter { $0.hasSuffix(".npy") || $0.hasSuffix(".csv") }.sorted()
        .map { data.appending(path: $0) }
    }
    var inputs: [Input] = []
    for file in files { inputs.append(try Input(file)) }
    return inputs
  }
}
