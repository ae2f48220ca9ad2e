import Foundation

/// The files and folders of a demo.
struct DemoPaths: Sendable {
  let folder: URL
  init(_ folder: URL) { self.folder = folder }
  var cells: URL { folder.appending(path: "cells", directoryHint: .isDirectory) }
  var run: URL { folder.appending(path: "run", directoryHint: .isDirectory) }
  var embeddings: URL { folder.appending(path: "embeddings", directoryHint: .isDirectory) }
  var figures: URL { folder.appending(path: "figures", directoryHint: .isDirectory) }
  var report: URL { folder.appending(path: "report.html") }
  var atlas: URL { folder.appending(path: "atlas", directoryHint: .isDirectory) }
  var page: URL { folder.appending(path: "map.html") }
}
