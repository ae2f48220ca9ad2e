import ArrayFiles
import CytoselfModel
import CytoselfTraining
import Foundation
import Testing
import TorchTestSupport
import TrainingTestSupport

@Suite(.leavesNoTensor) struct RecordTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func row(_ epoch: Int, test: Bool = false) -> History.Row {
    let value = Double(epoch) / 3
    return History.Row(
      epoch: epoch,
      train: Measures(losses: .init(levels: 2, total: value), perplexities: [12]),
      validation: Measures(losses: .init(levels: 2, total: 1e-17 + value)),
      test: test ? Measures(losses: .init(levels: 2, total: 0.1)) : nil, rate: 1e-4, seconds: 2)
  }

  @Test func historyHasAColumnForEveryName() {
    var history = History(monitor: .loss)
    history.rows = [row(1), row(2, test: true)]
    #expect(
      history.csv == """
        epoch,train_loss,train_perplexity1,val_loss,test_loss,lr,seconds
        1,0.3333333333333333,12.0,0.3333333333333333,,0.0001,2.0
        2,0.6666666666666666,12.0,0.6666666666666666,0.1,0.0001,2.0

        """)
  }

  @Test func historyIsReplacedWhole() throws {
    let url = folder.url.appending(path: "history.csv")
    var history = History(monitor: .loss)
    for epoch in 1...3 {
      history.rows.append(row(epoch))
      try history.write(to: url)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == history.csv)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["history.csv"])
  }

  @Test func metricsAreCutBackToTheCheckpoint() throws {
    let url = folder.url.appending(path: "metrics.jsonl")
    let metrics = [History.Metric(name: "loss", value: 0.1 + 0.2)]
    func line(_ step: Int) -> String {
      #"{"step":\#(step),"epoch":1,"loss":0.30000000000000004,"seconds":0.5}"# + "\n"
    }
    let log = try MetricsLog(url, keepingBytes: 0)
    try log.add(step: 1, epoch: 1, metrics: metrics, seconds: 0.5)
    let saved = log.byteCount
    try log.add(step: 2, epoch: 1, metrics: metrics, seconds: 0.5)
    #expect(try String(contentsOf: url, encoding: .utf8) == line(1) + line(2))

    let resumed = try MetricsLog(url, keepingBytes: saved)
    try resumed.add(step: 3, epoch: 1, metrics: metrics, seconds: 0.5)
    #expect(try String(contentsOf: url, encoding: .utf8) == line(1) + line(3))
  }

  @Test func metricsShorterThanTheCheckpointAreRefused() throws {
    let url = folder.url.appending(path: "metrics.jsonl")
    try Data("{}\n".utf8).write(to: url)
    let error = #expect(throws: TrainingError.self) { try MetricsLog(url, keepingBytes: 100) }
    #expect(
      error?.description == "\(url.path) is damaged: it has 3 bytes, but the checkpoint was made"
        + " when it had 100. Delete it to fall back on the one before it.")
  }

  @Test func metricThatIsNoNumberIsNull() throws {
    let url = folder.url.appending(path: "metrics.jsonl")
    try MetricsLog(url, keepingBytes: 0)
      .add(step: 1, epoch: 1, metrics: [.init(name: "loss", value: .nan)], seconds: 1)
    let text = try String(contentsOf: url, encoding: .utf8)
    #expect(text == #"{"step":1,"epoch":1,"loss":null,"seconds":1.0}"# + "\n")
  }

  @Test func eventsAreThoseOfTensorBoard() throws {
    // Fixtures/events.golden is TensorBoard's own writing of these events:
    // tools/reference/tensorboard_events.py golden
    let events = try EventFile(folder: folder.url, step: 3, now: { 1000.5 })
    try events.add([("train/loss", 0.5), ("val/loss", 0)], step: 7)
    try events.synchronize()
    let written = try Data(
      contentsOf: folder.url.appending(path: "events.out.tfevents.1000.cytoself"))
    let golden = try Data(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/events.golden"))
    #expect(written == golden)
  }

  @Test func aResumedRunHasAnEventFileOfItsOwn() throws {
    // The clock stands still, and is then set back.
    for (step, now) in [(0, 1000.5), (5, 1000.5), (9, 400)] {
      try EventFile(folder: folder.url, step: step, now: { now }).synchronize()
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(names == (1000...1002).map { "events.out.tfevents.\($0).cytoself" })
  }

  @Test func folderThatCannotBeWrittenIsNamed() {
    let history = History(monitor: .loss)
    let url = folder.url.appending(path: "missing/history.csv")
    let error = #expect(throws: TrainingError.self) { try history.write(to: url) }
    #expect(
      error?.description
        == "\(url.path): cannot be written, its folder does not exist. Make the folder first.")
    #expect(error?.kind == .inputOutput)
  }
}
