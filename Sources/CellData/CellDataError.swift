public import ArrayFiles
import Numerics

/// What can be wrong with a data set, a label table, a split or a request about them.
///
/// Every case names the place and, in `description`, what was expected and what to do.
public enum CellDataError: Error, Sendable, Equatable {
  /// The path does not exist.
  case missing(path: String)
  /// The folder holds nothing that looks like a data set.
  case unknownLayout(path: String, found: [String])
  /// A file that belongs to the layout is not there.
  case missingPart(path: String, neededBy: String)
  /// A file cannot be read as what its name says (missing, empty, truncated, corrupt).
  case file(ArrayFileError)
  /// An array has a type of element that images cannot have.
  case elementType(path: String, found: String)
  /// An array has a shape that images cannot have.
  case shape(path: String, found: [Int], expected: String)
  /// Two files of one data set disagree about the shape of a crop.
  case shapesDiffer(path: String, found: [Int], other: String, expected: [Int])
  /// The rows of a label table and the images beside it do not match.
  case rowsDiffer(labels: String, labelRows: Int, images: String, imageRows: Int)
  /// A label table of one file has other columns than the rest.
  case columnsDiffer(path: String, found: [String], other: String, expected: [String])
  /// A pixel is not a finite number.
  case notFinite(path: String, row: Int, cell: String, channel: String)
  /// There are no crops.
  case noCells(path: String)
  /// No channel goes by that name or number.
  case unknownChannel(name: String, available: [String])
  /// No label column goes by that name or number.
  case unknownColumn(name: String, available: [String])
  /// Labels are needed and the data set has none.
  case noLabels(path: String)
  /// A protein in a load or hold list does not occur.
  case unknownProteins(names: [String], column: String)
  /// The labels have one value only, so there is nothing to distinguish.
  case oneClass(column: String, value: String)
  /// Classes with one cell cannot be in the training set and in the test set.
  case classesWithOneCell(column: String, classes: [String])
  /// A part of the split has no cells.
  case emptySplit(part: String, rule: String)
  /// The fractions of a split make no sense.
  case fractions(String)
  /// A value in the column that says the part is none of train, validation and test.
  case unknownPart(column: String, value: String, row: Int, source: String)
  /// A split file names a cell that the data set does not have, or the same cell twice.
  case splitFile(path: String, row: Int, cell: String, problem: String)
  /// A file that was there when the data set was opened has gone, shrunk or cannot be read.
  case reading(path: String, row: Int, reason: String)

  /// The family of this error; the command line turns it into an exit code.
  public var kind: FailureKind {
    switch self {
    case .file(let error): error.kind
    case .missing, .missingPart: .missingInput
    case .unknownChannel, .unknownColumn, .unknownProteins, .fractions: .usage
    case .reading: .inputOutput
    default: .badData
    }
  }
}

extension CellDataError {
  /// A word for scripts.
  var word: String {
    switch self {
    case .missing: "missing"
    case .unknownLayout: "unknown_layout"
    case .missingPart: "missing_part"
    case .file: "unreadable"
    case .elementType: "element_type"
    case .shape: "shape"
    case .shapesDiffer: "shapes_differ"
    case .rowsDiffer: "rows_differ"
    case .columnsDiffer: "columns_differ"
    case .notFinite: "not_finite"
    case .noCells: "no_cells"
    case .unknownChannel: "unknown_channel"
    case .unknownColumn: "unknown_column"
    case .noLabels: "no_labels"
    case .unknownProteins: "unknown_proteins"
    case .oneClass: "one_class"
    case .classesWithOneCell: "class_with_one_cell"
    case .emptySplit: "empty_split"
    case .fractions: "fractions"
    case .unknownPart: "unknown_part"
    case .splitFile: "split_file"
    case .reading: "reading"
    }
  }
}

