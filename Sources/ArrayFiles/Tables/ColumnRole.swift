/// What a column of a table of cells is for, by its name alone.
///
/// The one list of names for data sets, embeddings and every command. Letter case does not matter.
package enum ColumnRole {
  /// Columns that say the protein, the likeliest first.
  package static let protein = [
    "name", "gene", "protein", "gene_name", "protein_name", "target_name", "label",
  ]
  /// Columns that say the field of view, the likeliest first.
  package static let field = [
    "fov_id", "fov", "field", "field_id", "fovid", "fov_path", "fovpath", "field_of_view", "site",
  ]
  /// Columns that name single cells.
  package static let cell = ["cell", "cell_id", "id"]
  /// Columns that number rows.
  package static let rowNumber = ["", "index", "row", "file", "unnamed: 0"]
  /// The column with the part of the split, and those with the place in the crops, which `embed` writes.
  package static let written = ["split", "source", "row"]

  /// Whether a column holds names: its values are never numbers, whatever they look like.
  ///
  /// Those of proteins, fields and cells by their names, and every column whose name ends in `id`.
  package static func holdsNames(_ column: String) -> Bool {
    let name = column.lowercased()
    return protein.contains(name) || field.contains(name) || cell.contains(name)
      || name.hasSuffix("_id") || name == "split" || name == "ensg" || name == "well"
  }
}
