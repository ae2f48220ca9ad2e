import ArrayFiles
package import Foundation

extension Report {
  /// The page, for a folder it will lie in.
  package func html(beside folder: URL) throws(FigureError) -> String {
    var body = "<header><h1>\(text(title))</h1>"
    if !lead.isEmpty { body += "<p class=\"lead\">\(paragraphs(lead))</p>" }
    body += "</header>\n" + contents() + summary()
    for (index, section) in sections.enumerated() {
      body += "<section id=\"s\(index + 1)\"><h2>\(text(section.title))</h2>\n"
      for block in section.blocks { body += try html(block, folder) + "\n" }
      body += "</section>\n"
    }
    if !commands.isEmpty {
      body += "<section id=\"commands\"><h2>Commands</h2>\n"
      body += commands.map { "<pre><code>\(text($0))</code></pre>" }.joined(separator: "\n")
      body += "</section>\n"
    }
    if !provenance.isEmpty {
      body +=
        "<section id=\"provenance\"><h2>Provenance</h2>\n<div class=\"scroll\"><table class=\"pairs\"><tbody>"
      for (name, value) in provenance {
        body += "<tr><th scope=\"row\">\(text(name))</th><td>\(text(value))</td></tr>"
      }
      body += "</tbody></table></div></section>\n"
    }
    return Page.report.filled([
      "title": text(title), "style": Page.reportStyle, "body": body,
    ])
  }

  private func text(_ value: String) -> String { FigureText.html(value) }

  /// Text in which an empty line starts a new paragraph.
  private func paragraphs(_ value: String) -> String {
    text(value).replacing("\n\n", with: "</p><p>")
  }

  /// The list of sections, if there are enough to need one.
  private func contents() -> String {
    var entries = sections.enumerated().map { ("s\($0 + 1)", $1.title) }
    if !commands.isEmpty { entries.append(("commands", "Commands")) }
    if !provenance.isEmpty { entries.append(("provenance", "Provenance")) }
    guard entries.count > 2 else { return "" }
    return "<nav aria-label=\"Contents\"><ul>"
      + entries.map { "<li><a href=\"#\($0)\">\(text($1))</a></li>" }.joined()
      + "</ul></nav>\n"
  }

  private func summary() -> String {
    guard !scores.isEmpty else { return "" }
    let hasChance = scores.contains { !$0.chance.isEmpty }
    var out =
      "<section id=\"summary\"><h2>Summary</h2>\n<div class=\"scroll\"><table class=\"scores\"><thead><tr>"
    out += "<th scope=\"col\">Measure</th><th scope=\"col\" class=\"n\">Result</th>"
    if hasChance { out += "<th scope=\"col\" class=\"n\">Chance</th>" }
    out += "<th scope=\"col\"><span class=\"hidden\">Bar</span></th></tr></thead><tbody>"
    for score in scores {
      out += "<tr><th scope=\"row\">\(text(score.name))"
      if !score.note.isEmpty { out += "<small>\(text(score.note))</small>" }
      out += "</th><td class=\"n big\">\(text(score.value))</td>"
      if hasChance { out += "<td class=\"n\">\(text(score.chance))</td>" }
      out += "<td class=\"barcell\">\(bar(score))</td></tr>"
    }
    return out + "</tbody></table></div></section>\n"
  }

  private func bar(_ score: Score) -> String {
    guard let share = score.share, share.isFinite else { return "" }
    func percent(_ value: Double) -> String { Numeral.plain(min(max(value, 0), 1) * 100) }
    var out = "<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:\(percent(share))%\"></i>"
    if let chance = score.chanceShare, chance.isFinite {
      out += "<b style=\"left:\(percent(chance))%\"></b>"
    }
    return out + "</span>"
  }

  private func html(_ block: Block, _ folder: URL) throws(FigureError) -> String {
    switch block {
    case .paragraph(let value): return "<p>\(paragraphs(value))</p>"
    case .command(let value): return "<pre><code>\(text(value))</code></pre>"
    case .table(let table): return html(table)
    case .picture(let picture): return try html(picture, folder)
    case .link(let words, let file):
      guard let path = Self.relativePath(of: file, to: folder) else {
        return "<p>\(text(words)): <code>\(text(file.path))</code></p>"
      }
      return "<p><a class=\"button\" href=\"\(path)\">\(text(words))</a></p>"
    }
  }

