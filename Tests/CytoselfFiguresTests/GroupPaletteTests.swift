import CytoselfFigures
import Foundation
import Testing

@Suite struct GroupPaletteTests {
  @Test func looksAreStable() {
    let all = GroupPalette(["er", "golgi", "nucleus", "er"])
    #expect(all.names == ["er", "golgi", "nucleus"])
    #expect(all["golgi"] == GroupPalette.style(at: 1))
    #expect(all["unknown"].color == .others)
    #expect(all["er"].color.hex == "#0072b2")
  }

  @Test func seventyFiveGroupsLookDifferent() {
    let styles = (0..<75).map { GroupPalette.style(at: $0) }
    #expect(Set(styles.map { "\($0.color.hex)\($0.marker)" }).count == 75)
    #expect(styles.prefix(15).allSatisfy { $0.marker == .circle })
  }

  @Test func firstFifteenColorsStayApartForAllEyes() {
    // Least distance in OKLab over normal sight and three colour blindnesses, as the script that
    // chose the colours found it.
    for matrix in sights {
      for a in 0..<15 {
        for b in 0..<a {
          let distance = perceived(GroupPalette.style(at: a).color, matrix)
            .distance(to: perceived(GroupPalette.style(at: b).color, matrix))
          #expect(distance > 0.075, "colours \(a) and \(b): \(distance)")
        }
      }
    }
  }

  @Test func scalesRunFromEndToEnd() {
    #expect(ColorScale.gray.color(at: 0) == Color(0x000000))
    #expect(ColorScale.gray.color(at: 7) == .white)
    #expect(ColorScale.diverging.color(at: 0.5) == Color(0xF7F7F7))
    #expect(ColorScale.viridis.color(at: -3) == Color(0x440154))
    #expect(ColorScale.blues.color(at: .nan) == Color(0xBBBBBB))
  }

  /// Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
  private let sights: [[Double]] = [
    [1, 0, 0, 0, 1, 0, 0, 0, 1],
    [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
    [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
    [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
  ]

  @Test func largestGroupsHaveColours() {
    var groups = (0..<80).flatMap { [String](repeating: "g\($0)", count: $0 == 7 ? 9 : 2) }
    groups += ["single", "", "", "others", "others", "others"]
    let palette = GroupPalette(largestOf: groups)
    #expect(palette.names.count == GroupPalette.looks)
    #expect(palette.names == palette.names.sorted())
    #expect(palette.names.contains("g7"))
    #expect(!palette.names.contains("single") && !palette.names.contains("others"))
    // Known groups keep their places, present or not.
    let after = GroupPalette(largestOf: ["b", "a", "c"], after: ["x", "c"])
    #expect(after.names == ["x", "c", "a", "b"])
    #expect(after["c"] == GroupPalette.style(at: 1))
  }

  private struct Lab {
    var values: [Double]
    func distance(to other: Lab) -> Double {
      zip(values, other.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }

  private func perceived(_ color: Color, _ matrix: [Double]) -> Lab {
    let rgb = [color.red, color.green, color.blue].map { value -> Double in
      let v = Double(value) / 255
      return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
    }
    func times(_ m: [Double], _ v: [Double]) -> [Double] {
      (0..<3).map { row in (0..<3).reduce(0) { $0 + m[3 * row + $1] * v[$1] } }
    }
    let seen = times(matrix, rgb).map { min(max($0, 0), 1) }
    let lms = times(
      [
        0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566,
        0.0883024619, 0.2817188376, 0.6299787005,
      ], seen)
    return Lab(
      values: times(
        [
          0.2104542553, 0.7936177850, -0.0040720468, 1.9779984951, -2.4285922050, 0.4505937099,
          0.0259040371, 0.7827717662, -0.8086757660,
        ], lms.map { cbrt($0) }))
  }
}
