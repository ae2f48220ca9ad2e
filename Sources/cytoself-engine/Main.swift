import CytoselfCommands
import CytoselfEngine

@main
struct Main {
  static func main() async {
    await Program.main(EngineRoot.self)
  }
}
