import ArrayFiles
import Foundation

/// The files of a data set, found by their names; nothing has been opened yet.
struct LayoutFiles: Equatable {
  /// The files that belong together: images and labels of the same cells.
  struct Group: Equatable {
    let stem: String
    /// One file per channel, or one with all channels.
    let images: [URL]
    let labels: URL?
  }

  let layout: DataLayout
  /// The suffixes of the sample layout; empty where one file holds all channels.
  let suffixes: [String]
  let groups: [Group]
  /// Notes about how the files were found.
  var notes: [String] = []

  /// Recognises what a path holds.
  static func find(
    _ url: URL, labelsTable: URL?
  ) throws(CellDataError) -> LayoutFiles {
    let path = url.path(percentEncoded: false)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path)
    }
    if !isFolder.boolValue { return array(url, table: labelsTable) }
    let names: [String]
    do {
      // Code-point order, as Python's `sorted` has it, on every system.
      names = try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".partial") }
        .sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    } catch {
      throw .file(
        ArrayFileError(
          .inputOutput, url, problem: "the folder cannot be listed",
          advice: "Check its permissions"))
    }
    if let found = released(url, names) { return found }
    if let found = sample(url, names) { return found }
    let arrays = names.filter { $0.hasSuffix(".npy") }
    if arrays.count == 1 {
      return array(url.appending(path: arrays[0]), table: labelsTable)
    }
    throw .unknownLayout(path: path, found: names)
  }

  private static func released(_ folder: URL, _ names: [String]) -> LayoutFiles? {
    let images = names.filter { $0.hasPrefix("Image_data") && $0.hasSuffix(".npy") }
    guard !images.isEmpty else { return nil }
    let groups = images.map { name in
      let number = name.dropFirst("Image_data".count).dropLast(".npy".count)
      return Group(
        stem: String(name.dropLast(".npy".count)), images: [folder.appending(path: name)],
        labels: folder.appending(path: "Label_data\(number).csv"))
    }
    return LayoutFiles(layout: .released, suffixes: [], groups: groups)
  }

  private static func sample(_ folder: URL, _ names: [String]) -> LayoutFiles? {
    let ending = "_label.npy"
    let stems = names.filter { $0.hasSuffix(ending) && $0.count > ending.count }
      .map { String($0.dropLast(ending.count)) }
    guard !stems.isEmpty else { return nil }
    // The channel is what follows the last underscore, as upstream has it.
    var suffixes: [String] = []
    for name in names where name.hasSuffix(".npy") && !name.hasSuffix(ending) {
      let parts = name.dropLast(".npy".count).split(
        separator: "_", omittingEmptySubsequences: false)
      guard let last = parts.last, parts.count > 1, !suffixes.contains(String(last)) else {
        continue
      }
      suffixes.append(String(last))
    }
    guard !suffixes.isEmpty else { return nil }
    let order = Channel.releasedNames
    suffixes.sort {
      let ranks = [$0, $1].map { order.firstIndex(of: Channel.canonical($0)) ?? order.count }
      return ranks[0] != ranks[1] ? ranks[0] < ranks[1] : $0 < $1
    }
    let groups = stems.map { stem in
      Group(
        stem: stem, images: suffixes.map { folder.appending(path: "\(stem)_\($0).npy") },
        labels: folder.appending(path: stem + ending))
    }
    return LayoutFiles(layout: .sample, suffixes: suffixes, groups: groups)
  }

  private static func array(_ url: URL, table: URL?) -> LayoutFiles {
    let stem = url.deletingPathExtension().lastPathComponent
    var files = LayoutFiles(
      layout: .array, suffixes: [],
      groups: [Group(stem: stem, images: [url], labels: table ?? tableBeside(url, stem))])
    if table == nil, let found = files.groups[0].labels {
      files.notes.append("labels are read from \(found.lastPathComponent), found beside the array")
    }
    return files
  }

  /// A table that by its name belongs to an array: `<stem>.csv`, `<stem>_labels.csv`, a name the
  /// stem starts with (`crops.csv` for `crops_u8.npy`), else `labels.csv`, `label.csv`, `cells.csv`.
  private static func tableBeside(_ url: URL, _ stem: String) -> URL? {
    let folder = url.deletingLastPathComponent()
    var names = ["\(stem).csv", "\(stem)_labels.csv", "\(stem)_label.csv"]
    var parts = stem.split(separator: "_")
    while parts.count > 1 {
      parts.removeLast()
      names.append(parts.joined(separator: "_") + ".csv")
    }
    names += ["labels.csv", "label.csv", "cells.csv", "crops.csv"]
    return names.map { folder.appending(path: $0) }.first {
      FileManager.default.fileExists(atPath: $0.path(percentEncoded: false))
    }
  }
}
