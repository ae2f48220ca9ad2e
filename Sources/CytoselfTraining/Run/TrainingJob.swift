import CellData
import CytoselfModel
public import Foundation
public import JobControl
import Torch

/// A whole run from settings to results, as `cytoself train` makes it.
public struct TrainingJob: Sendable {
  /// The settings.
  public var configuration: TrainingConfiguration
  /// The run's folder.
  public var run: RunDirectory
  /// Whether to go on from the newest checkpoint.
  public var resumes: Bool
  /// The words of the command line, for `run.json`.
  public var command: [String]
  /// Crops in the reconstruction figure.
  public var reconstructedCells = 8

  /// A run of its parts.
  public init(
    _ configuration: TrainingConfiguration, run: RunDirectory, resumes: Bool = false,
    command: [String] = CommandLine.arguments
  ) {
    self.configuration = configuration
    self.run = run
    self.resumes = resumes
    self.command = command
  }

  /// What a finished run leaves, beside its files.
  public struct Result: Sendable {
    /// How the training ended.
    public let outcome: Trainer.Outcome
    /// What the best weights make of some held-out cells.
    public let reconstruction: Reconstruction
    /// The names of those cells.
    public let cells: [String]
    /// The classes of those cells; empty without labels.
    public let labels: [String]
    /// The names of the channels.
    public let channels: [String]
  }

  /// Runs to the end on the calling thread.
  ///
  /// Nothing is written before data, model and device have been found sound.
  ///
  /// - Parameters:
  ///   - interruption: asks the run to save and stop.
  ///   - say: takes one line of text for the user.
  /// - Throws: ``TrainingError`` and what reading, computing and writing throw.
  public func callAsFunction(
    interruption: Interruption = Interruption(), say: @escaping (String) -> Void = { _ in }
  ) throws -> Result {
    try configuration.validate()
    let training = configuration.training
    let hasCheckpoint = CheckpointFolder(run.checkpoints).newest != nil
    if resumes, !hasCheckpoint { throw TrainingError.nothingToResume(run.url.path) }
    if !resumes, hasCheckpoint { throw TrainingError.runExists(run.url.path) }
    _ = try Device(training.device)
    try Runtime.setThreads(
      training.threads == 0 ? ProcessInfo.processInfo.activeProcessorCount : training.threads)

    let data = try TrainingData(
      configuration, needsClasses: configuration.model.hasHead,
      savedSplit: resumes ? run.split : nil)
    let shape = try configuration.model.configuration(
      crop: data.set.cropShape, classes: data.book?.classes.count ?? 0)
    let initial =
      resumes ? nil : try InitialWeights(configuration.training, data: data, model: shape)
    for note in data.notes { say(note) }
    if let note = initial?.note { say(note) }
    say(
      "\(data.set.count) cells (\(data.split.train.count) train, \(data.split.validation.count) val,"
        + " \(data.split.test.count) test), \(data.book?.classes.count ?? 0) classes, channels"
        + " \(data.set.channelNames.joined(separator: " + ")), levels of "
        + shape.levelSizes.map { "\($0) x \($0)" }.joined(separator: " and "))

    try run.make()
    try record(data, initial)
    let trainer = try Trainer(
      configuration, data: data, run: run, resumes: resumes, initial: initial,
      interruption: interruption, say: say)
    let outcome = try trainer.train()
    let rows = reconstructedRows(data)
    return Result(
      outcome: outcome,
      reconstruction: try Reconstruction(
        trainer.model, device: trainer.device, data: data.set, rows: rows),
      cells: rows.map { data.set.cell($0) },
      labels: data.book.map { book in rows.map { book.classes[Int(book.labels[$0])] } } ?? [],
      channels: data.set.channelNames)
  }

  /// Writes what says which run this is.
  private func record(_ data: TrainingData, _ initial: InitialWeights?) throws {
    var record = resumes ? RunRecord(run.record) ?? RunRecord() : RunRecord()
    record.sessions.append(
      RunRecord.session(
        command: command, versions: ["libtorch": Runtime.version, "cytoself": Version.current]))
    if record.inputs.isEmpty { record.inputs = try RunRecord.inputs(of: data.set.url) }
    if let initial { record.initialWeights = try RunRecord.Input(initial.url) }
    try record.write(to: run.record)
    if !resumes { try data.split.write(to: run.split, data: data.set) }
    try Folder.write(Data(configuration.yaml.utf8), to: run.configuration)
  }

  /// Held-out cells of different classes, as far as there are.
  private func reconstructedRows(_ data: TrainingData) -> [Int] {
    let rows = data.split.test.isEmpty ? data.split.validation : data.split.test
    guard let book = data.book else { return Array(rows.prefix(reconstructedCells)) }
    var firsts: [Int32: Int] = [:]
    for row in rows where firsts[book.labels[row]] == nil { firsts[book.labels[row]] = row }
    let different = firsts.values.sorted()
    let step = max(1, different.count / reconstructedCells)
    var chosen = stride(from: 0, to: different.count, by: step).map { different[$0] }
    chosen += rows.filter { !chosen.contains($0) }.prefix(reconstructedCells)
    return Array(chosen.prefix(reconstructedCells)).sorted()
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
