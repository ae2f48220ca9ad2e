public import ArrayFiles

/// What can be wrong with what a user gives to the analysis.
public enum AnalysisError: Error, Sendable, Equatable {
  /// An option has a value that cannot work.
  case badOption(name: String, value: String, expected: String)
  /// A file or folder the work needs is not there.
  case missing(path: String, advice: String)
  /// A file does not hold what it should.
  case badFile(path: String, problem: String, expected: String)
  /// Rows that hold NaN or infinite values; at most ten are listed.
  case notFinite(source: String, rows: [Int], count: Int)
  /// A row without a direction, under a metric that compares directions.
  case noDirection(source: String, row: Int, metric: String)
  /// Too little data for the analysis.
  case tooFew(what: String, found: Int, needed: Int, advice: String)
  /// A label column that the table does not have.
  case unknownColumn(name: String, path: String, columns: [String])
  /// Two inputs that should describe the same rows and do not.
  case mismatch(what: String, found: Int, expected: Int, advice: String)
  /// A computation that could not be finished.
  case failed(what: String, reason: String)

  /// The class of the failure, which decides the exit code.
  public var kind: FailureKind {
    switch self {
    case .badOption, .unknownColumn: .usage
    case .missing: .missingInput
    case .badFile, .notFinite, .noDirection, .tooFew, .mismatch: .badData
    case .failed: .failed
    }
  }
}

extension AnalysisError: CustomStringConvertible {
  /// What is wrong, where, what was expected and what to do.
  public var description: String {
    switch self {
    case .badOption(let name, let value, let expected):
      return "\(name) is \(value); expected \(expected)".sentence
    case .missing(let path, let advice):
      return "\(path) does not exist. \(advice)"
    case .badFile(let path, let problem, let expected):
      return "\(path): \(problem); expected \(expected)".sentence
    case .notFinite(let source, let rows, let count):
      let listed = rows.map(String.init).joined(separator: ", ")
      let more = count > rows.count ? " and \(count - rows.count) more" : ""
      return "\(source): NaN or infinite values in row\(count == 1 ? "" : "s") \(listed)\(more) "
        + "(counted from 0); expected finite numbers. Remove these rows or embed them again."
    case .noDirection(let source, let row, let metric):
      let what = metric == "correlation" ? "constant" : "all zeros"
      return "\(source): row \(row) is \(what), so it has no \(metric) distance to others. "
        + "Remove the row or use --metric euclidean."
    case .tooFew(let what, let found, let needed, let advice):
      return "\(found) \(what); at least \(needed) are needed. \(advice)"
    case .unknownColumn(let name, let path, let columns):
      return "\(path) has no column '\(name)'; its columns are \(columns.joined(separator: ", "))."
    case .mismatch(let what, let found, let expected, let advice):
      return "\(what): found \(found), expected \(expected). \(advice)"
    case .failed(let what, let reason):
      return "\(what) could not be finished: \(reason)".sentence
    }
  }
}
