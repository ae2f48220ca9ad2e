public import ArrayFiles
public import Foundation

/// AnnData's encodings on disk (https://anndata.readthedocs.io/en/stable/fileformat-prose.html,
/// version 0.1.0 of the file): every object has the attributes `encoding-type` and
/// `encoding-version`.
extension EmbeddingExport {
  /// Writes a `.h5ad` file that `anndata.read_h5ad` opens, also backed.
  ///
  /// `X` are the features and `obsm` the other rows, copied a few megabytes at a time in their own
  /// types. `obs` has the columns: whole numbers, numbers and flags as such where each text can be had back
  /// from its number (names of proteins, fields and cells are never numbers), texts that repeat as categories. `uns["cytoself"]` has the layer, the shape of a cell in it, and the notes.
  ///
  /// - Parameter url: the file.
  /// - Throws: `ArrayFileError` when reading or writing fails; nothing is left under the name then.
  public func writeAnnData(to url: URL) throws(ArrayFileError) {
    let file = try HDF5Writer(url)
    try file.encode("/", "anndata", "0.1.0")
    try copy(features, to: "X", in: file)
    try writeCells(in: file)
    try file.frame("var", index: "feature", columns: [])
    try file.texts("var/feature", featureNames)
    for name in ["layers", "obsm", "obsp", "uns", "varm", "varp"] { try file.dictionary(name) }
    for (name, rows) in matrices { try copy(rows, to: "obsm/X_\(name)", in: file) }
    try file.dictionary("uns/cytoself")
    try file.text("uns/cytoself/layer", features.layer)
    try file.array("uns/cytoself/item_shape", features.file.itemShape.map { Int64($0) })
    for (name, text) in notes { try file.text("uns/cytoself/\(name)", text) }
    try file.finish()
  }

  /// Copies a layer as [cells, columns], block by block.
  private func copy(
    _ layer: EmbeddingLayer, to path: String, in file: HDF5Writer
  ) throws(ArrayFileError) {
    let type = layer.file.elementType
    let target = try file.dataset(
      path, type, shape: [layer.rows, layer.columns], deflate: deflate)
    let row = layer.columns * type.byteCount
    let block = max(1, (4 << 20) / row)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: block * row, alignment: 64)
    defer { buffer.deallocate() }
    for start in stride(from: 0, to: layer.rows, by: block) {
      let range = start..<min(start + block, layer.rows)
      try layer.file.readRowBytes(range, into: buffer)
      try target.write(range, UnsafeRawBufferPointer(rebasing: buffer[..<(range.count * row)]))
    }
    try file.encode(path, "array", "0.2.0")
  }

  private func writeCells(in file: HDF5Writer) throws(ArrayFileError) {
    let names = Self.keys(columns.map(\.name), besides: idName)
    let index = Self.keys([idName], besides: "")[0]
    try file.frame("obs", index: index, columns: names)
    try file.texts("obs/\(index)", ids)
    for (name, column) in zip(names, columns) {
      let path = "obs/\(name)"
      let isName = nameColumns.contains(column.name) || ColumnRole.holdsNames(column.name)
      switch ObservationColumn(column, holdsNames: isName) {
      case .integers(let values, let missing):
        try file.nullable(path, values, missing, "nullable-integer")
      case .numbers(let values): try file.array(path, values)
      case .flags(let values, let missing):
        try file.nullable(path, values, missing, "nullable-boolean")
      case .categories(let names, let codes): try file.categories(path, names, codes)
      case .texts(let texts): try file.texts(path, texts)
      }
    }
  }

  /// Names that may be keys of a file: a slash would make a group, and each has to be another.
  static func keys(_ names: [String], besides taken: String) -> [String] {
    var used: Set<String> = [taken, "", ".", "_index"]
    return names.map { name in
      let plain = name.replacing("/", with: "_")
      var key = plain
      var number = 2
      while !used.insert(key).inserted {
        key = "\(plain.isEmpty ? "column" : plain)_\(number)"
        number += 1
      }
      return key
    }
  }
}

extension HDF5Writer {
  /// Says how an object is to be read.
  fileprivate func encode(
    _ path: String, _ type: String, _ version: String
  ) throws(ArrayFileError) {
    try attribute("encoding-type", type, of: path)
    try attribute("encoding-version", version, of: path)
  }

  fileprivate func dictionary(_ path: String) throws(ArrayFileError) {
    try group(path)
    try encode(path, "dict", "0.1.0")
  }

  fileprivate func frame(
    _ path: String, index: String, columns: [String]
  ) throws(ArrayFileError) {
    try group(path)
    try encode(path, "dataframe", "0.2.0")
    try attribute("_index", index, of: path)
    try attribute("column-order", columns, of: path)
  }

  fileprivate func text(_ path: String, _ text: String) throws(ArrayFileError) {
    try dataset(path, text)
    try encode(path, "string", "0.2.0")
  }

  fileprivate func texts(_ path: String, _ texts: [String]) throws(ArrayFileError) {
    try dataset(path, texts)
    try encode(path, "string-array", "0.2.0")
  }

  fileprivate func array<Element: ArrayElement>(
    _ path: String, _ values: [Element]
  ) throws(ArrayFileError) {
    try dataset(path, values)
    try encode(path, "array", "0.2.0")
  }

  /// An array, or one with a mask where values are missing.
  fileprivate func nullable<Element: ArrayElement>(
    _ path: String, _ values: [Element], _ missing: [Bool]?, _ encoding: String
  ) throws(ArrayFileError) {
    guard let missing else {
      try array(path, values)
      return
    }
    try group(path)
    try encode(path, encoding, "0.1.0")
    try array("\(path)/values", values)
    try array("\(path)/mask", missing)
  }

  fileprivate func categories(
    _ path: String, _ names: [String], _ codes: [Int32]
  ) throws(ArrayFileError) {
    try group(path)
    try encode(path, "categorical", "0.2.0")
    try attribute("ordered", false, of: path)
    try texts("\(path)/categories", names)
    // The smallest type that holds them, as pandas has it.
    switch names.count {
    case ...Int(Int8.max): try array("\(path)/codes", codes.map { Int8($0) })
    case ...Int(Int16.max): try array("\(path)/codes", codes.map { Int16($0) })
    default: try array("\(path)/codes", codes)
    }
  }
}
