/// The name of a Keras weight, such as `block1a_bn_1/gamma:0`, taken apart.
struct KerasPartName {
  /// The part, without the number that TensorFlow adds to the second of a name: `block1a_bn`.
  let part: String
  /// What it is there: `gamma`.
  let weight: String

  init(_ name: String) {
    let pieces = name.split(separator: "/")
    weight = String((pieces.last ?? "").prefix { $0 != ":" })
    let own = pieces.dropLast().last ?? ""
    // These end in a number of their own, which stands before TensorFlow's.
    var fixed = own.startIndex
    if own.hasPrefix("fc_") { fixed = own.index(own.startIndex, offsetBy: 3) }
    let rest = own[fixed...]
    if let line = rest.lastIndex(of: "_"), rest[line...].count > 1,
      rest[line...].dropFirst().allSatisfy(\.isNumber)
    {
      part = String(own[..<line])
    } else {
      part = String(own)
    }
  }

  /// The end of the key; nil for what no part has.
  var end: String? {
    switch weight {
    case "kernel", "depthwise_kernel", "gamma": "weight"
    case "bias", "beta": "bias"
    case "moving_mean": "running_mean"
    case "moving_variance": "running_var"
    default: nil
    }
  }
}
