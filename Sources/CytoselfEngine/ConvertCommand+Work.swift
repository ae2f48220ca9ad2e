import CytoselfCommands
import CytoselfTraining
import Foundation
import JobControl

extension ConvertCommand: EngineWork {
  package func work() async throws {
    let (input, output) = (URL(filePath: input), URL(filePath: output))
    let cropSize = cropSize
    let format = try WeightConversion.Format(output)
    let loss = try await DedicatedThread.run(name: "cytoself conversion") {
      let conversion = try WeightConversion(
        input,
        cropSize: cropSize ?? (format == .safetensors ? nil : ConvertCommand.anySize(input)))
      try conversion.write(to: output)
      return conversion.loss(in: output)
    }
    print(output.path)
    if let loss { StandardError.print("note: \(loss)") }
  }

  /// A size for weights that do not tell it, where what is written does not hold it either.
  private static func anySize(_ input: URL) throws -> Int? {
    try ModelSource(input).cropSizes == nil ? WeightConversion.usualCropSize : nil
  }
}
