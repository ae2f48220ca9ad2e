import ArrayFiles
import Foundation

/// Opens every file of a data set and gathers what is wrong instead of stopping at the first.
///
/// Opening a data set throws the first of the errors; an inspection shows them all.
struct DataAssembly {
  let url: URL
  let options: CellDataOptions
  private(set) var files: LayoutFiles?
  private(set) var sources: [CellDataSet.Source] = []
  private(set) var labels = LabelTable.empty(rows: 0)
  private(set) var rowCount = 0
  private(set) var notes: [String] = []
  private(set) var warnings: [LabelWarning] = []
  private(set) var channelNames: [String]?
  private(set) var errors: [CellDataError] = []

  init(_ url: URL, options: CellDataOptions) {
    self.url = url
    self.options = options
    do {
      let found = try LayoutFiles.find(url, labelsTable: options.labelsTable)
      files = found
      let manifest = FolderManifest(folder: url)
      channelNames = manifest.channels
      var reader = LabelReader(columnNames: manifest.labelColumns)
      for group in found.groups { add(group, suffixes: found.suffixes, labels: &reader) }
      if errors.isEmpty {
        labels = reader.finish(rows: rowCount)
        warnings = reader.warnings
      }
    } catch {
      errors.append(error)
    }
  }

  private mutating func add(
    _ group: LayoutFiles.Group, suffixes: [String], labels reader: inout LabelReader
  ) {
    var arrays: [ImageArray] = []
    let errorsBefore = errors.count
    for image in group.images {
      do throws(CellDataError) {
        let array = try open(image, group: group, single: !suffixes.isEmpty)
        try check(array, with: arrays.first ?? sources.first?.arrays.first)
        if let first = arrays.first, first.count != array.count {
          throw CellDataError.shapesDiffer(
            path: array.path, found: [array.count] + array.cropShape, other: first.path,
            expected: [first.count] + first.cropShape)
        }
        arrays.append(array)
      } catch {
        errors.append(error)
      }
    }
    // A table is looked at even where its images failed, so that an inspection is complete.
    var labelRows: Int?
    if let labels = group.labels {
      do { labelRows = try reader.read(labels, stem: group.stem, of: group.images[0]) } catch {
        errors.append(error)
      }
    }
    guard errors.count == errorsBefore, let first = arrays.first else { return }
    if let labelRows, labelRows != first.count, let labels = group.labels {
      errors.append(
        .rowsDiffer(
          labels: labels.path(percentEncoded: false), labelRows: labelRows, images: first.path,
          imageRows: first.count))
      return
    }
    guard first.count > 0 else {
      // One empty file among others is odd and harmless.
      notes.append("\(first.path) holds no crops")
      return
    }
    sources.append(
      CellDataSet.Source(
        stem: group.stem, firstRow: rowCount, count: first.count, arrays: arrays))
    rowCount += first.count
  }

  private func open(
    _ image: URL, group: LayoutFiles.Group, single: Bool
  ) throws(CellDataError) -> ImageArray {
    let path = image.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missingPart(
        path: path, neededBy: group.labels?.lastPathComponent ?? url.lastPathComponent)
    }
    let array = try ImageArray(image, channelsLast: files?.layout == .released)
    // The files of the sample layout hold one channel each.
    guard !single || array.channels == 1 else {
      throw .shape(
        path: path, found: [array.count] + array.cropShape,
        expected: "one channel per file, [crops, height, width]")
    }
    return array
  }

  private func check(_ array: ImageArray, with other: ImageArray?) throws(CellDataError) {
    guard let other, other.cropShape != array.cropShape else { return }
    throw .shapesDiffer(
      path: array.path, found: array.cropShape, other: other.path, expected: other.cropShape)
  }
}
