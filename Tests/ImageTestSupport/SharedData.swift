public import Foundation

/// Real pictures beside the checkout, which not every machine has.
public enum SharedData {
  /// The folder `data` in the folder that `CYTOSELF_SHARED` names, else in `shared` beside the checkout;
  /// nil where there is none.
  public static let folder: URL? = {
    let named = ProcessInfo.processInfo.environment["CYTOSELF_SHARED"].map { URL(filePath: $0) }
    let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../../shared")
    let url = (named ?? beside).appending(path: "data").standardizedFileURL
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }()
}
