import ArgumentParser
import CytoselfTraining

extension ParsableArguments {
  /// Checks the options of a command that mean what a setting of a run means, by its description.
  ///
  /// - Parameter values: the path of each setting with the value of the option.
  /// - Throws: `ValidationError` that names the option.
  func requireSettings(_ values: (path: String, value: Int)...) throws {
    for (path, value) in values {
      let name = path.drop { $0 != "." }.dropFirst().replacing("_", with: "-")
      do {
        try Setting.require(value, fits: path, option: "--" + name)
      } catch {
        throw ValidationError(error.description)
      }
    }
  }
}
