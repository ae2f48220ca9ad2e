import ArrayFiles
public import Foundation

extension Figure {
  /// What lies in the folder after a figure was written.
  public struct Files: Sendable, Equatable {
    /// The pictures, by format.
    public let pictures: [FigureFormat: URL]
    /// The gnuplot script.
    public let script: URL
    /// The data that the script reads.
    public let data: [URL]
  }

  /// Draws the figure into a folder, in each format, with its script and data beside it.
  ///
  /// Everything is made in a hidden folder first and renamed when it is whole, so no half-drawn
  /// picture ever has a final name. Without gnuplot the script and data are written all the same, and
  /// the error says how to draw them later: a caller that has results to save catches it, passes the
  /// sentence on and continues.
  ///
  /// - Parameters:
  ///   - folder: Where to; made if it is not there.
  ///   - formats: The formats to draw.
  ///   - gnuplot: The program, or `nil` to look for it.
  /// - Throws: ``FigureError``: `missingPart` without gnuplot, `failed` when gnuplot refuses,
  ///   `inputOutput` when the folder cannot be written.
  @discardableResult
  public func write(
    to folder: URL, formats: [FigureFormat] = FigureFormat.allCases, gnuplot: Gnuplot? = nil
  ) throws(FigureError) -> Files {
    try write(to: folder, formats: formats) { () throws(FigureError) in
      if let gnuplot { return gnuplot }
      return try Gnuplot.find()
    }
  }

  /// The same with gnuplot looked for in a given environment.
  @discardableResult
  package func write(
    to folder: URL, formats: [FigureFormat] = FigureFormat.allCases,
    findingGnuplotIn environment: [String: String]
  ) throws(FigureError) -> Files {
    try write(to: folder, formats: formats) { () throws(FigureError) in
      try Gnuplot.find(environment: environment)
    }
  }

  private func write(
    to folder: URL, formats: [FigureFormat], finding find: () throws(FigureError) -> Gnuplot
  ) throws(FigureError) -> Files {
    let staging = try Self.staging(in: folder, name: name)
    defer { staging.discard() }
    let place = staging.url
    try Self.store(Data(script.utf8), as: place.appending(path: scriptName))
    for file in dataFiles { try Self.store(file.content, as: place.appending(path: file.name)) }
    let sources = [scriptName] + dataFiles.map(\.name)

    let program: Gnuplot
    do throws(FigureError) {
      program = try find()
    } catch {
      try Self.publish(sources, from: staging)
      throw FigureError(
        error.kind,
        "\(error.message) The script and data of this figure are in \(folder.path); draw it later "
          + "with: gnuplot \(scriptName)")
    }
    var pictures: [FigureFormat: URL] = [:]
    for format in formats {
      do throws(FigureError) {
        try program.run(script: scriptName, in: place, format: format)
      } catch {
        if error.kind == .failed {
          try Self.requireSpace(for: place.appending(path: pictureName(format)))
        }
        throw error
      }
      try finish(format, in: place)
      pictures[format] = folder.appending(path: pictureName(format))
    }
    try Self.publish(sources + formats.map { pictureName($0) }, from: staging)
    return Files(
      pictures: pictures, script: folder.appending(path: scriptName),
      data: dataFiles.map { folder.appending(path: $0.name) })
  }

  /// Finds out whether the disk is full, of which gnuplot says little or nothing, by writing in its place.
  private static func requireSpace(for picture: URL) throws(FigureError) {
    try store(Data(count: 1 << 16), as: picture)
  }

  /// Checks one picture that gnuplot drew, and adds what gnuplot leaves out.
  private func finish(_ format: FigureFormat, in staging: URL) throws(FigureError) {
    let url = staging.appending(path: pictureName(format))
    guard var picture = try? Data(contentsOf: url), !picture.isEmpty else {
      try Self.requireSpace(for: url)
      throw FigureError(
        .failed, "gnuplot ended without an error but drew no \(pictureName(format)).")
    }
    switch format {
    case .png: picture = PNG.withResolution(FigureFormat.pixelsPerInch, picture)
    case .svg: picture = finishedSVG(picture)
    case .pdf: break
    }
    try Self.store(picture, as: url)
  }

  /// The SVG with its size in points, a fallback for the font, sharp pixels and a title.
  private func finishedSVG(_ picture: Data) -> Data {
    var text = String(decoding: picture, as: UTF8.self)
    let size = "width=\"\(Numeral.plain(width))\" height=\"\(Numeral.plain(height))\""
    if let range = text.range(of: size) {
      text.replaceSubrange(
        range,
        with:
          "width=\"\(Numeral.plain(width))pt\" height=\"\(Numeral.plain(height))pt\" role=\"img\"")
    }
    text.replace("font-family=\"Arial\"", with: "font-family=\"Arial, Helvetica, sans-serif\"")
    text.replace(
      "font-family=\"Arial:Bold\"",
      with: "font-family=\"Arial, Helvetica, sans-serif\" font-weight=\"bold\"")
    // gnuplot leaves `>` as it is, and this sequence may not stand in XML text.
    text.replace("]]>", with: "]]&gt;")
    text.replace("<image ", with: "<image style='image-rendering:pixelated' ")
    text.replace(
      "<title>Gnuplot</title>", with: "<title>\(FigureText.html(alternative))</title>",
      maxReplacements: 1)
    return Data(text.utf8)
  }

  // MARK: Files

  /// Makes the folder and a hidden one of our own in it.
  static func staging(in folder: URL, name: String) throws(FigureError) -> StagedFolder {
    do throws(ArrayFileError) {
      return try StagedFolder(inside: folder, as: name)
    } catch {
      throw FigureError(error.kind, error.description)
    }
  }

  /// Writes a file and makes sure that it is on the disk.
  static func store(_ content: Data, as url: URL) throws(FigureError) {
    do {
      try content.write(to: url)
      let file = try FileHandle(forUpdating: url)
      let code = DiskSync.file(file.fileDescriptor)
      try file.close()
      if code != 0 { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .EIO) }
    } catch {
      // Files are written in a hidden folder of the one that the reader knows.
      var folder = url.deletingLastPathComponent()
      if folder.lastPathComponent.hasPrefix(".") { folder = folder.deletingLastPathComponent() }
      throw FigureError(
        .inputOutput,
        "\(folder.appending(path: url.lastPathComponent).path) could not be written (\(reason(error)))."
      )
    }
  }

  /// Gives finished files their final names.
  static func publish(_ names: [String], from staging: StagedFolder) throws(FigureError) {
    do throws(ArrayFileError) {
      try staging.publish(files: names)
    } catch {
      throw FigureError(error.kind, error.description)
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    if let underlying, underlying.domain == NSPOSIXErrorDomain {
      return String(cString: strerror(Int32(underlying.code)))
    }
    return FigureText.printable((error as NSError).localizedDescription, limit: 200)
  }
}
