import CellData
import Foundation
import JobControl
import Torch

extension CheckedRun {
  /// Writes what says which run this is: `run.json`, `split.csv` and `config.yaml`.
  ///
  /// - Throws: ``TrainingError`` and what writing the split throws.
  func record(resumes: Bool, command: [String]) throws {
    var record = resumes ? RunRecord(run.record) ?? RunRecord() : RunRecord()
    record.sessions.append(
      RunRecord.session(
        command: command, versions: ["libtorch": Runtime.version, "cytoself": Version.current]))
    if record.inputs.isEmpty { record.inputs = try RunRecord.inputs(of: data.set.url) }
    if let initialWeights { record.initialWeights = try RunRecord.Input(initialWeights) }
    record.monitor = configuration.training.monitor
    try record.write(to: run.record)
    if !resumes { try data.split.write(to: run.split, data: data.set) }
    try Folder.write(Data(configuration.yaml.utf8), to: run.configuration)
  }
}
