import Foundation

/// Formats that are not read, recognised so that an error can name them.
enum ForeignFormat {
  /// What a file is and how it becomes one that is read; nil when its first bytes tell nothing.
  static func of(_ url: URL) -> (name: String, advice: String)? {
    let handle = try? FileHandle(forReadingFrom: url)
    let start = (try? handle?.read(upToCount: 264)).map { Array($0) } ?? []
    try? handle?.close()
    func has(_ text: String, at place: Int = 0) -> Bool {
      start.count >= place && start[place...].starts(with: Array(text.utf8))
    }
    let name = url.lastPathComponent
    let picture =
      "Save it as PNG or TIFF, best from its source: JPEG and the like change grey values"
    let microscope = "Convert it with Bio-Formats: bfconvert \(name) new.ome.tif"
    let packed = "Unpack it first"
    if start.starts(with: [0xFF, 0xD8, 0xFF]) { return ("a JPEG picture", picture) }
    if has("jP  ", at: 4) || start.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) {
      return ("a JPEG 2000 picture", picture)
    }
    if has("JXL ", at: 4) || start.starts(with: [0xFF, 0x0A]) {
      return ("a JPEG XL picture", picture)
    }
    if has("GIF8") { return ("a GIF picture", picture) }
    if has("BM") { return ("a BMP picture", picture) }
    if has("RIFF"), has("WEBP", at: 8) { return ("a WebP picture", picture) }
    if has("ZISRAWFILE") { return ("a CZI file of Zeiss", microscope) }
    if start.starts(with: [0xDA, 0xCE, 0xBE, 0x0A]) { return ("an ND2 file of Nikon", microscope) }
    if start.starts(with: [0x70, 0, 0, 0]) { return ("a LIF file of Leica", microscope) }
    if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      return ("a microscope file, as OIB or ZVI", microscope)
    }
    if has("DICM", at: 128) { return ("a DICOM file", microscope) }
    if start.starts(with: [0x89]), has("HDF", at: 1) {
      return ("an HDF5 file, as of Imaris or ilastik", "Save its image as TIFF or npy")
    }
    if has("PK\u{3}\u{4}") {
      return ("a zip archive, as an npz file is", "Save one array as npy, or unpack it")
    }
    if start.starts(with: [0x1F, 0x8B]) { return ("a gzip archive", packed) }
    if start.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return ("a Zstandard archive", packed) }
    if has("version https://git-lfs") {
      return ("a pointer of Git LFS, not the file itself", "Fetch it: git lfs pull")
    }
    if has("<!DOCTYPE") || has("<!doctype") || has("<html") || has("<HTML") {
      return ("a web page, as a download that failed", "Download it again")
    }
    return nil
  }
}
