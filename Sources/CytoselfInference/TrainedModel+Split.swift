import CytoselfTraining
public import CellData
import Foundation

extension TrainedModel {
  /// The part of the split of each row, where these are the cells the model was trained on.
  ///
  /// The run's record has the hashes of its inputs; a data set with other files has no parts, even
  /// if its cells have the same names.
  ///
  /// - Returns: nil for other data, or for a model outside of a run.
  /// - Throws: ``TrainingError/file(path:action:reason:)`` when the data cannot be read.
  public func knownParts(of data: CellDataSet) throws -> [Split.Part?]? {
    guard let run, let record = RunRecord(run.record),
      FileManager.default.fileExists(atPath: run.split.path)
    else { return nil }
    let own = try RunRecord.inputs(of: data.url)
    guard Set(own.map(\.sha256)) == Set(record.inputs.map(\.sha256)) else { return nil }
    return try Split(contentsOf: run.split, data: data).parts(count: data.count)
  }
}
