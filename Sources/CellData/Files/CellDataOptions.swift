public import Foundation

/// How to read a data set: which channels, which columns, what to multiply pixels by.
public struct CellDataOptions: Sendable, Equatable {
  /// What becomes of integer pixels.
  public enum IntegerScale: String, Sendable, Codable, CaseIterable {
    /// Divided by the largest value of their type, so that they are 0 to 1: the default.
    case unit
    /// Taken as they are.
    case none
  }

  /// What pixels are measured by.
  public enum Normalization: String, Sendable, Codable, CaseIterable {
    /// As they are, after integer scale and factors: the default.
    case none
    /// Every channel of every crop by its own 99.9th percentile, brighter pixels becoming 1: how bright a
    /// cell, its well or its plate is tells nothing any more. Distances and masks stay.
    case crop
  }

  /// Channels by name or number, in the order wanted; nil for protein and nucleus where the data set
  /// names them, else for all.
  public var channels: [String]?
  /// The label table of a bare array; nil to look beside it.
  public var labelsTable: URL?
  /// The column that says the protein (the class), by name or number; nil for a sensible one.
  public var labelColumn: String?
  /// The column that says the field of view, by name or number; nil for a sensible one.
  public var fieldColumn: String?
  /// What to multiply pixels of a channel by, by channel name; over the default of 0.01 for
  /// `nucdist`.
  public var intensityFactors: [String: Float]
  /// What becomes of integer pixels, before the factors.
  public var integerScale: IntegerScale
  /// What pixels are measured by, after the factors.
  public var normalization: Normalization

  /// The options, each with its default.
  public init(
    channels: [String]? = nil, labelsTable: URL? = nil, labelColumn: String? = nil,
    fieldColumn: String? = nil, intensityFactors: [String: Float] = [:],
    integerScale: IntegerScale = .unit, normalization: Normalization = .none
  ) {
    self.channels = channels
    self.labelsTable = labelsTable
    self.labelColumn = labelColumn
    self.fieldColumn = fieldColumn
    self.intensityFactors = intensityFactors
    self.integerScale = integerScale
    self.normalization = normalization
  }
}
