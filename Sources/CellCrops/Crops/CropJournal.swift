import ArrayFiles
import Foundation

/// How far a data set has been written, so that an interrupted run resumes where it stopped.
///
/// The folder of an unfinished data set holds `run.json`, what is cut and how, and `journal.jsonl`, a
/// line for each place from which the files can be taken up. Both go when the data set is complete.
final class CropJournal {
  /// A place from which the files can be taken up.
  struct Checkpoint: Codable {
    /// Fields that are done.
    var fields = 0
    /// Crops in all files.
    var crops = 0
    /// Files of crops that were opened.
    var shards = 0
    /// Crops in the file that is open; 0 when none is.
    var rows = 0
    /// Bytes of the labels that are open.
    var labelBytes = 0
    /// What became of the fields since the place before.
    var outcomes: [CroppedDataset.Outcome] = []
  }

  /// What is cut and how; an interrupted run is taken up only when nothing of it changed.
  struct Run: Codable {
    struct File: Codable {
      let field: FieldSource
      let bytes: [Int]
      let changed: [Double]
    }

    let settings: CroppedDataset.Settings
    let files: [File]
    let masks: [URL?]

    init(_ dataset: CroppedDataset) {
      settings = dataset.settings
      masks = [dataset.settings.masks, dataset.settings.referenceMasks]
      files = dataset.fields.map { field in
        let facts = field.parts.map { FileFacts($0.url) }
        return File(
          field: field, bytes: facts.map { $0?.byteCount ?? 0 },
          changed: facts.map { $0?.changed ?? 0 })
      }
    }
  }

  /// The last place, with the outcomes of all fields up to it.
  private(set) var reached = Checkpoint()
  private let file: URL
  /// Set once a line could not be written: what the file holds is unknown then, and another line would
  /// come behind half of one.
  private var isBroken = false

  /// Opens the journal of a folder, or starts one.
  ///
  /// What another run left is removed.
  /// - Throws: `ArrayFileError` when the folder cannot be written.
  init(_ folder: URL, of run: Run) throws {
    file = folder.appending(path: "journal.jsonl")
    let identity = folder.appending(path: "run.json")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let wanted = try encoder.encode(run)
    if (try? Data(contentsOf: identity)) == wanted {
      reached = try Self.read(file)
    } else {
      let manager = FileManager.default
      for name in try manager.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) {
        try manager.removeItem(at: folder.appending(path: name))
      }
      try AtomicFile.write(Array(wanted), to: identity)
    }
  }

  /// Adds a place; the files it tells of must be synced.
  /// - Throws: the system's error when the disk is full or fails.
  func append(_ checkpoint: Checkpoint) throws {
    let line = try JSONEncoder().encode(checkpoint) + [0x0A]
    guard !isBroken else {
      throw ArrayFileError(.inputOutput, file, problem: "could not be written before")
    }
    isBroken = true
    let path = file.path(percentEncoded: false)
    if !FileManager.default.fileExists(atPath: path) {
      guard FileManager.default.createFile(atPath: path, contents: nil) else {
        throw ArrayFileError(.inputOutput, file, problem: "cannot be made")
      }
    }
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: line)
    let code = DiskSync.file(handle.fileDescriptor)
    try handle.close()
    guard code == 0 else {
      throw ArrayFileError(
        .inputOutput, file, problem: "could not sync the file: \(String(cString: strerror(code)))")
    }
    isBroken = false
    reached = checkpoint
  }

  /// Removes the journal: the data set is complete.
  static func remove(from folder: URL) throws {
    for name in ["run.json", "journal.jsonl"] {
      let url = folder.appending(path: name)
      if FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
        try FileManager.default.removeItem(at: url)
      }
    }
  }

  /// The last whole line, with the outcomes of those before it.
  ///
  /// What follows, a line that was cut off when the process ended, is removed.
  private static func read(_ file: URL) throws -> Checkpoint {
    guard let data = try? Data(contentsOf: file) else { return Checkpoint() }
    var (reached, outcomes): (Checkpoint, [CroppedDataset.Outcome]) = (Checkpoint(), [])
    var whole = 0
    while let end = data[whole...].firstIndex(of: 0x0A),
      let place = try? JSONDecoder().decode(Checkpoint.self, from: data[whole..<end])
    {
      reached = place
      outcomes += place.outcomes
      whole = end + 1
    }
    if whole < data.count { try AtomicFile.write(Array(data[..<whole]), to: file) }
    reached.outcomes = outcomes
    return reached
  }
}
