public import ArgumentParser
import ArrayFiles
import CellCrops
import CytoselfFigures
import Foundation
import JobControl
import Numerics

/// `cytoself crop FIELDS... --out DIR`: microscope fields to nucleus-centred crops.
public struct CropCommand: AsyncParsableCommand {
  /// Name, summary and examples, as `cytoself crop --help` shows them.
  public static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Cut nucleus-centred crops from microscope fields.",
    discussion: """
      FIELDS are TIFF, OME-TIFF, ImageJ, PNG or npy files, or folders of them, with the protein and
      the nuclear stain as channels, or in a file for each channel (--pattern). The data set that OUT
      becomes has Image_dataNN.npy with protein, nucleus, nuclear distance (pixels, negative inside)
      and nuclear mask, Label_dataNN.csv with an id, position, measurements and flags for every cell,
      fields.csv, plates.csv, manifest.json, a figure of quality control, and in overlays/ a picture of
      each field that shows what was found, kept and dropped.

      --pattern takes names from paths: '{plate}/{well}_s{site}_{channel}.tif' has one file for each
      channel; {protein}, {gene}, {slice} and * may stand in it too. A table (--table) with a column
      'file' or 'field' has name, ensg, loc_grade1 to 3, plate, well, site. Without either a field's
      protein is the name of its file.

      A field that cannot be read does not stop the others; it is listed, and the exit code is 1. A run
      that was stopped is resumed by the same command and gives the same bytes.

      Examples:
        cytoself crop fields --preview look.png --nucleus DAPI --protein GFP --diameter 60
        cytoself crop fields --out cells --nucleus DAPI --protein GFP --diameter 60 --drop debris,cut
      """)

  @Argument(help: "TIFF, PNG or npy files, or folders of them.")
  var fields: [String]

  @Option(help: "The folder to make; it must not exist or be empty.")
  var out: String?

  @Option(help: "Pattern of paths, with plate, well, site, channel and so on.")
  var pattern: String?

  @Option(help: "A CSV table that names the proteins of the fields.")
  var table: String?

  @Flag(help: "Show what would be cropped, and write nothing.")
  var dryRun = false

  @Option(help: "Cut the first field alone, write what was found as this PNG, and nothing else.")
  var preview: String?

  @OptionGroup var options: CropOptions

  /// An empty command, as the parser needs it.
  public init() {}

  /// Checks what can be checked before a file is opened.
  public func validate() throws {
    let ways = [out != nil, dryRun, preview != nil].count { $0 }
    guard ways == 1 || ways == 2 && out != nil && dryRun else {
      throw ValidationError("Give --out DIR, or one of --dry-run and --preview PNG.")
    }
    if options.settingsFrom == nil { _ = try options.settings() }
  }

  /// Cuts the fields.
  public func run() async throws {
    let settings = try options.settings()
    let listing = try listFields()
    if dryRun {
      try CropPlan(listing, settings).describe()
    } else if let preview {
      try show(listing.fields[0], settings, as: URL(filePath: preview))
    } else if let out {
      try cut(listing, settings, into: URL(filePath: out, directoryHint: .isDirectory))
    }
  }

  private func listFields() throws -> FieldListing {
    var listing = try FieldListing(
      fields.map { URL(filePath: $0) }, pattern: try pattern.map { try PathPattern($0) })
    warn("--pattern does not fit", listing.unmatched.map(\.lastPathComponent), "left out")
    if let table {
      let gaps = try listing.apply(table: URL(filePath: table))
      warn("\(table) has no row for", gaps.fields.map(\.stem), "named after their files")
      warn("\(table) names what is not there:", gaps.rows, "passed over")
    }
    return listing
  }

  private func show(
    _ field: FieldSource, _ settings: CroppedDataset.Settings, as picture: URL
  ) throws {
    let outcome = try CroppedDataset([field], settings).preview(to: picture)
    print(
      "\(outcome.kept.counted("crop")) of \(outcome.nuclei.counted("nucleus", "nuclei")) in \(field.stem); see \(picture.relativePath)"
    )
    var remarks = CropRemarks()
    remarks.show(outcome)
    CropReport([outcome]).printCounts()
  }

  private func cut(
    _ listing: FieldListing, _ settings: CroppedDataset.Settings, into folder: URL
  ) throws {
    let interruption = Interruption()
    interruption.listen {
      StandardError.print("stopping after the current fields; ctrl-C again stops at once")
    }
    let total = listing.fields.count
    var line = ProgressLine("crop", total: total, unit: "fields")
    var counting: ProgressLine?
    var remarks = CropRemarks()
    let outcomes: [CroppedDataset.Outcome]
    do {
      outcomes = try CroppedDataset(listing.fields, settings).write(to: folder) { event in
        if interruption.isRequested { throw CropStopped() }
        switch event {
        case .continued(let fields):
          line = ProgressLine("crop", total: total, done: fields, unit: "fields")
          StandardError.print("resuming after field \(fields) of \(total)")
        case .counted(let fields):
          let progress =
            counting
            ?? ProgressLine("grey values", total: total, done: fields - 1, unit: "fields")
          counting = progress
          progress.advance(by: 1)
          guard fields == total else { break }
          progress.finish()
          counting = nil
        case .field(let outcome):
          line.advance(by: 1)
          if let problem = outcome.problem { StandardError.print("warning: \(problem)") }
          remarks.show(outcome)
        }
      }
    } catch is CropStopped {
      line.finish()
      StandardError.print("stopped; the same command resumes from here")
      throw ExitCode.failure
    }
    line.finish()
    try finish(CropReport(outcomes), folder)
  }

  private func finish(_ report: CropReport, _ folder: URL) throws {
    do throws(FigureError) {
      try report.draw(in: folder)
    } catch {
      // The data set is complete without its figure.
      guard error.kind == .missingPart else { throw error }
      StandardError.print("warning: \(error)")
    }
    report.printSummary(folder.relativePath)
    guard report.failed == 0 else {
      StandardError.print(
        "warning: \(report.failed) of \(report.outcomes.count.counted("field")) could not be used; they are "
          + "listed in fields.csv")
      throw ExitCode.failure
    }
  }

  /// Warns of things that found no counterpart, naming the first of them.
  private func warn(_ what: String, _ names: [String], _ consequence: String) {
    guard !names.isEmpty else { return }
    let shown = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", ..." : "")
    StandardError.print("warning: \(what) \(shown) (\(names.count) in all, \(consequence))")
  }
}

/// A signal stopped the run.
private struct CropStopped: Error {}
