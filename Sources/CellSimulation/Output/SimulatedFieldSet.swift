import ArrayFiles
import Dispatch
public import Foundation
import ImageFiles
import Numerics
import Raster

/// Writes whole fields of view with known nuclei: what `crop` reads, and what it can be judged by.
///
/// The folder gets `fields/NAME_fNN.ome.tif` (two 16-bit pages: protein, nucleus), the label masks
/// `masks/NAME_fNN.tif`, and the tables `fields.csv` and `nuclei.csv`.
public struct SimulatedFieldSet: Sendable {
  /// What is simulated; `cells` and `cropSize` do not matter here.
  public let plan: SimulationPlan
  /// Side of a field in pixels.
  public let side: Int
  /// How much of a field cells cover; nil for a different share in every field.
  public let crowding: Float?
  /// Threads that make fields.
  public let threads: Int

  /// The columns of `fields.csv`.
  static let fieldColumns = [
    "file", "mask", "ensg", "name", "pattern", "loc_grade3", "protein_id", "FOV_id", "nuclei",
  ]
  /// The columns of `nuclei.csv`.
  static let nucleusColumns = ["file", "label", "x", "y", "area", "touches_edge"]

  /// Fields of `settings`.
  ///
  /// - Parameters:
  ///   - side: Side of a field in pixels, 64 to 8,192.
  ///   - crowding: How much of a field cells cover, 0.1 to 1.2; nil for a different share in each.
  ///   - threads: Threads, 1 to 1,024; nil for one per core.
  ///   - settings: what is simulated, and how much of it.
  /// - Throws: ``SimulationError`` for a value out of range.
  public init(
    _ settings: SimulationSettings, side: Int = 1_024, crowding: Float? = nil, threads: Int? = nil
  ) throws(SimulationError) {
    plan = try SimulationPlan(settings)
    try SimulationSettings.check("--field-size", side, 64...8_192)
    if let crowding, !(crowding >= 0.1 && crowding <= 1.2) {
      throw .outOfRange(
        option: "--crowding", value: "\(crowding)", allowed: "between 0.1 and 1.2")
    }
    if let threads { try SimulationSettings.check("--threads", threads, 1...1_024) }
    self.side = side
    self.crowding = crowding
    self.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// The number of fields.
  public var count: Int { plan.proteins.count * plan.settings.fields }

  /// Writes everything into `folder`, which must not exist or be empty; it appears when complete.
  ///
  /// - Parameter progress: Called now and then with the number of fields written.
  /// - Parameter folder: the folder to write.
  /// - Throws: `ArrayFileError` when the folder is in use or cannot be made, or writing fails, ``ImageError``
  ///   of an image; nothing is left behind then.
  public func write(to folder: URL, progress: (Int) -> Void = { _ in }) throws {
    let staging = try StagedFolder(folder)
    do {
      for name in ["fields", "masks"] {
        try FileManager.default.createDirectory(
          at: staging.url.appending(path: name), withIntermediateDirectories: false)
      }
      try writeFields(to: staging.url, progress: progress)
      try staging.publish()
    } catch {
      staging.discard()
      throw error
    }
  }

  private func writeFields(to folder: URL, progress: (Int) -> Void) throws {
    let fieldTable = try AtomicFile(folder.appending(path: "fields.csv"))
    let nucleusTable = try AtomicFile(folder.appending(path: "nuclei.csv"))
    try fieldTable.write(Self.fieldColumns.joined(separator: ",") + "\n")
    try nucleusTable.write(Self.nucleusColumns.joined(separator: ",") + "\n")
    let makers = (0..<min(threads, count)).map { _ in FieldSimulator(plan.settings, side: side) }
    for start in stride(from: 0, to: count, by: makers.count) {
      let run = min(makers.count, count - start)
      let results = RunResults(count: run)
      nonisolated(unsafe) let shared = makers
      DispatchQueue.concurrentPerform(iterations: run) { worker in
        results.set(
          worker, Result { try make(start + worker, with: shared[worker], in: folder) })
      }
      for worker in 0..<run {
        let rows = try results.get(worker)
        try fieldTable.write(rows.field)
        try nucleusTable.write(rows.nuclei)
      }
      progress(start + run)
    }
    try fieldTable.finish()
    try nucleusTable.finish()
  }

  /// Makes and writes one field; its rows of the two tables.
  private func make(_ index: Int, with simulator: FieldSimulator, in folder: URL) throws
    -> (field: String, nuclei: String)
  {
    let protein = plan.proteins[index / plan.settings.fields]
    let number = index % plan.settings.fields
    let field = simulator.simulate(protein, field: number, crowding: crowding)
    let stem = "\(protein.name)_f\(number.padded(to: 2))"
    let file = "fields/\(stem).ome.tif"
    let mask = "masks/\(stem).tif"
    let image = try TIFFWriter(folder.appending(path: file))
    try image.append(field.protein, width: side, height: side, description: metadata)
    try image.append(field.nucleus, width: side, height: side)
    try image.finish()
    let labels = try TIFFWriter(folder.appending(path: mask))
    try labels.append(field.labels.labels.map { UInt16($0) }, width: side, height: side)
    try labels.finish()
    let row = [
      file, mask, protein.gene, protein.name, protein.pattern.name, protein.grades.three,
      String(protein.id), String(index), String(field.nuclei.count),
    ]
    let nuclei = field.nuclei.map { nucleus in
      "\(file),\(nucleus.label),\(nucleus.x),\(nucleus.y),\(nucleus.area),\(nucleus.touchesEdge)\n"
    }
    return (row.joined(separator: ",") + "\n", nuclei.joined())
  }

  /// OME-XML: two channels by name and the size of a pixel.
  private var metadata: String {
    let size = "\(plan.settings.pixelSize)"
    return """
      <?xml version="1.0" encoding="UTF-8"?>\
      <OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">\
      <Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" \
      SizeX="\(side)" SizeY="\(side)" SizeC="2" SizeZ="1" SizeT="1" \
      PhysicalSizeX="\(size)" PhysicalSizeY="\(size)" PhysicalSizeXUnit="um" \
      PhysicalSizeYUnit="um"><Channel ID="Channel:0:0" Name="protein" SamplesPerPixel="1"/>\
      <Channel ID="Channel:0:1" Name="nucleus" SamplesPerPixel="1"/><TiffData IFD="0" \
      PlaneCount="2"/></Pixels></Image></OME>
      """
  }
}

/// The rows of fields made on several threads, each in a place of its own.
private final class RunResults: @unchecked Sendable {
  private let results: UnsafeMutablePointer<Result<(field: String, nuclei: String), any Error>?>
  private let count: Int

  init(count: Int) {
    self.count = count
    results = .allocate(capacity: count)
    results.initialize(repeating: nil, count: count)
  }

  deinit {
    results.deinitialize(count: count)
    results.deallocate()
  }

  func set(_ index: Int, _ result: Result<(field: String, nuclei: String), any Error>) {
    results[index] = result
  }

  func get(_ index: Int) throws -> (field: String, nuclei: String) {
    guard let result = results[index] else { preconditionFailure("Each field is made.") }
    return try result.get()
  }
}
