import CellData
import CytoselfModel
import Foundation

extension ModelDescription {
  /// The description of a model that is trained on these cells.
  init(model: ModelConfiguration, data: TrainingData, section: DataSection) {
    self.init(
      model: model, labelColumn: data.book?.column, classes: data.book?.classes ?? [],
      channels: data.set.channelNames, intensity: section.intensity, integers: section.integers,
      normalize: section.normalize == "none" ? nil : section.normalize, variance: data.variance)
  }

  /// What about the model or the data differs, in a few words; nil where nothing does.
  func difference(to other: ModelDescription) -> String? {
    if model != other.model { return "the model has another shape" }
    if channels != other.channels {
      return "the channels were \(channels) and are now \(other.channels)"
    }
    if classes != other.classes || labelColumn != other.labelColumn {
      return "the classes are not the same"
    }
    if variance != other.variance {
      let (now, before) = (other.variance ?? .nan, variance ?? .nan)
      return "the training pixels have the variance \(now), and had \(before)"
    }
    return nil
  }
}
