import CytoselfModel
import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

/// What single levels show: images decoded from one level, and what a code sees.
///
/// The numbers are upstream's (`tools/reference/level_views.py`).
@Suite(.leavesNoTensor) struct LevelViewTests {
  /// Of the largest magnitude of block means and sums; the widest seen is 1e-6.
  static let tolerance = 1e-5
  static let names = ["pt_readme", "pt_split"]

  private struct Views: Decodable {
    let positions: [[Int]]
    let decoded: [Float]
    let receptive: [Float]
    let impulse: Double
  }

  private func views(_ name: String) throws -> Views {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/level_views.json")
    let all = try JSONDecoder().decode([String: Views].self, from: Data(contentsOf: file))
    return try #require(all[name])
  }

  /// Sums over blocks of 10 x 10 pixels of images of 100 x 100.
  private func blockSums(_ images: [Float]) -> [Float] {
    var sums = [Float](repeating: 0, count: images.count / 100)
    for (index, value) in images.enumerated() {
      let (image, row, column) = (index / 10_000, index / 100 % 100, index % 100)
      sums[image * 100 + row / 10 * 10 + column / 10] += value
    }
    return sums
  }

  @Test(.enabled(if: Golden.exists), arguments: names)
  func decodingFromOneLevelIsUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let maps = try golden.names(.vqvec).map { try golden.tensor($0) }
    var found: [Float] = []
    for level in maps.indices {
      let parts = try maps.enumerated().map { index, map in
        index == level ? map : try Tensor.filled(with: 0, shape: map.shape)
      }
      let decoded = try withoutGradients { try model.decode(parts, .evaluation).floats() }
      found += blockSums(decoded).map { $0 / 100 }
    }
    let error = relativeError(found, try views(name).decoded)
    print("\(name) decoded from one level: error \(error)")
    #expect(error < Self.tolerance)
  }

  @Test(.enabled(if: Golden.exists), arguments: names)
  func receptiveFieldsAreUpstreams(name: String) throws {
    let golden = try Golden(name)
    let model = try golden.model()
    let views = try views(name)
    let images = try golden.tensor("image")
    let trained = model.namedParameters.map(\.tensor.requiresGradient)
    var found: [Float] = []
    for (level, position) in views.positions.enumerated() {
      let field = try model.receptiveField(
        of: images, level: level, row: position[0], column: position[1])
      #expect(field.shape == [4, 100, 100])
      found += blockSums(try field.floats())
    }
    let error = relativeError(found, views.receptive)
    print("\(name) receptive fields: error \(error)")
    #expect(error < Self.tolerance)
    // The weights are left as they were.
    #expect(model.namedParameters.map(\.tensor.requiresGradient) == trained)
    #expect(try model.namedParameters.allSatisfy { try $0.tensor.gradient() == nil })
  }

  @Test func convolutionsReachWhatTheirKernelsSay() throws {
    // Stem 3 stride 2; 3; 3 stride 2, 3; 5, 5: 1 + 2 + 4 + 4 + 8 + 16 + 16.
    let readme = Preset.readme.model(classes: 9)
    #expect(readme.convolutionReach(0) == 51)
    #expect(readme.convolutionReach(1) > readme.convolutionReach(0))
    // Stem 3 stride 2, then 5 and 5 in steps of 2: 1+2+8+8.
    let level = LevelConfiguration(codes: 4, codeWidth: 4, stages: [.init(1, 5, 1, 32, 8, 2)])
    let small = ModelConfiguration(classes: 3, levels: [level], head: nil)
    #expect(small.convolutionReach(0) == 19)
  }
}
