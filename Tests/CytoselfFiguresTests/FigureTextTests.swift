import CytoselfFigures
import Foundation
import Testing

@Suite struct FigureTextTests {
  @Test func plainLabelsStayReadable() {
    #expect(FigureText.quoted("nuclear membrane (3)") == "\"nuclear membrane (3)\"")
    #expect(FigureText.quoted("β-actin 日本") == "\"β-actin 日本\"".escapingNonASCII())
  }

  @Test func nothingThatGnuplotUnderstandsIsLeftInAScript() {
    for label in hostileLabels {
      let quoted = FigureText.quoted(label)
      let inside = quoted.dropFirst().dropLast()
      #expect(quoted.hasPrefix("\"") && quoted.hasSuffix("\""))
      #expect(!inside.contains { "\"'`@#$%^_{}[]~&!;<>|*?\n\r\t".contains($0) }, "\(quoted)")
      // Every backslash starts an octal escape of three digits.
      for piece in inside.split(separator: "\\", omittingEmptySubsequences: false).dropFirst() {
        #expect(
          piece.prefix(3).count == 3 && piece.prefix(3).allSatisfy { "01234567".contains($0) })
      }
    }
  }

  @Test func escapesReadBackAsTheLabel() {
    for label in hostileLabels {
      let printable = FigureText.printable(label)
      #expect(decoded(FigureText.quoted(label)) == printable)
      #expect(decoded(FigureText.quotedTick(label)) == printable.replacing("%", with: "%%"))
    }
  }

  @Test func randomTextReadsBack() {
    var generator = SplitMix(seed: 7)
    for _ in 0..<500 {
      var text = ""
      for _ in 0..<Int.random(in: 0...40, using: &generator) {
        let value = UInt32.random(in: 0..<0x2FFF, using: &generator)
        if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
      }
      #expect(decoded(FigureText.quoted(text)) == FigureText.printable(text))
    }
  }

  @Test func longAndManyLinedLabelsAreCut() {
    #expect(FigureText.printable("one\ntwo\r\n\u{2028}x") == "one two   x")
    #expect(FigureText.printable(String(repeating: "a", count: 500)).count == 80)
    #expect(FigureText.printable("a\u{202E}b\u{200B}c") == "abc")
  }

  @Test func htmlHasNoLiveCharacters() {
    #expect(
      FigureText.html("<script>alert('x')</script>&\"\u{0}")
        == "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}")
  }

  @Test func numbersAreWrittenForReaders() {
    #expect(Numeral.readable(0.123456) == "0.123")
    #expect(Numeral.readable(-12.34) == "−12.3")
    #expect(Numeral.readable(1234567.8) == "1234568")
    #expect(Numeral.readable(0.00000123) == "1.2e−6")
    #expect(Numeral.readable(.nan) == "–")
    #expect(Numeral.decimal(-0.0001, places: 2) == "0.00")
    #expect(Numeral.grouped(1_134_592) == "1,134,592")
    #expect(Numeral.plain(2) == "2")
    #expect(Numeral.plain(.infinity) == "NaN")
  }

  @Test func romanNumerals() {
    let numbers = [1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 99: "XCIX", 2026: "MMXXVI"]
    for (number, text) in numbers { #expect(Numeral.roman(number) == text) }
  }
}

/// Labels that would break out of a careless script.
let hostileLabels = [
  "`touch HACKED`", "'; system(\"touch HACKED\"); '", "\"; !touch HACKED", "$(touch HACKED)",
  "@sys_command x_1^2 {/Bold=40 huge}", "trailing backslash \\", "\\\"; system('touch HACKED')#",
  "line\nset output 'HACKED'\nplot x", "%d %s %n 100%", "<b onmouseover=alert(1)>&amp;</b>",
  "]]><script>", "\u{202E}reversed\u{0}nul\u{7}bell", "日本語 µm ±5 Å", "| touch HACKED",
  "< touch HACKED", "a\ttab", "#comment", "\\047; system(\\042touch HACKED\\042)",
]

/// The text that gnuplot reads from a double-quoted string with octal escapes.
func decoded(_ quoted: String) -> String {
  let bytes = Array(quoted.utf8.dropFirst().dropLast())
  var out: [UInt8] = []
  var index = 0
  while index < bytes.count {
    if bytes[index] == UInt8(ascii: "\\"), index + 3 < bytes.count {
      out.append(
        bytes[index + 1...index + 3].reduce(0) { $0 &* 8 &+ ($1 - UInt8(ascii: "0")) })
      index += 4
    } else {
      out.append(bytes[index])
      index += 1
    }
  }
  return String(decoding: out, as: UTF8.self)
}

extension String {
  /// Bytes beyond ASCII as gnuplot's octal escapes.
  func escapingNonASCII() -> String {
    utf8.map { $0 < 128 ? String(UnicodeScalar($0)) : "\\" + String($0, radix: 8) }.joined()
  }
}

/// A small seeded generator, so that a failing case comes back.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
