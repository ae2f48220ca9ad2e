package import ArrayFiles
package import Foundation
package import Raster

/// A file of pages in any format, read one plane at a time.
package protocol PageFile: AnyObject {
  /// Where the file is.
  var url: URL { get }
  /// The number of pages.
  var pageCount: Int { get }
  /// What the file tells about itself: OME-XML, ImageJ's settings, or anything.
  var text: String? { get }
  /// Pixels per unit along a row; 0 if the file does not say.
  var resolution: Double { get }

  /// The size of a page.
  func shape(of page: Int) throws(ImageError) -> PageShape

  /// What of the file is left unread or could be meant otherwise, a clause each.
  var remarks: [String] { get }

  /// One sample of every pixel of a page, as floating-point numbers.
  func read(page: Int, sample: Int) throws(ImageError) -> GrayImage

  /// One sample of every pixel of a page, if all are whole numbers that can be labels.
  ///
  /// They are those that are stored, whatever way a header says they are shown.
  func labels(page: Int, sample: Int) throws(ImageError) -> [Int32]
}

extension PageFile {
  /// The pages that are pictures of their own and of one size, by their numbers, with what is said about
  /// the others.
  package func wholePages() throws(ImageError) -> (pages: [Int], shape: PageShape, remark: String?)
  {
    var shapes: [PageShape] = []
    for page in 0..<pageCount { shapes.append(try shape(of: page)) }
    var pages = shapes.indices.filter { !shapes[$0].isSecondary }
    if pages.isEmpty { pages = Array(shapes.indices) }
    let first = shapes[pages[0]]
    let secondary = pageCount - pages.count
    pages.removeAll { shapes[$0].width != first.width || shapes[$0].height != first.height }
    let others = pageCount - pages.count - secondary
    var remarks: [String] = []
    if secondary > 0 {
      remarks.append("pages that are reduced copies or masks of others are left unread")
    }
    if others > 0 { remarks.append("pages of another size than the first are left unread") }
    return (pages, first, remarks.isEmpty ? nil : remarks.joined(separator: ", "))
  }
}

/// The size of a page and the samples of each of its pixels.
package struct PageShape: Equatable {
  /// Columns.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Samples of each pixel.
  package let samples: Int
  /// Whether this is a smaller copy of another page, or its mask.
  package var isSecondary = false
  /// Whether the compression changed values.
  package var isLossy = false
}

/// The formats that are read, recognised by their first bytes and not by their names.
package enum ImageFormat {
  case tiff, png, npy

  /// The format of a file; what is none of the others is left to libtiff to refuse.
  init(of url: URL) {
    let handle = try? FileHandle(forReadingFrom: url)
    let start = (try? handle?.read(upToCount: 8)).map { Array($0) } ?? []
    try? handle?.close()
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self = .png
    } else if start.starts(with: [0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else {
      self = .tiff
    }
  }

  /// Opens a file of any format.
  ///
  /// - Parameter acceptsPalette: whether the numbers of a table of colours are taken as its values, as
  ///   in label masks.
  package static func open(_ url: URL, acceptsPalette: Bool = false) throws(ImageError)
    -> any PageFile
  {
    switch ImageFormat(of: url) {
    case .tiff: return try TIFFReader(url, acceptsPalette: acceptsPalette)
    case .png: return try PNGReader(url, acceptsPalette: acceptsPalette)
    case .npy: return try NPYPages(url)
    }
  }
}

extension ImageError {
  /// What is wrong with an array file that was to be read; one that the disk does not give is bad data.
  package init(_ error: ArrayFileError) {
    let kind: FailureKind =
      switch error.kind {
      case .usage, .missingInput: error.kind
      case .badData, .missingPart, .inputOutput, .failed: .badData
      }
    let place = error.place.map { $0 + ": " } ?? ""
    self.init(kind, about: error.file, place + error.problem, advice: error.advice)
  }
}
