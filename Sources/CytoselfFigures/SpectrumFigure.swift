import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// Feature spectra: how often each code is used, codes in the order of their clusters.
///
/// One panel a spectrum, on one scale so that they compare; a difference of two spectra has bars
/// up and down in two colours.
public struct SpectrumFigure: Sendable {
  /// One spectrum.
  public struct Spectrum: Sendable, Equatable {
    /// What it is of: a protein, an image, a difference.
    public var name: String
    /// The value of each feature, in the order they are drawn.
    public var values: [Float]
    /// The group that gives its colour, if any.
    public var group: String?

    /// A spectrum of something.
    public init(name: String, values: [Float], group: String? = nil) {
      self.name = name
      self.values = values
      self.group = group
    }
  }

  /// The spectra, from above.
  public var spectra: [Spectrum]
  /// Colours of their groups.
  public var palette: GroupPalette
  /// Stretches of features with a name, such as clusters of codes: first feature and one past the last.
  public var bands: [(name: String, features: Range<Int>)]
  /// The title of the figure.
  public var title: String
  /// What the bars are.
  public var valueName: String
  /// Whether panels share a vertical scale (spectra one, differences another).
  public var sharesScale: Bool

  /// A figure of spectra.
  public init(
    _ spectra: [Spectrum], palette: GroupPalette = GroupPalette([]),
    bands: [(name: String, features: Range<Int>)] = [], title: String = "Feature spectra",
    valueName: String = "share of positions", sharesScale: Bool = true
  ) {
    self.spectra = spectra
    self.palette = palette
    self.bands = bands
    self.title = title
    self.valueName = valueName
    self.sharesScale = sharesScale
  }

  /// The figure.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if there is no spectrum or lengths differ.
  public func figure(named name: String) throws(FigureError) -> Figure {
    let count = spectra.first?.values.count ?? 0
    guard count > 0, spectra.allSatisfy({ $0.values.count == count }) else {
      throw FigureError(
        .badData,
        "The spectra of the figure \(name) need one value for each feature, equally many in all.")
    }
    guard spectra.count <= 40 else {
      throw FigureError(
        .usage, "\(spectra.count) spectra do not fit one figure; choose at most 40.")
    }
    let panelHeight = spectra.count > 8 ? 34.0 : 58.0
    let top = 34.0 + (bands.isEmpty ? 0 : 12)
    let step = panelHeight + 20
    var page = FigurePage(width: 510, height: top + step * Double(spectra.count) + 22)
    page.text(title, x: 12, y: 13, size: 9, bold: true)
    // Spectra share one scale and differences another: half a panel of nothing helps nobody.
    let isSigned = spectra.map { $0.values.contains { $0 < 0 } }
    func axis(_ chosen: some Sequence<Spectrum>) -> Axis {
      .linear("", chosen.flatMap { $0.values.map(Double.init) }, around: [0], count: 3)
    }
    let plain = axis(spectra.filter { !$0.values.contains { $0 < 0 } })
    let signed = axis(spectra.filter { $0.values.contains { $0 < 0 } })
    var table = NumberTable(["feature"] + (1...spectra.count).map { "spectrum\($0)" })
    for feature in 0..<count {
      table.row([Double(feature)] + spectra.map { Double($0.values[feature]) })
    }
    let file = page.data("spectra.tsv", table.content)
    for (index, spectrum) in spectra.enumerated() {
      let frame = Frame(x: 46, y: top + step * Double(index), width: 450, height: panelHeight)
      var y = !sharesScale ? axis([spectrum]) : isSigned[index] ? signed : plain
      y.title = index == spectra.count / 2 ? valueName : ""
      var x = Axis.linear("", [0, Double(count)], padding: 0, count: 8)
      if index == spectra.count - 1 { x.title = "feature (codes in the order of their clusters)" }
      if index < spectra.count - 1 { x.ticks = [] }
      page.text(
        TextMetrics.fitted(spectrum.name, width: 300, size: 7.5, bold: true), x: frame.x,
        y: frame.y - 6, size: 7.5, bold: true)
      var extra = ["set style fill solid 1 noborder", "set boxwidth 1 absolute"]
      for (place, band) in bands.enumerated() {
        extra.append(
          "set object rectangle from \(band.features.lowerBound),graph 0 to "
            + "\(band.features.upperBound),graph 1 behind fillcolor rgb "
            + "\"\(place % 2 == 0 ? "#f3f3f3" : "#ffffff")\" fillstyle solid noborder")
        if index == 0 {
          let middle = Double(band.features.lowerBound + band.features.upperBound) / 2
          page.text(
            TextMetrics.fitted(
              band.name, width: Double(band.features.count) / Double(count) * 450, size: 6.5),
            x: frame.x + middle / Double(count) * frame.width, y: frame.y - 17, size: 6.5,
            color: .quiet, align: .center)
        }
      }
      let color = spectrum.group.map { palette[$0].color } ?? GroupPalette.style(at: 0).color
      let below = GroupPalette.style(at: 3).color
      let column = "column(\(index + 2))"
      var plots = [
        "\(file) using ($1+0.5):(\(column)>0?\(column):0) with boxes lc rgb \"\(color.hex)\""
      ]
      if isSigned[index] {
        plots.append(
          "\(file) using ($1+0.5):(\(column)<0?\(column):0) with boxes lc rgb \"\(below.hex)\"")
        plots.append("0 with lines lw 0.5 lc rgb \"\(Color.ink.hex)\"")
      }
      var style = ChartStyle()
      style.hasGrid = false
      page.chart(frame, x: x, y: y, style: style, extra: extra, plots: plots)
    }
    return Figure(
      page, name: name,
      alternative: "\(title): \(spectra.map(\.name).joined(separator: ", ")), \(count) features")
  }
}

// MARK: From results of an analysis

extension SpectrumFigure {
  /// Marks the clusters of codes behind the spectra, numbered I, II, … from the left.
  ///
  /// - Parameters:
  ///   - count: how many clusters the tree is cut into.
  ///   - codes: the tree that gave the spectra their order.
  public mutating func showClusters(_ count: Int, of codes: CodeTree) {
    bands = codes.linkage.clusters(count).enumerated().map { (Numeral.roman($0 + 1), $1) }
  }
}
