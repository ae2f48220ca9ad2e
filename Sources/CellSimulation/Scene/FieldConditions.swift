public import Numerics

/// What one field of view shares among its cells and does not share with other fields: the light,
/// the background, the focus, how crowded it is.
public struct FieldConditions: Sendable, Equatable {
  /// Brightness of the lamp, around 1.
  public var gain: Float
  /// Loss of light from the brightest point to the corner of the field, 0 to 0.35.
  public var vignetting: Float
  /// The brightest point of the field, as fractions of its width and height.
  public var lampCenter: (x: Float, y: Float)
  /// Photons of background per pixel in the protein channel.
  public var background: Float
  /// Photons of background per pixel in the nuclear channel.
  public var nuclearBackground: Float
  /// Blur of the protein channel, in pixels (standard deviation): optics and focus together.
  public var blur: Float
  /// Blur of the nuclear channel, in pixels.
  public var nuclearBlur: Float
  /// Share of the light in the wide halo of planes out of focus.
  public var halo: Float
  /// Read noise of the camera, in electrons (standard deviation).
  public var readNoise: Float
  /// Photons of a nucleus at full brightness.
  public var nuclearPhotons: Float
  /// How much of the field cells cover, from 0.45 to 1.1.
  public var crowding: Float

  /// The names of the conditions that ground truth lists, in the order of ``values``.
  public static let names = [
    "gain", "vignetting", "background", "blur", "halo", "read_noise", "nuclear_photons",
    "crowding",
  ]

  /// The conditions in the order of ``names``.
  public var values: [Float] {
    [gain, vignetting, background, blur, halo, readNoise, nuclearPhotons, crowding]
  }

  /// The conditions of a field drawn from `random`; `scale` is pixels per pixel of the standard
  /// 0.2 micrometre sampling.
  public init(using random: inout SplitMix64, scale: Float) {
    gain = random.uniform(0.75, 1.25)
    vignetting = random.uniform(0.05, 0.35)
    lampCenter = (random.uniform(0.35, 0.65), random.uniform(0.35, 0.65))
    background = random.uniform(4, 16)
    nuclearBackground = random.uniform(4, 14)
    let defocus = random.uniform()
    blur = max(0.4, (0.75 + 0.7 * defocus * defocus * defocus) * scale)
    nuclearBlur = max(0.4, blur + random.uniform(0.1, 0.5) * scale)
    halo = random.uniform(0.04, 0.16)
    readNoise = random.uniform(1.2, 2.6)
    nuclearPhotons = random.uniform(160, 600)
    crowding = random.uniform(0.45, 1.1)
  }

  /// The light at a place of the field, given as fractions of its width and height.
  @inline(__always)
  func light(_ x: Float, _ y: Float) -> Float {
    let dx = x - lampCenter.x
    let dy = y - lampCenter.y
    return gain * (1 - vignetting * (dx * dx + dy * dy) * 2)
  }

  /// Whether two fields have the same conditions.
  public static func == (left: FieldConditions, right: FieldConditions) -> Bool {
    left.values == right.values && left.lampCenter == right.lampCenter
      && left.nuclearBackground == right.nuclearBackground && left.nuclearBlur == right.nuclearBlur
  }
}
