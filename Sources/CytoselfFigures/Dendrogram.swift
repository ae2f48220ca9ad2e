import ArrayFiles
public import CytoselfAnalysis
import Foundation

/// A tree of clusters, from SciPy's linkage rows.
public struct Dendrogram: Sendable, Equatable {
  /// One joining of two clusters: leaves are `0..<count`, joint `i` is cluster `count + i`.
  public struct Joint: Sendable, Equatable {
    /// The one cluster.
    public var first: Int
    /// The other cluster.
    public var second: Int
    /// Their distance.
    public var height: Double

    /// A joining of two clusters at a distance.
    public init(first: Int, second: Int, height: Double) {
      self.first = first
      self.second = second
      self.height = height
    }
  }

  /// The joints, from the nearest clusters to the root.
  public let joints: [Joint]
  /// The leaves from one side of the drawing to the other.
  public let leafOrder: [Int]

  /// A tree of joints in which every cluster is joined once.
  ///
  /// The leaves stand in the order in which the tree is walked, the first cluster of each joint
  /// first, as SciPy does.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the joints are not one tree.
  public init(joints: [Joint]) throws(FigureError) {
    let leaves = joints.count + 1
    var used = [Bool](repeating: false, count: leaves + joints.count)
    for (index, joint) in joints.enumerated() {
      for cluster in [joint.first, joint.second] {
        guard cluster >= 0, cluster < leaves + index, !used[cluster] else {
          throw FigureError(
            .badData,
            "Row \(index) of the linkage joins cluster \(cluster), which is not there or was joined "
              + "before.")
        }
        used[cluster] = true
      }
      guard joint.height.isFinite, joint.height >= 0 else {
        throw FigureError(.badData, "Row \(index) of the linkage has the distance \(joint.height).")
      }
    }
    var order: [Int] = []
    var open = [leaves + joints.count - 1]
    while let cluster = open.popLast() {
      if cluster < leaves {
        order.append(cluster)
      } else {
        let joint = joints[cluster - leaves]
        open += [joint.second, joint.first]
      }
    }
    self.joints = joints
    self.leafOrder = order
  }

  /// A tree from SciPy's linkage matrix `[count - 1, 4]`, row after row.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if it is none.
  public init(linkage: [Double]) throws(FigureError) {
    guard linkage.count % 4 == 0 else {
      throw FigureError(
        .badData, "A linkage has four columns; \(linkage.count) numbers are no table of that.")
    }
    var joints: [Joint] = []
    for row in 0..<linkage.count / 4 {
      guard let first = Int(exactly: linkage[4 * row]),
        let second = Int(exactly: linkage[4 * row + 1])
      else {
        throw FigureError(
          .badData, "Row \(row) of the linkage names clusters that are not whole numbers.")
      }
      joints.append(Joint(first: first, second: second, height: linkage[4 * row + 2]))
    }
    try self.init(joints: joints)
  }

  /// The lines of the drawing: leaf positions 0.5, 1.5, … along one axis, heights 0 to 1 along the
  /// other; each joint is four points.
  func lines() -> [[(along: Double, height: Double)]] {
    let leaves = joints.count + 1
    let top = joints.map(\.height).max() ?? 1
    var along = [Double](repeating: 0, count: leaves + joints.count)
    var height = along
    for (place, leaf) in leafOrder.enumerated() { along[leaf] = Double(place) + 0.5 }
    return joints.enumerated().map { index, joint in
      let cluster = leaves + index
      along[cluster] = (along[joint.first] + along[joint.second]) / 2
      height[cluster] = top > 0 ? joint.height / top : 0
      return [
        (along[joint.first], height[joint.first]), (along[joint.first], height[cluster]),
        (along[joint.second], height[cluster]), (along[joint.second], height[joint.second]),
      ]
    }
  }
}

// MARK: From results of an analysis

extension Dendrogram {
  /// The tree of an average linkage; its leaves are in the linkage's own order.
  ///
  /// - Throws: ``FigureError`` of kind `badData` if the linkage is not one tree.
  public init(_ linkage: AverageLinkage) throws(FigureError) {
    try self.init(
      joints: linkage.joins.map { Joint(first: $0.first, second: $0.second, height: $0.distance) })
  }
}
