import ArgumentParser
import CytoselfAnalysis
import Foundation

/// How a map of cells is coloured, and what is shown of a cell that is pointed at.
struct MapOptions: ParsableArguments {
  @Option(
    help: """
      Colour by this column; may be given again for more figures (default: the protein). Numbers with \
      fractions, or more than 75 numbers, are drawn on a scale, everything else as groups.
      """)
  var colorBy: [String] = []

  @Option(
    help: "Only these groups of the first column have colours, as a,b,c; others are grey behind.")
  var highlight: String?

  @Option(help: "Give groups the colours and order they have in this palette.csv of another map.")
  var palette: String?

  @Option(
    help: "Show pictures of cells in map.html: the crops, a folder in any layout or one .npy.")
  var crops: String?

  @Option(help: "The channel of --crops that is shown, by name or number (default: the first).")
  var cropChannel: String?

  @Option(
    help: """
      The most pictures in map.html, 3 KB each; of more cells they are drawn at random, each group \
      in turn.
      """)
  var pictures = 3000

  func validate() throws {
    guard (1...50_000).contains(pictures) else {
      throw ValidationError("--pictures is 1 to 50,000.")
    }
    guard crops != nil || cropChannel == nil else {
      throw ValidationError("--crop-channel needs --crops, the crops to show.")
    }
  }
}
