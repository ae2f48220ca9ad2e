import ArrayFiles
public import Foundation
public import ImageFiles

/// The fields in files and folders, and the files that could not be taken for one.
public struct FieldListing: Sendable, Equatable {
  /// The fields, sorted by path within each folder.
  public var fields: [FieldSource]
  /// Image files that the pattern does not fit.
  public var unmatched: [URL] = []

  /// Lists fields.
  ///
  /// Without a pattern every TIFF, PNG or npy file of a folder is a field, its name that of the
  /// protein. With one, the folder is searched as deep as the pattern has folders; files that differ
  /// only in channel and slice make one field. Images in an OME-TIFF of several become fields of their
  /// own, and files of one set become one.
  ///
  /// - Parameters:
  ///   - paths: image files, or folders of them.
  ///   - pattern: how paths tell protein, plate, well, site, channel and slice.
  /// - Throws: ``ImageError``: `missingInput` for a path that is not there or a folder without image
  ///   files, `usage` for two fields of one name, or a pattern that fits no file.
  public init(_ paths: [URL], pattern: PathPattern? = nil) throws(ImageError) {
    var files: [(url: URL, path: String)] = []
    for path in paths { files += try Self.images(path, depth: pattern?.depth ?? 0) }
    if let pattern {
      fields = []
      try group(files, by: pattern)
    } else {
      fields = files.map { FieldSource($0.url, path: $0.path) }
    }
    separateImages()
    var seen: Set<String> = []
    for field in fields where !seen.insert(field.stem).inserted {
      throw ImageError(
        .usage, field.url, "two fields are called \(field.stem)",
        advice: "Rename one, or tell them apart by --pattern: ids of cells come from these names")
    }
  }

  /// The image files of a path, each with its path below the folder that was named.
  private static func images(_ url: URL, depth: Int) throws(ImageError) -> [(URL, String)] {
    var isFolder: ObjCBool = false
    let path = url.path(percentEncoded: false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ImageError(
        .missingInput, url, "there is no such file or folder", advice: "Check the path")
    }
    guard isFolder.boolValue else {
      let parts = url.standardizedFileURL.pathComponents.suffix(depth + 1)
      return [(url, parts.joined(separator: "/"))]
    }
    let found = Self.names(in: path, depth: depth)
    guard !found.isEmpty else {
      throw ImageError(
        .missingInput, url, "the folder holds no TIFF, PNG or npy files",
        advice: "Name the folder that does, or reach into its folders with --pattern")
    }
    return found.map { (url.appending(path: $0), $0) }
  }

  /// The image files of a folder and of those in it, `depth` levels down.
  private static func names(in folder: String, depth: Int) -> [String] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    return names.flatMap { name -> [String] in
      guard !name.hasPrefix(".") else { return [] }
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        return depth > 0 ? Self.names(in: path, depth: depth - 1).map { name + "/" + $0 } : []
      }
      return FieldSource.isImage(name) ? [name] : []
    }
  }

  /// Puts files that differ only in channel and slice together.
  private mutating func group(_ files: [(url: URL, path: String)], by pattern: PathPattern)
    throws(ImageError)
  {
    var places: [String: Int] = [:]
    for file in files {
      guard let values = pattern.values(in: file.path) else {
        unmatched.append(file.url)
        continue
      }
      let part = FieldSource.Part(
        url: file.url, channel: values["channel"], slice: values["slice"].flatMap { Int($0) })
      let named = pattern.fieldNames.compactMap { values[$0] }.joined(separator: "_")
      let stem =
        pattern.splitsFields && !named.isEmpty
        ? named.replacing("/", with: "_") : FieldSource.stem(file.path)
      if pattern.splitsFields, let place = places[stem] {
        let other = fields[place].parts.first {
          $0.channel == part.channel && $0.slice == part.slice
        }
        if let other {
          throw ImageError(
            .usage, file.url,
            "this file and \(other.url.lastPathComponent) are both channel "
              + "'\(part.channel ?? "")'\(part.slice.map { ", slice \($0)" } ?? "") of field \(stem)",
            advice: "Tell the fields apart in --pattern, as by {site}")
        }
        fields[place].parts.append(part)
        continue
      }
      places[stem] = fields.count
      var field = FieldSource(parts: [part], stem: stem)
      field.name = values["protein"] ?? stem
      field.gene = values["gene"] ?? ""
      field.plate = values["plate"] ?? ""
      field.well = values["well"] ?? ""
      field.site = values["site"] ?? ""
      fields.append(field)
    }
    guard !fields.isEmpty else {
      throw ImageError(
        .usage, about: "--pattern '\(pattern.text)'", "it fits none of \(files.count) files",
        advice: "The first of them is \(files.first?.path ?? "")")
    }
    for index in fields.indices {
      fields[index].parts.sort {
        ($0.channel ?? "", $0.slice ?? 0) < ($1.channel ?? "", $1.slice ?? 0)
      }
    }
  }

  /// Makes fields of the images in OME-TIFF files of several, and one of the files of a set.
  ///
  /// A file that cannot be opened stays a field, whose error is reported when it is cut.
  private mutating func separateImages() {
    var seen: Set<String> = []
    fields = fields.flatMap { field -> [FieldSource] in
      guard field.parts.count == 1, field.parts[0].channel == nil,
        let images = try? ImageStack.images(in: field.url),
        images.count > 1 || (images.first?.files.count ?? 0) > 1
          || images.first?.files.first?.lastPathComponent != field.url.lastPathComponent
      else { return [field] }
      return images.compactMap { image in
        let names = image.files.map(\.lastPathComponent).sorted()
        let folder = field.url.deletingLastPathComponent().path(percentEncoded: false)
        guard seen.insert("\(folder) \(image.number) \(names)").inserted else { return nil }
        var one = field
        one.image = image.number
        guard images.count > 1 else { return one }
        // An image with a file of its own goes by that file's name.
        let isAlone = images.count { $0.files == image.files } == 1 && image.files.count == 1
        if isAlone, image.files[0].lastPathComponent != field.url.lastPathComponent {
          guard FileManager.default.fileExists(atPath: image.files[0].path(percentEncoded: false))
          else { return nil }
          one.parts[0].url = image.files[0]
          one.stem = FieldSource.stem(image.files[0].lastPathComponent)
        } else if !isAlone {
          one.stem = "\(field.stem)-i\(image.number)"
        }
        if field.name == field.stem { one.name = one.stem }
        return one
      }
    }
  }
}
