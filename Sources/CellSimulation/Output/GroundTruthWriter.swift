import ArrayFiles
import Foundation

/// Writes `ground_truth.csv`: for every crop its pattern, the traits of its protein, the conditions
/// of its field, and its own geometry.
final class GroundTruthWriter {
  /// The columns, in order.
  static let columns =
    ["cell", "name", "pattern", "field"] + ProteinTraits.names
    + FieldConditions.names.map { "field_" + $0 } + CropTruth.names

  private let plan: SimulationPlan
  private let file: AtomicFile
  private var field: (number: Int, text: String)?

  init(_ plan: SimulationPlan, folder: URL) throws(ArrayFileError) {
    self.plan = plan
    file = try AtomicFile(folder.appending(path: "ground_truth.csv"))
    try file.write(Self.columns.joined(separator: ",") + "\n")
  }

  func append(_ index: Int, _ truth: CropTruth?) throws(ArrayFileError) {
    guard let truth else { preconditionFailure("A crop is made before it is written.") }
    let item = plan[index]
    let protein = plan.proteins[item.protein]
    let number = plan.fieldNumber(item)
    if field?.number != number {
      let conditions = CropSimulator.conditions(
        of: protein, field: item.field, settings: plan.settings)
      let values = protein.traits.values + conditions.values
      field = (number, values.map { "\($0)" }.joined(separator: ","))
    }
    let own = truth.values.map { "\($0)" }.joined(separator: ",")
    try file.write(
      "\(plan.cellName(item)),\(protein.name),\(protein.pattern.name),\(number),"
        + "\(field?.text ?? ""),\(own)\n")
  }

  func finish() throws(ArrayFileError) {
    try file.finish()
  }
}
