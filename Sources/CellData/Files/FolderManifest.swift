import ArrayFiles
import Foundation

/// What `manifest.json` beside the files says about them; this program's own commands write one.
struct FolderManifest: Decodable {
  /// The names of the channels of each image file, in order.
  var channels: [String]?
  /// The names of the columns of label arrays, which have none of their own.
  var labelColumns: [String]?

  private enum CodingKeys: String, CodingKey {
    case channels
    case labelColumns = "label_columns"
  }

  /// Reads the manifest of a folder; empty where there is none that can be read.
  init(folder: URL) {
    let file = folder.appending(path: "manifest.json")
    if let mapped = try? MappedFile(file), mapped.byteCount < 1 << 24,
      let found = try? JSONDecoder().decode(Self.self, from: Data(mapped.bytes))
    {
      self = found
    } else {
      (channels, labelColumns) = (nil, nil)
    }
  }
}
