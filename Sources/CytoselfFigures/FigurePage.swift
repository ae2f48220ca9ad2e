import Foundation

/// A page on which a figure is laid out in points, from which the gnuplot script is made.
///
/// gnuplot's own layout guesses at the room that text needs; here every frame, tick and legend is
/// placed beforehand, so that nothing overlaps and a page looks the same in every format.
struct FigurePage {
  let width: Double
  let height: Double
  private(set) var dataFiles: [(suffix: String, content: Data)] = []
  private var panels: [[String]] = []
  private var decorations: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  // MARK: Text, lines and boxes anywhere on the page

  /// Writes a line of text; `y` is the middle of its height.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = 7, bold: Bool = false,
    color: Color = .ink, align: TextAlignment = .left, rotated: Double = 0, limit: Int = 80
  ) {
    guard !text.isEmpty else { return }
    let turn = rotated == 0 ? "" : " rotate by \(Numeral.plain(rotated))"
    decorations.append(
      "set label \(FigureText.quoted(text, limit: limit)) at screen \(screen(x, y)) \(align) noenhanced"
        + " font \"Arial\(bold ? ":Bold" : ""),\(Numeral.plain(size))\" textcolor rgb \"\(color.hex)\""
        + "\(turn) front")
  }

  /// Draws a straight line between two points.
  mutating func line(
    fromX: Double, fromY: Double, toX: Double, toY: Double, width: Double = 0.5,
    color: Color = .ink, dashed: Bool = false
  ) {
    decorations.append(
      "set arrow from screen \(screen(fromX, fromY)) to screen \(screen(toX, toY)) nohead"
        + " lw \(Numeral.plain(width)) lc rgb \"\(color.hex)\" dt \(dashed ? "(9,6)" : "1") front")
  }

  /// Fills a rectangle.
  mutating func box(_ frame: Frame, fill: Color, border: Color? = nil, front: Bool = true) {
    let edge = border.map { "border lc rgb \"\($0.hex)\" lw 0.5" } ?? "noborder"
    decorations.append(
      "set object rectangle from screen \(screen(frame.x, frame.y)) to screen "
        + "\(screen(frame.right, frame.bottom)) \(front ? "front" : "behind") fillcolor rgb "
        + "\"\(fill.hex)\" fillstyle solid \(edge)")
  }

  /// Draws the edge of a rectangle.
  mutating func outline(_ frame: Frame, width: Double = 0.4, color: Color = .quiet) {
    decorations.append(
      "set object rectangle from screen \(screen(frame.x, frame.y)) to screen "
        + "\(screen(frame.right, frame.bottom)) front fillstyle empty border lc rgb "
        + "\"\(color.hex)\" lw \(Numeral.plain(width))")
  }

  /// Writes a line of text with a white edge, to be read over points.
  mutating func haloText(
    _ text: String, x: Double, y: Double, size: Double = 7, bold: Bool = false,
    color: Color = .ink, align: TextAlignment = .center
  ) {
    for step in 0..<8 {
      let angle = Double(step) * .pi / 4
      self.text(
        text, x: x + 0.75 * cos(angle), y: y + 0.75 * sin(angle), size: size, bold: bold,
        color: .white, align: align)
    }
    self.text(text, x: x, y: y, size: size, bold: bold, color: color, align: align)
  }

  /// Draws one marker, as in a legend.
  mutating func marker(_ marker: Marker, x: Double, y: Double, diameter: Double, color: Color) {
    decorations.append(
      "set label \"\" at screen \(screen(x, y)) point pt \(marker.pointType)"
        + " ps \(Numeral.plain(diameter / marker.unitDiameter)) lc rgb \"\(color.hex)\" front")
  }

  /// `x,y` of a point on the page as fractions, from the lower left corner as gnuplot wants them.
  private func screen(_ x: Double, _ y: Double) -> String {
    "\(fraction(x / width)),screen \(fraction(1 - y / height))"
  }

  private func fraction(_ value: Double) -> String {
    Numeral.decimal(value, places: 5).replacing("−", with: "-")
  }

  // MARK: Data and panels

  /// Keeps a data file beside the figure and returns what stands for its name in a panel's lines.
  mutating func data(_ suffix: String, _ content: Data) -> String {
    precondition(
      !dataFiles.contains { $0.suffix == suffix }, "Two data files of a figure have one name.")
    dataFiles.append((suffix, content))
    return "name.\".\(suffix)\""
  }

  /// Adds a plot in a frame; the lines set its axes and end with a `plot` command.
  ///
  /// All text, lines and boxes written so far that are not on a panel yet go with it.
  mutating func panel(_ frame: Frame, lines: [String]) {
    var all = decorations
    decorations = []
    all.append("set lmargin at screen \(fraction(frame.x / width))")
    all.append("set rmargin at screen \(fraction(frame.right / width))")
    all.append("set tmargin at screen \(fraction(1 - frame.y / height))")
    all.append("set bmargin at screen \(fraction(1 - frame.bottom / height))")
    panels.append(all + lines)
  }

  // MARK: The script

  /// The whole script of a figure with this name.
  func script(named name: String) -> String {
    var lines = [
      "# Made by cytoself. Draw it again:  gnuplot \(name).gnuplot",
      "# In another format:  gnuplot -e \"format='pdf'\" \(name).gnuplot",
      "name = \"\(name)\"",
      "if (!exists(\"format\")) format = \"png\"",
      "set encoding utf8",
    ]
    for format in FigureFormat.allCases {
      lines.append(
        "if (format eq \"\(format.rawValue)\") \(format.terminal(width: width, height: height))")
    }
    lines += [
      "set output name.\".\".format",
      "set datafile separator \"\\t\"",
      "set datafile missing \"NaN\"",
      "unset key",
      "set multiplot",
    ]
    var all = panels
    if !decorations.isEmpty || all.isEmpty { all.append(decorations + Self.emptyPanel) }
    for (index, panel) in all.enumerated() {
      lines.append("")
      lines.append("# Panel \(index + 1)")
      lines += Self.blank
      lines += panel
    }
    lines += ["", "unset multiplot", "set output"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What every panel starts from.
  private static let blank = [
    "unset label; unset arrow; unset object; unset tics; unset border; unset colorbox",
    "unset logscale; unset xlabel; unset ylabel; set xrange [0:1]; set yrange [0:1]",
  ]

  /// A panel that shows nothing but the text, lines and boxes.
  private static let emptyPanel = [
    "set lmargin at screen 0; set rmargin at screen 1",
    "set bmargin at screen 0; set tmargin at screen 1",
    "plot NaN notitle",
  ]
}
