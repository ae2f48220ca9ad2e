public import Foundation

/// The table of a run: one row per epoch, one column per measure and phase.
///
/// Columns are `epoch`, `train_*`, `val_*`, `lr` and `seconds`; the last row of a finished run has
/// `test_*` as well. The names after the phase are those of ``Measures/columns``.
public struct History: Codable, Equatable, Sendable {
  /// One epoch.
  public struct Row: Codable, Equatable, Sendable {
    /// The epoch, counted from 1.
    public var epoch: Int
    /// The means over the training batches.
    public var train: Measures
    /// The means over the validation cells.
    public var validation: Measures
    /// The means over the test cells; nil before the run is finished.
    public var test: Measures?
    /// The learning rate of the epoch.
    public var rate: Double
    /// How long the epoch took, in seconds.
    public var seconds: Double

    /// A row with all its values.
    public init(
      epoch: Int, train: Measures, validation: Measures, test: Measures? = nil, rate: Double,
      seconds: Double
    ) {
      self.epoch = epoch
      self.train = train
      self.validation = validation
      self.test = test
      self.rate = rate
      self.seconds = seconds
    }

    /// The row as named values, in the order of the columns.
    public var values: [Metric] {
      func named(_ phase: String, _ measures: Measures?) -> [Metric] {
        (measures?.columns ?? []).map { Metric(name: "\(phase)_\($0.name)", value: $0.value) }
      }
      return [Metric(name: "epoch", value: Double(epoch))] + named("train", train)
        + named("val", validation) + named("test", test)
        + [Metric(name: "lr", value: rate), Metric(name: "seconds", value: seconds)]
    }
  }

  /// One number with its name.
  public struct Metric: Codable, Equatable, Sendable {
    /// The name, such as `vq1_loss`.
    public var name: String
    /// The value.
    public var value: Double

    /// A name with its value.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The loss that decides which weights are best.
  public let monitor: TrainingSection.Monitor
  /// The epochs so far.
  public var rows: [Row] = []

  /// An empty table.
  public init(monitor: TrainingSection.Monitor) {
    self.monitor = monitor
  }

  /// The monitored validation loss of the last epoch; nil before the first.
  public var monitoredLoss: Double? { rows.last?.validation.value(of: monitor) }

  /// The column of the monitored validation loss.
  public var monitoredColumn: String { "val_\(monitor.column)" }

  /// The columns with the values of every row; not a number where a row does not have the column.
  public var table: [(name: String, values: [Double])] {
    let columns = columns
    return columns.names.enumerated().map { index, name in
      (name, columns.rows.map { $0[index] ?? .nan })
    }
  }

  /// The table as CSV, with a column for every name that occurs in any row.
  ///
  /// Numbers are written in full precision, so reading them back gives the same value; a column
  /// that a row does not have is left empty.
  public var csv: String {
    let (names, rows) = columns
    let lines = rows.map { row in
      zip(names, row).map { name, value in
        guard let value else { return "" }
        return name == "epoch" ? "\(Int(value))" : "\(value)"
      }.joined(separator: ",")
    }
    return ([names.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// A column for every name that occurs in any row, in the order in which rows have them.
  private var columns: (names: [String], rows: [[Double?]]) {
    var columns: [String] = []
    let tables = rows.map(\.values)
    for names in tables.map({ $0.map(\.name) }) {
      var position = 0
      for name in names {
        if let found = columns.firstIndex(of: name) {
          position = found + 1
        } else {
          columns.insert(name, at: position)
          position += 1
        }
      }
    }
    let values = tables.map { table in
      let values = Dictionary(
        table.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      return columns.map { values[$0] }
    }
    return (columns, values)
  }

  /// Replaces the file `url` with the table, all or nothing.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func write(to url: URL) throws(TrainingError) {
    try Folder.write(Data(csv.utf8), to: url)
  }
}
