public import ArgumentParser
import ArrayFiles
import CellSimulation
import CytoselfFigures
import Foundation
import Numerics

/// `cytoself simulate OUT`: a labelled synthetic data set in either upstream layout.
public struct SimulateCommand: AsyncParsableCommand {
  /// Name, summary and an example, as `cytoself simulate --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Make a labelled synthetic data set of single-cell crops.",
    discussion: """
      Patterns: \(CellStructure.allCases.map(\.rawValue).joined(separator: ", ")); several joined by
      '+' make a mixture. Each pattern gets several proteins that differ in traits such as granule
      size, each protein several fields that differ in light and focus. The same options and seed
      give the same bytes, whatever the number of threads.

      Beside the images and labels OUT holds ground_truth.csv, manifest.json and contact_sheet.png.

      Example: cytoself simulate cells --patterns er,golgi,nucleoplasm+cytoplasm --fields 4
      """)

  @Argument(
    help: ArgumentHelp("The folder to make; it must not exist or be empty.", valueName: "out"))
  var folder: String

  @Option(help: "released (Image_dataNN.npy) or sample (NAME_pro.npy, ...).")
  var layout = LayoutName.released

  @Option(help: "Patterns, separated by commas (default: all of them and five mixtures).")
  var patterns: String?

  @Option(help: "Proteins of each pattern.")
  var proteinsPerPattern = SimulationSettings().proteinsPerPattern

  @Option(help: "Fields of view of each protein.")
  var fields = SimulationSettings().fields

  @Option(help: "Crops from each field.")
  var cells = SimulationSettings().cells

  @Flag(help: "Write whole fields of view with label masks of their nuclei instead of crops.")
  var wholeFields = false

  @Option(help: "Side of a whole field in pixels.")
  var fieldSize = 1_024

  @Option(help: "Share of a whole field that cells cover, 0.1 to 1.2 (default: varied).")
  var crowding: Float?

  @Option(help: "Side of a crop in pixels.")
  var cropSize = SimulationSettings().cropSize

  @Option(help: "Micrometres per pixel; with 0.4 cells are half as large as usual.")
  var pixelSize = SimulationSettings().pixelSize

  @Option(help: "The seed of everything.")
  var seed = SimulationSettings().seed

  @Option(help: "Image files in the released layout (default: one per 10,000 crops).")
  var shards: Int?

  @Option(help: "Threads (default: one per core).")
  var threads: Int?

  @Flag(inversion: .prefixedNo, help: "Draw contact_sheet.png (needs gnuplot).")
  var contactSheet = true

  @Flag(help: "Print a summary as one JSON object.")
  var json = false

  /// An empty command, as the parser needs it.
  public init() {}

  /// Makes the data set and its contact sheet, or whole fields.
  public func run() async throws {
    if wholeFields {
      try writeFields()
    } else {
      try writeCrops()
    }
  }

  private func writeFields() throws {
    let fields = try SimulatedFieldSet(
      try settings(), side: fieldSize, crowding: crowding, threads: threads)
    let seconds = try measuring {
      try fields.write(to: URL(filePath: folder, directoryHint: .isDirectory))
    }
    let rate = Double(fields.count) / seconds
    if json {
      let summary = FieldSummary(
        out: folder, fields: fields.count, fieldSize: fieldSize, fieldsPerSecond: rate,
        seconds: seconds, threads: fields.threads)
      print(try summary.jsonText())
    } else {
      print(
        "\(fields.count.counted("field")) of \(fieldSize) x \(fieldSize) pixels written to \(folder) "
          + "(\((rate * 10).rounded() / 10) fields/s)")
    }
  }

  private func measuring(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    let elapsed = (clock.now - start).components
    return max(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18, 1e-9)
  }

  private func writeCrops() throws {
    let dataset = try SimulatedDataset(
      try settings(), layout: layout == .sample ? .sample : .released, shards: shards,
      threads: threads)
    let target = URL(filePath: folder, directoryHint: .isDirectory)
    let seconds = try measuring { try dataset.write(to: target) }
    if contactSheet { try draw(dataset.plan, in: target) }
    try report(dataset, seconds: seconds)
  }

  private func settings() throws -> SimulationSettings {
    var settings = SimulationSettings(
      proteinsPerPattern: proteinsPerPattern, fields: fields, cells: cells, cropSize: cropSize,
      pixelSize: pixelSize, seed: seed)
    if let patterns {
      settings.patterns = try patterns.split(separator: ",").map { name in
        try LocalizationPattern(named: name.trimmingCharacters(in: .whitespaces))
      }
    }
    return settings
  }

  /// Draws the sheet; without gnuplot the data set is complete all the same, so that is a warning.
  private func draw(_ plan: SimulationPlan, in target: URL) throws {
    let sheet = ContactSheet(plan)
    let panels = ImagePanels(sheet)
    do throws(FigureError) {
      try panels.figure(named: "contact_sheet").write(to: target, formats: [.png])
    } catch {
      guard error.kind == .missingPart else { throw error }
      StandardError.warn("\(error)")
    }
  }

  private func report(_ dataset: SimulatedDataset, seconds: Double) throws {
    let plan = dataset.plan
    let rate = Double(plan.count) / seconds
    if json {
      let summary = Summary(
        out: folder, layout: dataset.layout.rawValue, crops: plan.count,
        proteins: plan.proteins.count, patterns: plan.settings.patterns.count,
        cropsPerSecond: rate, seconds: seconds, threads: dataset.threads)
      print(try summary.jsonText())
    } else {
      print(
        "\(plan.count.counted("crop")) of \(plan.proteins.count.counted("protein")) in "
          + "\(plan.settings.patterns.count) patterns written to \(folder) "
          + "(\(Int(rate.rounded())) crops/s)")
    }
  }

  private struct FieldSummary: Encodable {
    let out: String
    let fields: Int
    let fieldSize: Int
    let fieldsPerSecond: Double
    let seconds: Double
    let threads: Int
  }

  private struct Summary: Encodable {
    let out: String
    let layout: String
    let crops: Int
    let proteins: Int
    let patterns: Int
    let cropsPerSecond: Double
    let seconds: Double
    let threads: Int
  }

  /// The layouts by the names the option takes.
  enum LayoutName: String, ExpressibleByArgument, CaseIterable {
    case released
    case sample
  }
}

extension ImagePanels {
  /// A contact sheet: a row per pattern, its proteins side by side, then the nuclei of the first.
  fileprivate init(_ sheet: ContactSheet) {
    func image(_ pixels: [Float], note: String = "") -> Image {
      Image(height: sheet.side, width: sheet.side, values: pixels, note: note)
    }
    var rows: [[Image?]] = []
    for row in sheet.rows {
      var last = ""
      var images: [Image?] = row.map { picture in
        defer { last = picture.protein }
        return image(picture.pixels, note: picture.protein == last ? "" : picture.protein)
      }
      images += row.prefix(1).map { image($0.nucleus, note: "nuclei") }
      rows.append(images)
    }
    let width = sheet.rows.map(\.count).max() ?? 0
    self.init(
      rows: rows, rowTitles: sheet.patterns, title: "Simulated cells", range: .fixed(0, 1),
      gapsAfterColumns: [width - 1], imageWidth: 75, showsScale: false)
  }
}
