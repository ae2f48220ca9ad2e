public import ArrayFiles

/// What can go wrong between a configuration and a trained, saved or embedded model.
///
/// Every case says what, where, what was expected and what to do.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A configuration key that means nothing here.
  case unknownKey(String, in: String, line: Int, nearest: String?, known: [String])
  /// A configuration value of the wrong type.
  case mistypedValue(key: String, in: String, line: Int, expected: String, found: String)
  /// A configuration value that cannot work.
  case invalidValue(key: String, value: String, expected: String)
  /// A configuration that is not YAML.
  case malformedConfiguration(in: String, line: Int, reason: String)
  /// A file that is too long for a configuration.
  case configurationTooLong(in: String, limit: Int)
  /// A preset that does not exist.
  case unknownPreset(String, known: [String])
  /// A folder for a new run that already holds one.
  case runExists(String)
  /// A folder that another process trains into.
  case inUse(String)
  /// A folder to resume that holds no checkpoint.
  case nothingToResume(String)
  /// A resume under settings that would make another run of it.
  case settingChanged(key: String, run: String, requested: String)
  /// A resume on data that is not what the run began with.
  case dataChanged(String)
  /// A checkpoint or model file that cannot be used.
  case damaged(path: String, reason: String)
  /// A model file that says nothing about the model's shape or labels.
  case notAModel(path: String, reason: String)
  /// A weight file that leaves the crop size open.
  case cropSizeUnknown(path: String, reason: String)
  /// A file or folder that is not there.
  case missing(path: String, hint: String)
  /// A part of the data split without any cells.
  case emptySplit(String, reason: String)
  /// A label column with one value, which leaves nothing to distinguish.
  case oneClass(column: String, value: String)
  /// Data that does not fit the model.
  case doesNotFit(String)
  /// A loss that became infinite or not a number.
  case lossNotFinite(part: String, value: String, epoch: Int, step: Int, cells: [String])
  /// Training was interrupted and saved.
  case interrupted(checkpoint: String, epoch: Int, step: Int)
  /// Reading or writing failed.
  case file(path: String, action: String, reason: String)
  /// A whole file could not be written.
  case array(ArrayFileError)

  /// What kind of failure it is.
  public var kind: FailureKind {
    switch self {
    case .unknownKey, .mistypedValue, .invalidValue, .malformedConfiguration,
      .configurationTooLong, .unknownPreset, .runExists, .settingChanged, .cropSizeUnknown:
      .usage
    case .nothingToResume, .missing: .missingInput
    case .dataChanged, .damaged, .notAModel, .emptySplit, .oneClass, .doesNotFit: .badData
    case .lossNotFinite, .interrupted: .failed
    case .file, .inUse: .inputOutput
    case .array(let error): error.kind
    }
  }

  /// The sentence a user reads.
  public var description: String {
    switch self {
    case .unknownKey(let key, let file, let line, let nearest, let known):
      let advice =
        nearest.map { "did you mean '\($0)'?" } ?? "known here: \(known.joined(separator: ", "))."
      return "\(place(file, line)): unknown key '\(key)'; \(advice)"
    case .mistypedValue(let key, let file, let line, let expected, let found):
      return "\(place(file, line)): '\(key)' should be \(expected), but is \(found)."
    case .invalidValue(let key, let value, let expected):
      return "\(key) is \(value), but should be \(expected)."
    case .malformedConfiguration(let file, let line, let reason):
      return "\(place(file, line)): not valid YAML (\(reason)). Indent with spaces and write"
        + " each setting as 'key: value'."
    case .configurationTooLong(let file, let limit):
      return
        "\(file) is longer than the \(limit) bytes that a configuration can have. Give the path of"
        + " a YAML file with settings."
    case .unknownPreset(let name, let known):
      return "There is no preset '\(name)'. Choose one of: \(known.joined(separator: ", "))."
    case .runExists(let path):
      return "\(path) already holds a run. Continue it with --resume, or choose another --out."
    case .inUse(let path):
      return
        "\(path) is in use: another process is training into it. Wait for it to end or stop it,"
        + " or choose another --out."
    case .nothingToResume(let path):
      return "\(path) holds no complete checkpoint to resume from. Start the run without --resume."
    case .settingChanged(let key, let run, let requested):
      return "\(key) was \(run) when the run began and is now \(requested); a resumed run must"
        + " keep it. Leave the option out, or start a new run with another --out."
    case .dataChanged(let reason):
      return "The data are not those the run began with: \(reason). Resume with the same data, or"
        + " start a new run with another --out."
    case .damaged(let path, let reason):
      return "\(path) is damaged: \(reason). Delete it to fall back on the one before it."
    case .notAModel(let path, let reason):
      return "\(path) is not a model that this program can use: \(reason). Expected a run folder, a"
        + " checkpoint folder, or weights of this program or of the original (.safetensors, .pt,"
        + " .chkp, .h5)."
    case .cropSizeUnknown(let path, let reason):
      return "\(path): \(reason)"
    case .missing(let path, let hint):
      return "\(path) does not exist. \(hint)"
    case .emptySplit(let split, let reason):
      return "No cells are left for \(split): \(reason)"
    case .oneClass(let column, let value):
      return "Every cell has the same '\(column)' (\(value)), so there is nothing for the"
        + " classifier to distinguish. Choose another --label column, or a variant without it."
    case .doesNotFit(let reason):
      return reason
    case .lossNotFinite(let part, let value, let epoch, let step, let cells):
      let shown = cells.prefix(8).joined(separator: ", ")
      let more = cells.count > 8 ? " and \(cells.count - 8) more" : ""
      return "\(part) became \(value) at step \(step) (epoch \(epoch)), in the batch of cells"
        + " \(shown)\(more). The best weights so far are kept. Look at those cells with"
        + " `cytoself inspect`; if their pixels are sound, lower training.lr or set"
        + " training.clip_norm."
    case .interrupted(let checkpoint, let epoch, let step):
      return "Stopped at step \(step) (epoch \(epoch)); everything is saved in \(checkpoint)."
        + " Continue with the same command and --resume."
    case .file(let path, let action, let reason):
      return "Cannot \(action) \(path): \(reason)."
    case .array(let error):
      return error.description
    }
  }

  private func place(_ file: String, _ line: Int) -> String {
    line > 0 ? "\(file), line \(line)" : file
  }
}
