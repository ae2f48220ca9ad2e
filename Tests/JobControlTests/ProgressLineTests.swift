import JobControl
import Testing

@Suite struct ProgressLineTests {
  @Test func terminalShowsBarRateAndTimeLeft() {
    var text = ""
    var now = 0.0
    let progress = ProgressLine(
      "epoch 1/3", total: 400, isTerminal: true, write: { text += $0 }, clock: { now })
    now = 2
    progress.advance(by: 100, note: "loss 1.5")
    #expect(
      text == "\r\u{1B}[K[#####...............] epoch 1/3  100/400 cells  50 cells/s  6s left"
        + "  loss 1.5")
    progress.finish("done")
    #expect(text.hasSuffix("\r\u{1B}[Kdone\n"))
  }

  @Test func logGetsPlainLinesNowAndThen() {
    var text = ""
    var now = 0.0
    let progress = ProgressLine(
      "embed", total: 1000, done: 100, isTerminal: false, write: { text += $0 }, clock: { now })
    for second in 1...16 {
      now = Double(second)
      progress.advance(by: 10)
    }
    #expect(text == "embed  250/1000 cells  10 cells/s  1m15s left\n")
  }

  @Test(arguments: [(0.4, "0s"), (42, "42s"), (185, "3m05s"), (7620, "2h07m")])
  func durationsAreShort(seconds: Double, text: String) {
    #expect(ProgressLine.duration(seconds) == text)
  }
}
