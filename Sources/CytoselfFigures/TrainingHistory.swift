import ArrayFiles
public import Foundation

/// The table of a training run: one row an epoch, one column a measure.
public struct TrainingHistory: Sendable, Equatable {
  /// Names of the columns, in the order of the file.
  public let names: [String]
  /// Values by column; NaN where the file has none.
  public let columns: [String: [Double]]
  /// Count of epochs.
  public let rowCount: Int
  /// The column whose least value is the best epoch; nil takes the validation loss.
  public let monitored: String?

  /// A history from columns of equal length.
  ///
  /// - Parameters:
  ///   - table: names with their values.
  ///   - monitored: the column that decided which weights are best.
  /// - Throws: ``FigureError`` of kind `badData` if lengths differ.
  public init(
    _ table: [(name: String, values: [Double])], monitored: String? = nil
  ) throws(FigureError) {
    self.monitored = monitored
    rowCount = table.first?.values.count ?? 0
    var columns: [String: [Double]] = [:]
    for (name, values) in table {
      guard values.count == rowCount else {
        throw FigureError(
          .badData,
          "The history's column \(name) has \(values.count) values where the first has \(rowCount)."
        )
      }
      columns[name] = values
    }
    self.names = table.map(\.name)
    self.columns = columns
  }

  /// Reads `history.csv` of a run.
  ///
  /// - Throws: ``FigureError``: `missingInput` without the file, `badData` with file and row.
  public init(csv url: URL) throws(FigureError) {
    guard let data = try? Data(contentsOf: url) else {
      throw FigureError(
        .missingInput, "\(url.path) cannot be read. A training run writes it after its first epoch."
      )
    }
    let lines = String(decoding: data, as: UTF8.self)
      .split(omittingEmptySubsequences: true) { $0.isNewline }
    guard let header = lines.first else {
      throw FigureError(
        .badData, "\(url.path) is empty; a header and a row per epoch were expected.")
    }
    let names = Self.fields(header)
    guard Set(names).count == names.count else {
      throw FigureError(.badData, "\(url.path) names a column twice.")
    }
    var values = [[Double]](repeating: [], count: names.count)
    for (index, line) in lines.dropFirst().enumerated() {
      let fields = Self.fields(line)
      guard fields.count == names.count else {
        throw FigureError(
          .badData,
          "\(url.path), row \(index + 1): \(fields.count) fields where the header has \(names.count)."
        )
      }
      for (column, field) in fields.enumerated() {
        guard field.isEmpty || Double(field) != nil else {
          throw FigureError(
            .badData,
            "\(url.path), row \(index + 1), column \(names[column]): "
              + "\"\(FigureText.printable(field, limit: 30))\" is not a number.")
        }
        values[column].append(Double(field) ?? .nan)
      }
    }
    try self.init(Array(zip(names, values)))
  }

  /// The fields of a line; the table holds names and numbers, so nothing is quoted with commas.
  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map { field in
      String(field).trimmingCharacters(in: CharacterSet(charactersIn: " \"\u{FEFF}"))
    }
  }

  /// The row with the least validation loss, or the least training loss without validation.
  ///
  /// Where training monitored another loss, that one decides.
  var bestRow: Int? {
    for name in [monitored ?? "val_loss", "train_loss"] {
      guard let values = columns[name] else { continue }
      let finite = values.indices.filter { values[$0].isFinite }
      if let best = finite.min(by: { values[$0] < values[$1] }) { return best }
    }
    return nil
  }
}
