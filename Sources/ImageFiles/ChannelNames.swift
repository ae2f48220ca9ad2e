/// The channels of a picture by their names and numbers, as users name them.
package struct ChannelNames {
  private let names: [String]

  /// The names in the order of the channels.
  package init(_ names: [String]) { self.names = names }

  /// The channel that is meant by a name, whatever its case, or a number from 0.
  ///
  /// - Parameters:
  ///   - name: the name or number.
  ///   - failure: makes the error from the problem and a list of what there is.
  /// - Throws: That error when there is no such channel, or more than one has the name.
  package func index(
    of name: String, failure: (String, String) -> ImageError
  ) throws(ImageError) -> Int {
    let known = names.enumerated().map { "\($0.offset) (\($0.element))" }.joined(separator: ", ")
    let named = names.indices.filter { names[$0].lowercased() == name.lowercased() }
    guard named.count < 2 else {
      let numbers = named.map { "\($0)" }.joined(separator: " and ")
      throw failure("channels \(numbers) are both called '\(name)'; say which by its number", known)
    }
    if let index = named.first { return index }
    if let number = Int(name), names.indices.contains(number) { return number }
    throw failure("there is no channel '\(name)'", known)
  }

  /// What a person should know about a name that is the number of another channel; nil for any other.
  package func remark(on name: String) -> String? {
    guard let number = Int(name), names.indices.contains(number),
      let named = names.firstIndex(where: { $0.lowercased() == name.lowercased() }), named != number
    else { return nil }
    return "'\(name)' is the channel of that name, number \(named), and not number \(number)"
  }
}
