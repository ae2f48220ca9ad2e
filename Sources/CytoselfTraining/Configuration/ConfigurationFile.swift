public import Foundation

extension TrainingConfiguration {
  /// The text of a configuration file.
  ///
  /// - Throws: ``TrainingError/missing(path:hint:)``, and
  ///   ``TrainingError/configurationTooLong(in:limit:)`` or
  ///   ``TrainingError/malformedConfiguration(in:line:reason:)`` for some other file.
  public static func text(of file: URL) throws(TrainingError) -> String {
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      // Read as far as the limit and no further: it may be any file, or a pipe.
      var bytes = Data()
      while bytes.count <= StrictYAML.sizeLimit,
        let more = try handle.read(upToCount: StrictYAML.sizeLimit + 1 - bytes.count), !more.isEmpty
      {
        bytes += more
      }
      guard bytes.count <= StrictYAML.sizeLimit else {
        throw TrainingError.configurationTooLong(in: file.path, limit: StrictYAML.sizeLimit)
      }
      guard let text = String(bytes: bytes, encoding: .utf8) else {
        throw TrainingError.malformedConfiguration(
          in: file.path, line: 0, reason: "it cannot be read as text")
      }
      return text
    } catch let error as TrainingError {
      throw error
    } catch CocoaError.fileReadNoSuchFile, CocoaError.fileNoSuchFile {
      throw TrainingError.missing(path: file.path, hint: "Give the path of a YAML file.")
    } catch {
      throw TrainingError.file(file, "read", error)
    }
  }
}
