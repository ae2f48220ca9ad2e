public import Foundation

/// `metrics.jsonl`: one JSON object per optimiser step.
///
/// Keys come in a fixed order (`step`, `epoch`, the measures, `gradient_norm`, `lr`, `seconds`),
/// and numbers are written in full precision. Only `seconds` is not reproducible: two runs
/// of one seed agree in all the rest.
public final class MetricsLog {
  private let file: AppendedFile

  /// Opens the log to continue after its first `keepingBytes` bytes (0 for a new run).
  ///
  /// Lines after them were written by steps that a resumed run makes again.
  ///
  /// - Throws: ``TrainingError/damaged(path:reason:)`` or
  ///   ``TrainingError/file(path:action:reason:)``.
  public init(_ url: URL, keepingBytes: Int) throws(TrainingError) {
    file = try AppendedFile(url, keepingBytes: keepingBytes)
  }

  /// The length of the log in bytes, for a checkpoint.
  public var byteCount: Int { file.count }

  /// Adds the line of one step.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func add(
    step: Int, epoch: Int, metrics: [History.Metric], seconds: Double
  ) throws(TrainingError) {
    let numbers = (metrics + [.init(name: "seconds", value: seconds)]).map {
      "\"\($0.name)\":\($0.value.isFinite ? "\($0.value)" : "null")"
    }
    let line = "{\"step\":\(step),\"epoch\":\(epoch)," + numbers.joined(separator: ",") + "}\n"
    try file.append(line.utf8)
  }

  /// Waits until every line is on the disk.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func synchronize() throws(TrainingError) {
    try file.synchronize()
  }
}
