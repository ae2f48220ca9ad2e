import CytoselfTraining
import CytoselfModel
import Foundation
import Numerics

extension WeightInspection {
  /// The inspection as a page of text.
  public var text: String {
    var lines = [path]
    func add(_ word: String, _ text: String) {
      lines.append("  " + word.padding(toLength: 12, withPad: " ", startingAt: 0) + text)
    }
    add("format", "\(format), \(Self.words[content] ?? content)")
    if let className { add("class", className) }
    let types = elementTypes.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }
    add(
      "tensors",
      "\(tensors) (\(types.joined(separator: ", "))), \(Self.grouped(parameters)) parameters")
    if let model { for (word, text) in Self.lines(model, levelSizes) { add(word, text) } }
    if let sizes = cropSizes, sizes[0] == sizes[1] {
      add("crops", "\(sizes[0]) pixels")
    } else if let sizes = cropSizes {
      add("crops", "\(sizes[0]) to \(sizes[1]) pixels")
    } else if model != nil {
      add("crops", "of any size, as far as the file determines it")
    }
    if let description {
      if !description.channels.isEmpty {
        add("channels", description.channels.joined(separator: ", "))
      }
      add(
        "classes",
        description.classes.isEmpty && model?.head != nil
          ? "names and order are not in the file" : Self.listed(description.classes))
      if description.step > 0 {
        add("trained", description.epoch.counted("epoch") + ", " + description.step.counted("step"))
      }
      if let loss = description.validationLoss { add("loss", "\(loss) in validation") }
    } else if model != nil {
      add("classes", "names and order are not in the file")
    }
    for (name, value) in numbers.sorted(by: { $0.key < $1.key }) { add(name, Self.short(value)) }
    if let optimizer {
      let rates = optimizer.groups.compactMap { $0["lr"] }.map(Self.short)
      add(
        "optimizer",
        "\(optimizer.tensors) tensors, \(optimizer.groups.count) group"
          + (optimizer.groups.count == 1 ? "" : "s")
          + (rates.isEmpty ? "" : ", learning rate \(rates.joined(separator: ", "))"))
    }
    for column in history {
      add(
        "history",
        "\(column.name): \(column.rows) row\(column.rows == 1 ? "" : "s")"
          + (column.last.map { ", last \(Self.short($0))" } ?? ""))
    }
    for assumption in assumptions {
      add("assumed", "\(assumption.setting), taken as \(assumption.value): \(assumption.reason)")
    }
    lines.append(problem.map { "  cannot be used: " + $0 } ?? "  usable")
    return lines.joined(separator: "\n")
  }

  private static let words = [
    "stateDictionary": "tensors by name", "checkpoint": "training checkpoint",
    "module": "whole module", "described": "described by this program",
  ]

  private static func lines(
    _ model: ModelConfiguration, _ sizes: [Int]
  ) -> [(String, String)] {
    var lines = [
      (
        "model",
        "\(model.levels.count) level\(model.levels.count == 1 ? "" : "s"), \(model.imageChannels)"
          + " channels, scale \(model.scale.rawValue), \(model.architecture.rawValue)"
          + (model.isQuantized ? "" : ", nothing quantised")
          + (model.hasLevelDecoders ? "" : ", no decoder between levels (lite)")
          + (model.hasCodeConvolutions ? ", convolutions before the quantisers" : "")
      )
    ]
    for (index, level) in model.levels.enumerated() {
      let side = sizes[index]
      let codes =
        model.isQuantized
        ? level.codes.counted("code") + " of width \(level.codeWidth), \(level.splits) per position"
        : level.channels.counted("channel")
      lines.append(
        (
          "level \(index + 1)",
          "\(side) x \(side) at crops of \(model.imageSize), \(codes)"
            + (level.stages == nil ? "" : ", \(level.stages?.count ?? 0) stages of its own")
        ))
    }
    let width = model.decoder.hiddenWidth.map { ", starting at width \($0)" } ?? ""
    lines.append(
      ("decoder", "\(model.decoder.residualUnits) residual units per resolution\(width)"))
    if let head = model.head {
      lines.append(
        (
          "head",
          "\(head.input.rawValue), \(head.layers) layer\(head.layers == 1 ? "" : "s")"
            + (head.layers == 1 ? "" : " of \(head.features)") + ", "
            + model.classes.counted("class", "classes")
        ))
    } else {
      lines.append(("head", "none"))
    }
    return lines
  }

  private static func listed(_ names: [String]) -> String {
    let more = names.count > 8 ? " and \(names.count - 8) more" : ""
    return names.isEmpty
      ? "none" : "\(names.count): \(names.prefix(8).joined(separator: ", "))\(more)"
  }

  private static func short(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }

  /// A whole number with a comma between thousands.
  private static func grouped(_ count: Int) -> String {
    var digits = Array(String(count))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return String(digits)
  }
}
