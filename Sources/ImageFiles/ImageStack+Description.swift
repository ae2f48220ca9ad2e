import ArrayFiles
package import Foundation

extension ImageStack {
  /// Longest description that is read from a file of its own, in bytes.
  private static let longestDescription = 1 << 28

  /// The images that a file tells of: the number of each, and the files its planes are in.
  ///
  /// A file that is no OME-TIFF has one image.
  /// - Throws: ``ImageError`` when the file cannot be opened.
  package static func images(in url: URL) throws(ImageError) -> [(number: Int, files: [URL])] {
    let file = try ImageFormat.open(url)
    guard let document = try document(file, url), document.imageCount > 0 else {
      return [(0, [url])]
    }
    return (0..<document.imageCount).map { number in
      guard let layout = document.layout(of: number, fileName: url.lastPathComponent) else {
        return (number, [url])
      }
      let used = Set(layout.places.compactMap { $0?.file }).sorted()
      return (number, used.map { $0 == 0 ? url : neighbor(of: url, layout.otherFiles[$0 - 1]) })
    }
  }

  /// The layout that a file's description tells, or nil.
  ///
  /// - Parameter samples: samples of each pixel of the first page.
  static func described(
    _ file: any PageFile, _ url: URL, image: Int, samples: Int
  ) throws(ImageError) -> StackLayout? {
    let text = file.text ?? ""
    guard let document = try document(file, url), document.imageCount > 0 else {
      return StackLayout.imageJ(text, resolution: file.resolution, samples: samples)
        ?? StackLayout.tifffile(text, samples: samples)
    }
    guard image < document.imageCount else {
      throw ImageError(
        .usage, url, "image \(image) was requested, there are \(document.imageCount)",
        advice: "Images are counted from 0")
    }
    return document.layout(of: image, fileName: url.lastPathComponent)
  }

  /// A file beside another; a description may not lead to other folders.
  ///
  /// Where the file is a symbolic link, the others of its set may lie beside what it leads to.
  static func neighbor(of url: URL, _ name: String) -> URL {
    let last = URL(filePath: name).lastPathComponent
    let beside = url.deletingLastPathComponent().appending(path: last)
    guard FileFacts(beside) == nil else { return beside }
    let real = url.resolvingSymlinksInPath().deletingLastPathComponent().appending(path: last)
    return FileFacts(real) == nil ? beside : real
  }

  /// The OME-XML of a file, from the file that holds it if that is another.
  private static func document(_ file: any PageFile, _ url: URL) throws(ImageError) -> OMEDocument?
  {
    guard let document = OMEDocument(file.text ?? ""), let name = document.metadataFile else {
      return OMEDocument(file.text ?? "")
    }
    let companion = neighbor(of: url, name)
    guard let size = FileFacts(companion)?.byteCount, size <= longestDescription,
      let data = try? Data(contentsOf: companion)
    else {
      throw ImageError(
        .missingInput, url, "its description is in \(name), which cannot be read",
        advice: "Copy that file beside it, or say with --pages what its pages are")
    }
    let text = String(decoding: data, as: UTF8.self)
    guard !text.isEmpty, let found = OMEDocument(text) else {
      // The description may be that of another OME-TIFF.
      return OMEDocument(try TIFFReader(companion).text ?? "")
    }
    return found
  }
}
