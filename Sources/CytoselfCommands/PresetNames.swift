/// The names of the presets, as help shows them.
///
/// What they mean is with the models; a test keeps the two lists the same.
package enum PresetNames {
  /// Every name, in the order of `Preset`.
  package static let all = ["readme", "author", "published", "small"]
}
