import ArrayFiles

/// The page of an atlas: files that are compiled into the library and written as they are.
enum AtlasPage {
  /// Each file with its place in the atlas.
  static let files: [(name: String, content: [UInt8])] = [
    ("index.html", PackageResources.index_html)
  ]

  /// Writes the page.
  static func write(to folder: AtlasFolder) throws(ArrayFileError) {
    for (name, content) in files { try folder.write(content, to: name) }
  }
}
