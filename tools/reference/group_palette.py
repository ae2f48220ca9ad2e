"""Choose the colours of GroupPalette: distinct for normal and for colour-blind eyes.

Greedy farthest-point choice in OKLab, where the distance of two colours is the least of their
distances as seen normally and with protanopia, deuteranopia and tritanopia (Machado, Oliveira and
Fernandes 2009, severity 1). Starts from seven colours of Okabe and Ito (black softened; their yellow is too pale for white
paper, and darkened it meets the orange). Needs numpy; prints Swift numbers and the least distance of each new colour.
"""
import numpy as np

START = [0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0x56B4E9, 0xCC79A7, 0x3A3A3A]
COUNT = 15
SEEN = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}


def linear(srgb):
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    lms = rgb @ np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                          [0.2119034982, 0.6806995451, 0.1073969566],
                          [0.0883024619, 0.2817188376, 0.6299787005]]).T
    lms = np.cbrt(np.clip(lms, 0, None))
    return lms @ np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                           [1.9779984951, -2.4285922050, 0.4505937099],
                           [0.0259040371, 0.7827717662, -0.8086757660]]).T


def views(srgb):
    rgb = linear(srgb)
    return [oklab(np.clip(rgb @ matrix.T, 0, 1)) for matrix in SEEN.values()]


def unpack(values):
    values = np.asarray(values)
    return np.stack([values >> 16 & 255, values >> 8 & 255, values & 255], axis=1) / 255


if __name__ == "__main__":
    levels = np.arange(0, 256, 15)
    grid = np.array([(r << 16) + (g << 8) + b for r in levels for g in levels for b in levels])
    lab = views(unpack(grid))[0]
    # Neither too pale for white paper nor too dark to tell hues apart.
    grid = grid[(lab[:, 0] > 0.33) & (lab[:, 0] < 0.83) & (np.hypot(lab[:, 1], lab[:, 2]) > 0.06)]
    candidates = views(unpack(grid))
    # The grey of `others` is taken too.
    chosen = list(START)
    taken = chosen + [0xC9C9C9]

    def least(view_a, view_b):
        return np.min([np.linalg.norm(a[:, None] - b[None], axis=2)
                       for a, b in zip(view_a, view_b)], axis=0)

    nearest = least(candidates, views(unpack(taken))).min(axis=1)
    for _ in range(COUNT - len(START)):
        best = int(nearest.argmax())
        print(f"0x{grid[best]:06X}  least distance {nearest[best]:.3f}")
        chosen.append(int(grid[best]))
        nearest = np.minimum(nearest, least(candidates, views(unpack([grid[best]])))[:, 0])
    print(", ".join(f"0x{value:06X}" for value in chosen))