  private func html(_ table: Table) -> String {
    let isNumber = table.header.indices.map { column in
      let cells = table.rows.compactMap { $0.indices.contains(column) ? $0[column] : nil }
      return !cells.isEmpty && cells.allSatisfy(Self.looksLikeNumber)
    }
    func attribute(_ column: Int) -> String {
      isNumber.indices.contains(column) && isNumber[column] ? " class=\"n\"" : ""
    }
    var out = "<div class=\"scroll\"><table><thead><tr>"
    for (column, name) in table.header.enumerated() {
      out += "<th scope=\"col\"\(attribute(column))>\(text(name))</th>"
    }
    out += "</tr></thead><tbody>"
    for row in table.rows {
      out += "<tr>"
      for (column, cell) in row.enumerated() { out += "<td\(attribute(column))>\(text(cell))</td>" }
      out += "</tr>"
    }
    out += "</tbody></table></div>"
    if !table.caption.isEmpty { out += "<p class=\"caption\">\(text(table.caption))</p>" }
    return out
  }

  private static func looksLikeNumber(_ cell: String) -> Bool {
    let trimmed = cell.trimmingCharacters(in: .whitespaces)
    guard let first = trimmed.unicodeScalars.first else { return true }
    let marks = "0123456789.,−-–+±%e ()×"
    return ("0123456789−-–+±.").unicodeScalars.contains(first)
      && trimmed.unicodeScalars.allSatisfy { marks.unicodeScalars.contains($0) }
  }

  // MARK: Pictures

  private func html(_ picture: Picture, _ folder: URL) throws(FigureError) -> String {
    guard let file = picture.file else {
      return "<figure><p class=\"missing\">\(text(picture.reason))</p>"
        + "<figcaption>\(text(picture.caption))</figcaption></figure>"
    }
    guard let data = try? Data(contentsOf: file) else {
      throw FigureError(.missingInput, "The picture \(file.path) of the report cannot be read.")
    }
    let kind = PNG.size(of: data) != nil ? "image/png" : "image/svg+xml"
    let path = Self.relativePath(of: file, to: folder)
    let source =
      embedsPictures || path == nil
      ? "data:\(kind);base64,\(data.base64EncodedString())" : path ?? ""
    let words = picture.alternative.isEmpty ? picture.caption : picture.alternative
    var size = ""
    if let pixels = PNG.size(of: data) {
      // At 300 pixels to the inch, shown at its printed size and no larger than the page.
      let width = Double(pixels.width) / Double(FigureFormat.pixelsPerInch) * 96 * 1.25
      size =
        " width=\"\(pixels.width)\" height=\"\(pixels.height)\""
        + " style=\"width:\(Numeral.plain(width.rounded()))px\""
    }
    var out =
      "<figure><div class=\"paper\"><img src=\"\(source)\" alt=\"\(text(words))\"\(size)></div>"
    out += "<figcaption>\(text(picture.caption))"
    let links = picture.otherFiles.compactMap { url -> String? in
      guard let path = Self.relativePath(of: url, to: folder) else { return nil }
      let name = url.pathExtension == "gnuplot" ? "script" : url.pathExtension.uppercased()
      return "<a href=\"\(path)\">\(text(name))</a>"
    }
    if !links.isEmpty { out += " <span class=\"links\">\(links.joined(separator: " · "))</span>" }
    return out + "</figcaption></figure>"
  }

  /// The path of a file beside or below a folder, for a link; `nil` if it lies elsewhere.
  static func relativePath(of file: URL, to folder: URL) -> String? {
    let base = folder.standardizedFileURL.path + "/"
    let path = file.standardizedFileURL.path
    guard path.hasPrefix(base) else { return nil }
    let allowed = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~/")
    return path.dropFirst(base.count).description.addingPercentEncoding(
      withAllowedCharacters: allowed)
  }
}
