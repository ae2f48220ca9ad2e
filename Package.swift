// swift-tools-version: 6.2
import PackageDescription

// Where libtorch is: the folder with `include` and `lib`. `scripts/setup` makes the link; packages
// that depend on this one set LIBTORCH. Only strings here: SwiftPM caches the manifest and would
// not see a change on disk.
let libtorch = Context.environment["LIBTORCH"] ?? Context.packageDirectory + "/.libtorch"

// CYTOSELF_WITHOUT_TORCH=1 leaves out every target that needs libtorch. What remains (array files,
// images, data sets, analysis, figures, their commands) builds, tests and runs on a machine that has
// none.
let withTorch = Context.environment["CYTOSELF_WITHOUT_TORCH"] == nil

let swiftSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let warnings: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], tested: Bool = true,
  testDependencies: [Target.Dependency] = [], testFiles: [String] = [],
  resources: [Resource] = []
) -> [Target] {
  let target = Target.target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: swiftSettings)
  guard tested else { return [target] }
  let tests = Target.testTarget(
    name: name + "Tests",
    dependencies: [.target(name: name)] + dependencies + testDependencies, exclude: testFiles,
    swiftSettings: swiftSettings)
  return [target, tests]
}

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// Only the targets that need libtorch use these; a build without it need not compile them.
let packagesWithTorch: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
  .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
]

// Bottom-up: a target depends only on targets above it in this list.
var targets: [Target] = []
var products: [Product] = []

