import ArrayFiles
import Foundation

/// A data set in the released layout that trains in seconds: small crops, a blob per protein.
struct TinyDataSet {
  var proteins = ["ALPHA", "BETA", "GAMMA"]
  var fieldsPerProtein = 4
  var cellsPerField = 4
  var side = 24

  let channels = 4

  /// One crop's place in the table.
  struct Cell {
    let protein: Int
    let field: Int
    let cell: Int
  }

  var cells: [Cell] {
    proteins.indices.flatMap { protein in
      (0..<fieldsPerProtein).flatMap { field in
        (0..<cellsPerField).map { Cell(protein: protein, field: field, cell: $0) }
      }
    }
  }

  /// Pixels `[cells, height, width, channel]`: the protein is a spot whose place tells the protein.
  var pixels: [Float] {
    var values: [Float] = []
    values.reserveCapacity(cells.count * side * side * channels)
    for cell in cells {
      let middle = Float(side) / 2
      let shift = Float(cell.cell % 3) - 1
      let angle = Float(cell.protein) * 2.1
      let spot = (
        middle + 0.25 * Float(side) * sin(angle), middle + 0.25 * Float(side) * cos(angle)
      )
      for y in 0..<side {
        for x in 0..<side {
          let (row, column) = (Float(y) - shift, Float(x) + shift)
          let toSpot = hypot(row - spot.0, column - spot.1)
          let toMiddle = hypot(row - middle, column - middle)
          let isNucleus = toMiddle < middle / 2
          values.append(exp(-toSpot * toSpot / 8))
          values.append(isNucleus ? 0.8 : 0.1)
          values.append(isNucleus ? 0 : toMiddle - middle / 2)
          values.append(isNucleus ? 1 : 0)
        }
      }
    }
    return values
  }

  /// The table, one row per cell.
  var table: String {
    "ensg,name,loc_grade1,protein_id,FOV_id\n"
      + cells.map { cell in
        let protein = proteins[cell.protein]
        return "E\(cell.protein),\(protein),place\(cell.protein % 2),\(cell.protein),"
          + "\(protein)-\(cell.field)\n"
      }.joined()
  }

  /// Writes the two files of the layout into a folder, which is made.
  @discardableResult
  func write(to folder: TemporaryFolder, _ name: String = "data") throws -> String {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: name), withIntermediateDirectories: true)
    try NPY.write(
      pixels, shape: [cells.count, side, side, channels],
      to: folder.url.appending(path: name + "/Image_data00.npy"))
    try folder.write(table, to: name + "/Label_data00.csv")
    return folder.path(name)
  }
}
