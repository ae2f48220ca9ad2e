import ArrayFiles
import CytoselfFigures
import Foundation
import Testing

@Suite struct HistoryFigureTests {
  /// A run that looks like a real one.
  static func madeHistory(epochs: Int, seed: UInt64 = 3) throws -> TrainingHistory {
    var generator = SplitMix(seed: seed)
    func curve(_ start: Double, _ end: Double, _ noise: Double) -> [Double] {
      (0..<epochs).map { epoch in
        let level = end + (start - end) * exp(-Double(epoch) / 6)
        return level * (1 + noise * Double.random(in: -1...1, using: &generator))
      }
    }
    var table: [(name: String, values: [Double])] = [("epoch", (0..<epochs).map { Double($0 + 1) })]
    for (part, noise) in [("train", 0.02), ("val", 0.12)] {
      table.append(("\(part)_loss", curve(5, 0.9, noise)))
      table.append(("\(part)_reconstruction1_loss", curve(1, 0.3, noise)))
      table.append(("\(part)_reconstruction2_loss", curve(0.05, 0.002, noise)))
      table.append(("\(part)_fc2_loss", curve(2.2, 0.4, noise)))
      for level in 1...2 {
        table.append(("\(part)_vq\(level)_loss", curve(0.5, 0.1 * Double(level), noise)))
        table.append(("\(part)_vq\(level)_commitment_loss", curve(0.1, 0.02, noise)))
        table.append(("\(part)_vq\(level)_quantization_loss", curve(0.4, 0.08, noise)))
        table.append(("\(part)_vq\(level)_softmax_loss", [Double](repeating: 0, count: epochs)))
        table.append(("\(part)_perplexity\(level)", curve(3, 180 / Double(level), noise)))
      }
    }
    let last = [Double](repeating: .nan, count: max(epochs - 1, 0))
    table.append(("test_loss", last + [0.95]))
    table.append(("test_reconstruction1_loss", last + [0.31]))
    table.append(("lr", (0..<epochs).map { $0 < 30 ? 1e-3 : $0 < 40 ? 1e-4 : 1e-5 }))
    table.append(("seconds", (0..<epochs).map { _ in 12 }))
    return try TrainingHistory(table)
  }

  @Test(.enabled(if: gnuplotIsHere), arguments: [1, 2, 60]) func draws(epochs: Int) throws {
    let folder = try TemporaryFolder()
    let figure = try HistoryFigure(Self.madeHistory(epochs: epochs)).figure(
      named: "history-\(epochs)")
    try expectValidPictures(try figure.write(to: folder.url), of: figure)
    keepForTheEye(folder.url)
  }

  @Test func partsThatAreOffAreLeftOut() throws {
    let script = try HistoryFigure(Self.madeHistory(epochs: 3)).figure(named: "h").script
    #expect(!script.contains("Softmax"))
    #expect(script.contains("Perplexity"))
    #expect(script.contains("Learning rate"))
  }

  @Test func readsAndRefusesFiles() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "history.csv")
    func read(_ text: String) throws -> TrainingHistory {
      try Data(text.utf8).write(to: file)
      return try TrainingHistory(csv: file)
    }
    let history = try read("epoch,train_loss,test_loss\r\n0,1.5,\r\n1,1e-2,nan\r\n")
    #expect(history.rowCount == 2)
    #expect(history.columns["train_loss"] == [1.5, 0.01])
    #expect(history.columns["test_loss"]?.allSatisfy(\.isNaN) == true)
    #expect(throws: FigureError(.badData, "\(file.path), row 2: 1 fields where the header has 2."))
    {
      try read("epoch,train_loss\n0,1\n1\n")
    }
    #expect(
      throws: FigureError(
        .badData, "\(file.path), row 1, column train_loss: \"high\" is not a number.")
    ) { try read("epoch,train_loss\n0,high\n") }
    #expect(
      throws: FigureError(
        .badData, "\(file.path) is empty; a header and a row per epoch were expected.")
    ) { try read("") }
    let none = #expect(throws: FigureError.self) {
      try TrainingHistory(csv: folder.url.appending(path: "none.csv"))
    }
    #expect(none?.kind == .missingInput)
    #expect(
      throws: FigureError(
        .badData, "The training history has no epoch with a loss yet; there is nothing to draw.")
    ) { try HistoryFigure(try read("epoch,train_loss\n")).figure(named: "h") }
  }

  @Test func notANumberAndNegativeLossesAreDrawable() throws {
    let history = try TrainingHistory([
      ("epoch", [0, 1]), ("train_loss", [.nan, .infinity]), ("val_loss", [-1, 2]),
      ("lr", [0, 0]),
    ])
    _ = try HistoryFigure(history).figure(named: "h")
  }
}
