/// Exact Euclidean distances of pixels to a mask, in time linear in the number of pixels.
public enum DistanceMap {
  /// The signed distance of every pixel of a mask `[height, width]` to the mask's edge, in pixels.
  ///
  /// Outside it is the distance to the nearest pixel of the mask, positive; inside, the distance to
  /// the nearest pixel outside, **negative**: the sign and the scale of the nuclear distance channel
  /// of the released OpenCell crops. A mask that is empty gives `hypot(height, width)` everywhere,
  /// a full one its negative.
  public static func signed(_ mask: [Bool], width: Int, height: Int) -> [Float] {
    precondition(mask.count == width * height, "A mask needs width x height pixels.")
    var result = [Float](repeating: 0, count: mask.count)
    let transform = DistanceTransform(width: width, height: height)
    mask.withUnsafeBufferPointer { mask in
      result.withUnsafeMutableBufferPointer { result in
        transform.signed(mask, into: result)
      }
    }
    return result
  }

  /// How deep every pixel lies in a mask `[height, width]`: the distance to the nearest pixel outside
  /// it, and 0 there.
  public static func depths(_ mask: [Bool], width: Int, height: Int) -> [Float] {
    precondition(mask.count == width * height, "A mask needs width x height pixels.")
    var result = [Float](repeating: 0, count: mask.count)
    let transform = DistanceTransform(width: width, height: height)
    mask.withUnsafeBufferPointer { mask in
      result.withUnsafeMutableBufferPointer {
        transform.fill(mask, target: false, sign: 1, into: $0)
      }
    }
    return result
  }
}
