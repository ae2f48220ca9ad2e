/// A page of HTML from the package's own files, with places for what differs from page to page.
///
/// The files lie in `Pages/` and are compiled into the library, so that a program needs none of them
/// beside it.
struct Page {
  /// The markup of an interactive map: `title`, `style`, `data`, `library` and `behaviour`.
  static let map = Page(PackageResources.map_html)
  /// The markup of a report: `title`, `style` and `body`.
  static let report = Page(PackageResources.report_html)

  /// The style of an interactive map.
  static let mapStyle = text(PackageResources.map_css)
  /// What an interactive map does; every text of users reaches the page as text, never as markup.
  static let mapBehaviour = text(PackageResources.map_js)
  /// The style of a report: system faces, one column, dark and light, print.
  static let reportStyle = text(PackageResources.report_css)

  private let parts: [Substring]

  private init(_ file: [UInt8]) {
    // Texts and names take turns: text {{name}} text {{name}} text.
    parts = Self.text(file).split(separator: "{{", omittingEmptySubsequences: false)
      .flatMap { $0.split(separator: "}}", maxSplits: 1, omittingEmptySubsequences: false) }
  }

  /// The page with a text in every place.
  ///
  /// - Parameter values: a text for each name, in HTML; a place in one of them stays as it is.
  func filled(_ values: [String: String]) -> String {
    var page = ""
    for (index, part) in parts.enumerated() {
      if index % 2 == 0 {
        page += part
      } else {
        guard let value = values[String(part)] else {
          preconditionFailure("A page has the place \(part), and no text was given for it.")
        }
        page += value
      }
    }
    return page
  }

  private static func text(_ file: [UInt8]) -> String { String(decoding: file, as: UTF8.self) }
}
