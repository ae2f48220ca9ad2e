public import Foundation
public import ImageFiles
public import Raster

/// The label mask of a field, read from the folder that another tool wrote.
public struct FieldMask: Sendable {
  /// The nuclei.
  public let mask: LabelMask
  /// What a person should know about it, a clause each.
  public let remarks: [String]

  /// Reads the mask of a field.
  ///
  /// - Parameters:
  ///   - field: the field; the mask is called after it, or after one of its files.
  ///   - folder: where the masks are.
  ///   - width: the field's columns.
  ///   - height: the field's rows.
  /// - Throws: ``ImageError`` when there is none, it is of another size, or it holds no labels.
  public init(_ field: FieldSource, in folder: URL, width: Int, height: Int) throws(ImageError) {
    (mask, remarks) = try LabelMaskFile.read(field, in: folder, width: width, height: height)
  }
}
