import Foundation
public import TorchNN

/// Width and depth of the encoders, after EfficientNet B0 to B7 (Tan and Le 2019).
public enum EncoderScale: String, Codable, Sendable, CaseIterable {
  /// Width 1.0, depth 1.0.
  case b0
  /// Width 1.0, depth 1.1.
  case b1
  /// Width 1.1, depth 1.2.
  case b2
  /// Width 1.2, depth 1.4.
  case b3
  /// Width 1.4, depth 1.8.
  case b4
  /// Width 1.6, depth 2.2.
  case b5
  /// Width 1.8, depth 2.6.
  case b6
  /// Width 2.0, depth 3.1.
  case b7
  /// A quarter of B0's width, for a first look on a small machine.
  case quarter
  /// Half of B0's width.
  case half

  /// The factor on every number of channels.
  public var width: Double {
    switch self {
    case .b0, .b1: 1.0
    case .b2: 1.1
    case .b3: 1.2
    case .b4: 1.4
    case .b5: 1.6
    case .b6: 1.8
    case .b7: 2.0
    case .quarter: 0.25
    case .half: 0.5
    }
  }

  /// The factor on every number of blocks.
  public var depth: Double {
    switch self {
    case .b0: 1.0
    case .b1: 1.1
    case .b2: 1.2
    case .b3: 1.4
    case .b4: 1.8
    case .b5: 2.2
    case .b6: 2.6
    case .b7: 3.1
    case .quarter, .half: 1.0
    }
  }

  /// The constants of the encoders' batch normalisations; the largest widths take their own.
  public var norm: NormConstants {
    switch self {
    case .b5, .b6, .b7: NormConstants(epsilon: 1e-3, momentum: 0.01)
    default: .pytorch
    }
  }

  /// A number of channels scaled and rounded to a multiple of 8, never more than a tenth down.
  public func channels(_ count: Int) -> Int {
    Self.roundedToEight(Double(count) * width)
  }

  /// A number of blocks scaled and rounded up.
  public func blocks(_ count: Int) -> Int {
    Int((Double(count) * depth).rounded(.up))
  }

  /// The blocks of a stage, scaled, each as a stage of one block.
  func blocks(_ stage: StageConfiguration) -> [StageConfiguration] {
    var block = stage
    block.inputs = channels(stage.inputs)
    block.outputs = channels(stage.outputs)
    block.blocks = 1
    return (0..<blocks(stage.blocks)).map { _ in
      defer {
        block.inputs = block.outputs
        block.stride = 1
      }
      return block
    }
  }

  static func roundedToEight(_ value: Double) -> Int {
    let rounded = max(8, Int(value + 4) / 8 * 8)
    return Double(rounded) < 0.9 * value ? rounded + 8 : rounded
  }
}

extension StageConfiguration {
  /// The whole of EfficientNet-B0, the encoder of the one-level variants.
  public static let efficientNet: [StageConfiguration] = [
    .init(1, 3, 1, 32, 16, 1), .init(6, 3, 2, 16, 24, 2), .init(6, 5, 2, 24, 40, 2),
    .init(6, 3, 2, 40, 80, 3), .init(6, 5, 1, 80, 112, 3), .init(6, 5, 2, 112, 192, 4),
    .init(6, 3, 1, 192, 320, 1),
  ]

  /// The first encoder of the two-level model.
  public static let local: [StageConfiguration] = [
    .init(1, 3, 1, 32, 16, 1), .init(6, 3, 2, 16, 24, 2), .init(6, 5, 1, 24, 40, 2),
  ]

  /// The second encoder of the two-level model.
  public static let global: [StageConfiguration] = [
    .init(6, 3, 2, 40, 80, 3), .init(6, 5, 2, 80, 112, 3), .init(6, 5, 2, 112, 192, 4),
    .init(6, 3, 1, 192, 320, 1),
  ]
}