targets += [
  .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])])
]
targets += [
  .systemLibrary(
    name: "LibHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
  .target(
    name: "CHDF5", dependencies: ["LibHDF5"],
    cSettings: [
      .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
    ]),
]
targets += library("Numerics")
targets += library("ArrayFiles", ["CHDF5", "CZlib"], testDependencies: ["Numerics"])
targets += library("CellData", ["ArrayFiles", "Numerics"], testFiles: ["Fixtures"])
targets += [
  // Debian's pkg-config file of OpenCV names every part of it; two are needed.
  .target(
    name: "COpenCV",
    cxxSettings: [
      .unsafeFlags([
        "-isystem/usr/include/opencv4", "-isystem/usr/local/include/opencv4",
        "-isystem/opt/homebrew/include/opencv4", "-Wall", "-Wextra", "-Werror",
      ])
    ],
    linkerSettings: [
      .unsafeFlags(["-L/opt/homebrew/lib"], .when(platforms: [.macOS])),
      .linkedLibrary("opencv_core"), .linkedLibrary("opencv_imgproc"),
    ])
]
targets += library("Raster", ["COpenCV"], testDependencies: ["Numerics"])
targets += [
  .systemLibrary(
    name: "LibTIFF", pkgConfig: "libtiff-4",
    providers: [.apt(["libtiff-dev"]), .brew(["libtiff"])]),
  .target(name: "CTIFF", dependencies: ["LibTIFF"], cSettings: warnings),
  .systemLibrary(
    name: "LibPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
  .target(name: "CPNG", dependencies: ["LibPNG"], cSettings: warnings),
  .systemLibrary(
    name: "LibJPEG", pkgConfig: "libjpeg",
    providers: [.apt(["libjpeg-dev"]), .brew(["jpeg-turbo"])]),
  .target(name: "CJPEG", dependencies: ["LibJPEG"], cSettings: warnings),
]
targets += library(
  "ImageFiles", ["ArrayFiles", "CPNG", "CTIFF", "Raster"],
  testDependencies: ["ImageTestSupport", "Numerics"])
targets += [
  // Folders, files and expected pixels that the tests of images share.
  .target(
    name: "ImageTestSupport", dependencies: ["ImageFiles"], path: "Tests/ImageTestSupport",
    swiftSettings: swiftSettings)
]
targets += library(
  "CellSimulation", ["ArrayFiles", "CellData", "ImageFiles", "Numerics", "Raster"],
  testDependencies: ["ImageTestSupport"])
targets += library(
  "CellCrops", ["ArrayFiles", "CellData", "COpenCV", "ImageFiles", "Numerics", "Raster"],
  testDependencies: ["CellSimulation", "ImageTestSupport"])
targets += [
  .target(name: "CInstructionSet", cSettings: warnings),
  .target(name: "CMatrixKernels", dependencies: ["CInstructionSet"], cSettings: warnings),
]
targets += [
  .systemLibrary(
    name: "LibIgraph", pkgConfig: "igraph",
    providers: [.apt(["libigraph-dev"]), .brew(["igraph"])]),
  .target(name: "CIgraph", dependencies: ["LibIgraph"], cSettings: warnings),
]
// Debian has FAISS as a static library without a description for pkg-config, so what it needs is
// named here; Homebrew's names it itself.
targets += [
  .target(
    name: "CFaiss", dependencies: ["CMatrixKernels"],
    cxxSettings: [
      // C++20 would take the header of another target as a module, which is not built for C++.
      .unsafeFlags(["-fno-cxx-modules"]),
      .unsafeFlags(["-I/opt/homebrew/include"], .when(platforms: [.macOS])),
      .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
    ],
    linkerSettings: [
      .unsafeFlags(["-L/opt/homebrew/lib"], .when(platforms: [.macOS])),
      .linkedLibrary("faiss"),
      .linkedLibrary("gomp", .when(platforms: [.linux])),
      .linkedLibrary("lapack", .when(platforms: [.linux])),
      .linkedLibrary("blas", .when(platforms: [.linux])),
    ])
]
targets += library(
  "CytoselfAnalysis", ["ArrayFiles", "CFaiss", "CIgraph", "CMatrixKernels", "Numerics"],
  testDependencies: ["CInstructionSet"], testFiles: ["Fixtures"])
// Compiled into the library: a program needs no bundle beside it.
let pages = ["map.html", "map.css", "map.js", "report.html", "report.css"]
targets += library(
  "CytoselfFigures", ["ArrayFiles", "CytoselfAnalysis"], testFiles: ["Fixtures"],
  resources: pages.map { .embedInCode("Pages/\($0)") })
targets += library("JobControl", ["Numerics"])
// The page of the atlas: compiled in as well, and written beside the data.
let atlasPage = ["index.html"]
targets += library(
  "CytoselfAtlas",
  [
    "ArrayFiles", "CellData", "CJPEG", "CytoselfAnalysis", "CytoselfFigures", "JobControl",
    "Numerics", flyingFox, flyingSocks,
  ], testDependencies: ["CellSimulation"], resources: atlasPage.map { .embedInCode("Page/\($0)") })
targets += library(
  "CytoselfCommands",
  [
    "ArrayFiles", "CellCrops", "CellData", "CellSimulation", "CytoselfAnalysis", "CytoselfAtlas",
    "CytoselfFigures", "ImageFiles", "JobControl", "Numerics", argumentParser,
  ], tested: false)
// The program that users start. libtorch takes a quarter of a second to load, so it is not linked
// with it: commands that need libtorch are handed to the engine, which lies beside it.
targets += [
  .executableTarget(
    name: "cytoself", dependencies: ["CytoselfCommands"], swiftSettings: swiftSettings)
]
products += [.executable(name: "cytoself", targets: ["cytoself"])]
products += [
  "ArrayFiles", "CellCrops", "CellData", "CellSimulation", "CytoselfAnalysis", "CytoselfAtlas",
  "CytoselfFigures", "ImageFiles", "JobControl", "Numerics", "Raster",
].map { .library(name: $0, targets: [$0]) }

if withTorch {
  targets += [
    .target(
      name: "CTorch", dependencies: ["CInstructionSet"],
      cxxSettings: [
        // C++20 would take the header of another target as a module, which is not built for C++.
        .unsafeFlags(["-fno-cxx-modules"]),
        .unsafeFlags([
          "-isystem\(libtorch)/include", "-isystem\(libtorch)/include/torch/csrc/api/include",
          "-O2", "-Wall", "-Wextra", "-Werror",
        ]),
      ],
      linkerSettings: [
        .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
      ])
  ]
  targets += [
    .target(
      name: "TorchTestSupport", dependencies: ["Torch"], path: "Tests/TorchTestSupport",
      swiftSettings: swiftSettings)
  ]
  let support: [Target.Dependency] = ["TorchTestSupport"]
  targets += library("Torch", ["CTorch"], testDependencies: support)
  targets += library("TorchNN", ["Torch"], testDependencies: support)
  targets += library(
    "CytoselfModel", ["ArrayFiles", "Torch", "TorchNN"], testDependencies: support,
    testFiles: ["Fixtures"])
  targets += library(
    "CytoselfTraining",
    [
      "ArrayFiles", "CellData", "CytoselfModel", "JobControl", "Numerics", "Torch", "TorchNN",
      crypto,
      protobuf, yams,
    ],
    testDependencies: support + ["CytoselfInference", "TrainingTestSupport"],
    testFiles: ["Fixtures"])
  targets += [
    .target(
      name: "TrainingTestSupport",
      dependencies: ["ArrayFiles", "CytoselfModel", "CytoselfTraining"],
      path: "Tests/TrainingTestSupport", swiftSettings: swiftSettings)
  ]
  targets += library(
    "CytoselfInference",
    [
      "ArrayFiles", "CellData", "CytoselfAnalysis", "CytoselfModel", "CytoselfTraining",
      "JobControl", "Numerics", "Torch", "TorchNN",
    ],
    testDependencies: support + ["TrainingTestSupport"])
  targets += library(
    "CytoselfEngine",
    [
      "ArrayFiles", "CellData", "CellSimulation", "CytoselfAnalysis", "CytoselfAtlas",
      "CytoselfCommands", "CytoselfFigures", "CytoselfInference", "CytoselfModel",
      "CytoselfTraining", "JobControl",
      "Numerics", "Torch", "TorchNN", argumentParser,
    ], tested: false)
  targets += [
    // A dependency on a program builds it first: `--product cytoself-engine` makes both.
    .executableTarget(
      name: "cytoself-engine", dependencies: ["CytoselfCommands", "CytoselfEngine", "cytoself"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "ArrayFiles", "CellData", "CytoselfCommands", "CytoselfEngine", "CytoselfFigures",
        "CytoselfModel", "CytoselfTraining", "Torch", "TorchTestSupport", "cytoself",
        "cytoself-engine", argumentParser,
      ],
      exclude: ["Snapshots"],
      swiftSettings: swiftSettings),
  ]
  products += ["Torch", "TorchNN", "CytoselfModel", "CytoselfTraining", "CytoselfInference"].map {
    .library(name: $0, targets: [$0])
  }
  products += [.executable(name: "cytoself-engine", targets: ["cytoself-engine"])]
}

let package = Package(
  name: "cytoself",
  platforms: [.macOS(.v14)],
  products: products,
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ] + (withTorch ? packagesWithTorch : []),
  targets: targets,
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
