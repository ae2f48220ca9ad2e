import CytoselfAnalysis
import CytoselfCommands
import CytoselfTraining
import Foundation

extension SpectrumCommand: EngineWork {
  package func work() async throws {
    let found = try codebook.map { try ModelSource(URL(filePath: $0)).codebook(level: level) }
    try write(codebook: found.map { Matrix(rows: $0.codes, columns: $0.width, values: $0.vectors) })
  }
}
