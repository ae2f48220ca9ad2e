import Foundation
import Numerics

extension DataInspection {
  mutating func checkFiles(_ data: CellDataSet) {
    for array in data.sources.flatMap(\.arrays) {
      if array.isFortranOrder {
        add(
          .warning, "fortran_order", array.path,
          "the array is in Fortran order, so that every crop is scattered over the whole file",
          "Reading will be slow. Save it with numpy.save(path, numpy.ascontiguousarray(array)).")
      }
      if array.trailingByteCount > 0 {
        add(
          .warning, "trailing_bytes", array.path,
          "\(array.trailingByteCount) bytes follow the array and are not used",
          "Check that the file was written to its end, and once.")
      }
      if array.channels > 16 {
        add(
          .warning, "many_channels", array.path,
          "shape \(array.cropShape) of a crop has \(array.channels) channels (the smallest axis)",
          "Check the order of the axes: crops, height, width, channels.")
      }
    }
  }

  mutating func checkLabels(_ data: CellDataSet) {
    for warning in data.warnings {
      add(.warning, warning.kind, warning.place, warning.what, warning.remedy)
    }
    guard let column = data.labelColumn else {
      add(
        .warning, "no_labels", path, "there are no labels",
        "Give a table with one row per crop (--labels TABLE.csv); without one there is no pretext "
          + "task and no split by protein.")
      return
    }
    guard let book = try? data.labelBook() else { return }
    let counts = book.counts
    if book.classes.count == 1 {
      add(
        .warning, "one_class", "column \(column.name)",
        "every cell has the value \"\(book.classes[0])\"",
        "The pretext task needs two classes: choose another column (--label-column), or train "
          + "without it.")
    }
    let single = book.classes.indices.filter { counts[$0] == 1 }.map { book.classes[$0] }
    if !single.isEmpty, book.classes.count > 1 {
      add(
        .warning, "class_with_one_cell", "column \(column.name)",
        "\(single.count.counted("class", "classes")) "
          + "\(single.count == 1 ? "has" : "have") one cell only (\(CellDataError.list(single)))",
        "They can be in the training set or in the test set, not both: hold them out, or choose another column."
      )
    }
    checkFields(data, book)
  }

  private mutating func checkFields(_ data: CellDataSet, _ book: LabelBook) {
    let counts = book.counts
    var fields: [Int]?
    if let column = data.fieldColumn {
      var seen = [Set<Int32>](repeating: [], count: book.classes.count)
      for row in 0..<data.count where book.labels[row] >= 0 {
        seen[Int(book.labels[row])].insert(column.codes[row])
      }
      fields = seen.map(\.count)
      let one = book.classes.indices.filter { seen[$0].count == 1 }.map { book.classes[$0] }
      if !one.isEmpty {
        add(
          .warning, "one_field", "column \(column.name)",
          "\(one.count) of \(book.classes.count.counted("class", "classes")) have one field of view "
            + "(\(CellDataError.list(one)))",
          "Their cells can only be split by cell, so that training and test share a field and "
            + "results flatter: add fields or hold these classes out.")
      }
    } else {
      add(
        .warning, "no_fields", path, "no column says the field of view",
        "Cells of one field will sit in training and test, and results flatter: name the column "
          + "(--field-column).")
    }
    proteins = ProteinSummary(
      count: book.classes.count, fewestCells: counts.min() ?? 0, mostCells: counts.max() ?? 0,
      fields: fields?.reduce(0, +), fewestFields: fields?.min(), mostFields: fields?.max())
  }

  mutating func checkPixels(_ data: CellDataSet, sampleLimit: Int?, threads: Int) {
    let rows = Self.rows(data.count, limit: sampleLimit)
    if rows.count < data.count {
      notes.append(
        "pixels of \(rows.count) of \(data.count) crops were read, spread evenly "
          + "(--all reads all)")
    }
    let all = Array(data.channels.indices)
    let size = data.height * data.width
    let chunk = 64
    let scans = inParallel((rows.count + chunk - 1) / chunk, threads: threads) {
      (CropReader(data, channels: all), [Float](repeating: 0, count: all.count * size))
    } body: { state, index in
      var scan = PixelScan(channels: all.count)
      for row in rows[index * chunk..<min((index + 1) * chunk, rows.count)] {
        let reader = state.0
        state.1.withUnsafeMutableBufferPointer { crop in
          do throws(CellDataError) {
            _ = try reader.readAnyPixels(row, orientation: .identity, into: crop)
            scan.look(at: UnsafeBufferPointer(crop), row: row, size: size)
          } catch {
            scan.failures.append(error)
          }
        }
      }
      return scan
    }
    var total = PixelScan(channels: all.count)
    for scan in scans { total.join(scan) }
    cropsRead = rows.count
    report(total, data)
  }

  private static func rows(_ count: Int, limit: Int?) -> [Int] {
    guard let limit, limit > 0, count > limit else { return Array(0..<count) }
    return (0..<limit).map { $0 * count / limit }
  }

  private mutating func report(_ scan: PixelScan, _ data: CellDataSet) {
    for failure in scan.failures.prefix(8) {
      add(.error, failure.word, path, failure.description, "Check the file and its disk.")
    }
    channels = zip(channels, scan.moments).map { channel, moments in
      ChannelSummary(
        name: channel.name, isSelected: channel.isSelected, factor: channel.factor,
        minimum: moments.count > 0 ? moments.minimum : 0,
        maximum: moments.count > 0 ? moments.maximum : 0, mean: moments.mean)
    }
    for (index, channel) in channels.enumerated() {
      let bad = scan.notFinite[index]
      if !bad.isEmpty {
        add(
          channel.isSelected ? .error : .warning, "not_finite", places(bad, data),
          "\(bad.count.counted("crop")) with NaN or infinite pixels in channel "
            + channel.name,
          "Repair or remove these crops.")
      }
      // A mask or a distance may well be constant, an image of a cell is not.
      let flat = scan.constant[index]
      if !flat.isEmpty, channel.name != "nucmask" {
        add(
          .warning, "constant", places(flat, data),
          "\(flat.count.counted("crop")) with one value in all pixels of channel "
            + channel.name,
          "They show no cell: remove them, or check how they were cut.")
      }
      let largest = max(abs(channel.minimum), abs(channel.maximum))
      if channel.isSelected, largest > 20 {
        add(
          .warning, "range", "channel \(channel.name)",
          "pixels go from \(channel.minimum) to \(channel.maximum); the model expects about 0 to 1",
          "Scale the channel (--intensity \(channel.name)=\(1 / largest)).")
      }
    }
  }

  private func places(_ rows: [Int], _ data: CellDataSet) -> String {
    let named = rows.prefix(5).map { row -> String in
      let place = data.place(row)
      return "\(place.source) row \(place.row)"
    }
    return named.joined(separator: ", ") + (rows.count > 5 ? " and \(rows.count - 5) more" : "")
  }
}
