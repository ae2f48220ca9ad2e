public import Foundation
import SwiftProtobuf

/// A TensorBoard event file: scalars by tag and step, appended as they come.
///
/// Each record is its length (8 bytes, little-endian), the masked CRC-32C of the length, the
/// message, and the masked CRC-32C of the message (the TFRecord format).
public final class EventFile {
  private let file: AppendedFile
  private let now: () -> Double

  /// Opens a new event file in `folder` and records for TensorBoard that a session starts at `step`.
  ///
  /// Points of earlier sessions at or after `step` are then left out by TensorBoard, so a run that
  /// was resumed from a checkpoint shows one line.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public init(
    folder: URL, step: Int, now: @escaping () -> Double = { Date().timeIntervalSince1970 }
  ) throws(TrainingError) {
    try Folder.make(folder)
    self.now = now
    // TensorBoard reads files in the order of their names, so a later session has a later one, also when
    // the clock was set back in between.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let last = names.compactMap(Self.seconds(of:)).max()
    let seconds = max(Int(now()), last.map { $0 + 1 } ?? 0)
    file = try AppendedFile(folder.appending(path: Self.name(seconds)), keepingBytes: 0)
    try write(step: 0) { $0.fileVersion = "brain.Event:2" }
    try write(step: step) { $0.sessionLog.status = .start }
  }

  private static func name(_ seconds: Int) -> String {
    "events.out.tfevents.\(seconds).cytoself"
  }

  /// The seconds in a name that ``name(_:)`` made; nil for another file.
  private static func seconds(of name: String) -> Int? {
    let parts = name.split(separator: ".")
    guard parts.count == 5, let seconds = Int(parts[3]), seconds < Int.max else { return nil }
    return name == Self.name(seconds) ? seconds : nil
  }

  /// Adds one value per tag at `step`.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func add(_ scalars: [(tag: String, value: Double)], step: Int) throws(TrainingError) {
    try write(step: step) { event in
      event.summary.value = scalars.map { scalar in
        TensorBoardSummaryValue.with {
          $0.tag = scalar.tag
          $0.simpleValue = Float(scalar.value)
        }
      }
    }
  }

  /// Waits until everything added is on the disk.
  ///
  /// - Throws: ``TrainingError/file(path:action:reason:)``.
  public func synchronize() throws(TrainingError) {
    try file.synchronize()
  }

  private func write(
    step: Int, _ fill: (inout TensorBoardEvent) -> Void
  ) throws(TrainingError) {
    var event = TensorBoardEvent()
    event.wallTime = now()
    event.step = Int64(step)
    fill(&event)
    let message: [UInt8]
    do {
      message = try event.serializedBytes()
    } catch {
      preconditionFailure("A scalar event has no required fields and always serializes: \(error)")
    }
    try file.append(Self.record(message))
  }

  /// One TFRecord around `message`.
  static func record(_ message: [UInt8]) -> [UInt8] {
    func bytes<I: FixedWidthInteger>(_ value: I) -> [UInt8] {
      withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
    }
    let length = bytes(UInt64(message.count))
    return length + bytes(CRC32C.masked(length)) + message + bytes(CRC32C.masked(message))
  }
}
