import Numerics

extension DataInspection: CustomStringConvertible {
  /// The inspection as a page of text.
  public var description: String {
    var lines = [path]
    if let layout {
      let name =
        switch layout {
        case .sample: "sample layout (<name>_pro.npy, <name>_label.npy)"
        case .released: "released layout (Image_dataNN.npy, Label_dataNN.csv)"
        case .array: "one array"
        }
      lines.append("  layout    \(name), \(imageFiles.counted("image file"))")
    }
    if cells > 0 { lines += describeCells() }
    for note in notes { lines.append("  note      \(note)") }
    for problem in problems {
      lines.append("  \(problem.severity == .error ? "ERROR  " : "warning")   \(problem.place)")
      lines.append("            \(problem.what)")
      lines.append("            -> \(problem.remedy)")
    }
    let errors = problems.count { $0.severity == .error }
    let warnings = problems.count - errors
    lines.append(
      isUsable
        ? "  usable, \(warnings.counted("warning"))"
        : "  cannot be used: \(errors.counted("error")), "
          + warnings.counted("warning"))
    return lines.joined(separator: "\n")
  }

  private func describeCells() -> [String] {
    var lines = [
      "  cells     \(cells), \(height) x \(width) pixels, "
        + channels.count.counted("channel") + ", "
        + elementTypes.joined(separator: " and "),
      "  memory    \(Self.bytes(imageBytes)) on disk, read crop by crop; a crop takes "
        + "\(Self.bytes(bytesPerCrop)) in memory",
    ]
    for channel in channels {
      lines.append(
        "  channel   \(channel.isSelected ? "*" : " ") \(channel.name): \(channel.minimum) to "
          + "\(channel.maximum), mean \(channel.mean.shortText)"
          + (channel.factor == 1 ? "" : " (x \(channel.factor))"))
    }
    for column in columns {
      let role = column.role.map { " [\($0)]" } ?? ""
      let empty = column.empty > 0 ? ", \(column.empty) empty" : ""
      lines.append(
        "  label       \(column.name)\(role): \(column.distinct.counted("value"))\(empty)"
          + " (\(column.examples.joined(separator: ", "))"
          + "\(column.distinct > column.examples.count ? ", ..." : ""))")
    }
    if let proteins {
      lines.append(
        "  proteins  \(proteins.count) with \(proteins.fewestCells) to \(proteins.mostCells) cells"
          + (proteins.fields.map {
            ", \($0.counted("field")), \(proteins.fewestFields ?? 0) to "
              + "\(proteins.mostFields ?? 0) per protein"
          } ?? ""))
    }
    return lines
  }

  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["bytes", "kB", "MB", "GB"] {
      if value < 1000 { return "\(value.shortText) \(unit)" }
      value /= 1000
    }
    return "\(value.shortText) TB"
  }
}