extension CellDataError: CustomStringConvertible {
  /// One sentence on what is wrong and where, one on what to do.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file or folder. Check the path."
    case .unknownLayout(let path, let found):
      "\(path): no data set found in this folder ("
        + (found.isEmpty ? "it is empty" : "it holds \(Self.list(found))")
        + "). Expected <name>_pro.npy with <name>_label.npy, Image_dataNN.npy with "
        + "Label_dataNN.csv, or one .npy of crops; give a single .npy by its own path."
    case .missingPart(let path, let neededBy):
      "\(path): missing, needed by \(neededBy). Add the file, or move \(neededBy) away."
    case .file(let error):
      error.description
    case .elementType(let path, let found):
      "\(path): elements are \(found); images must be float32, float16, float64, uint8, uint16 "
        + "or bool. Save the array as one of these."
    case .shape(let path, let found, let expected):
      "\(path): shape \(found); expected \(expected)."
    case .shapesDiffer(let path, let found, let other, let expected):
      "\(path): crops of shape \(found), but \(other) has \(expected). All files of a data set "
        + "must hold crops of one shape."
    case .rowsDiffer(let labels, let labelRows, let images, let imageRows):
      "\(labels): \(labelRows.counted("row")), but \(images) has "
        + "\(imageRows.counted("crop")). There must be one row per crop, in the same order"
        + (labels.lowercased().hasSuffix(".csv") && labelRows + 1 == imageRows
          ? "; the first line is taken for the names of columns: add one if the table has none."
          : ".")
    case .columnsDiffer(let path, let found, let other, let expected):
      "\(path): columns \(Self.list(found)), but \(other) has \(Self.list(expected)). All label "
        + "tables of a data set must have the same columns."
    case .notFinite(let path, let row, let cell, let channel):
      "\(path), row \(row): cell \(cell) has a NaN or infinite pixel in channel \(channel). "
        + "Repair or remove the crop (`cytoself inspect` lists all of them)."
    case .noCells(let path):
      "\(path): no crops. Expected at least one."
    case .unknownChannel(let name, let available):
      "channel \(name): no such channel. There are \(Self.numbered(available)); give a name or a "
        + "number."
    case .unknownColumn(let name, let available):
      "column \(name): no such label column. There are \(Self.numbered(available)); give a name "
        + "or a number."
    case .noLabels(let path):
      "\(path): no labels. Give a table with one row per crop (--labels TABLE.csv)."
    case .unknownProteins(let names, let column):
      "\(Self.list(names)): not in label column \(column). Check the spelling, or choose another "
        + "label column."
    case .oneClass(let column, let value):
      "label column \(column): every cell has the value \"\(value)\"; telling classes apart "
        + "needs at least two. Choose another label column, or train without the pretext task."
    case .classesWithOneCell(let column, let classes):
      "label column \(column): \(classes.count.counted("class", "classes")) "
        + "\(classes.count == 1 ? "has" : "have") one cell only (\(Self.list(classes))); "
        + "each needs two or more. Hold these classes out, or choose another label column."
    case .emptySplit(let part, let rule):
      "the \(part) part of the split (\(rule)) has no cells. Use more cells, other fractions, "
        + "another way to split (by field, by cell, or a column with train, val and test), or a "
        + "fraction of 0 to do without it."
    case .fractions(let problem):
      "split fractions: \(problem). Give three numbers of 0 or more, as 0.82,0.098,0.082."
    case .unknownPart(let column, let value, let row, let source):
      "\(source), row \(row): column \(column) says \"\(value)\"; expected train, val or test."
    case .splitFile(let path, let row, let cell, let problem):
      "\(path), row \(row): cell \(cell) \(problem). The split file must come from this data set."
    case .reading(let path, let row, let reason):
      "\(path), row \(row): \(reason)".sentence
        + " The file changed or its disk failed; check it and resume."
    }
  }

  /// At most eight of the items, and how many more there are.
  static func list(_ items: [String]) -> String {
    let shown = items.prefix(8).joined(separator: ", ")
    return items.count > 8 ? "\(shown) and \(items.count - 8) more" : shown
  }

  static func numbered(_ items: [String]) -> String {
    if items.isEmpty { return "none" }
    return items.enumerated().map { "\($0.offset) \($0.element)" }.joined(separator: ", ")
  }
}
