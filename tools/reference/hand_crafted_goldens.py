#!/usr/bin/env python3
"""Golden numbers of HandCraftedFeaturesTests: 47 hand-crafted features of one made-up crop.

usage: hand_crafted_goldens.py           (needs numpy, scipy, scikit-image)
"""
import numpy as np
from scipy import ndimage
from skimage.feature import local_binary_pattern

row, column = np.mgrid[0:40, 0:40].astype(float)
protein = 100 + 60 * np.sin(0.7 * row) * np.cos(0.45 * column) + 30 * ((row * 7 + column * 13) % 11) / 11
nucleus = 255 * np.exp(-((row - 18) ** 2 + (column - 22) ** 2) / 60)


def stretched(image):
    low, high = np.percentile(image, [1, 99.8])
    return np.clip((image - low) / (high - low + 1e-6), 0, 1)


p, n = stretched(protein), stretched(nucleus)
features = [*np.percentile(p, [5, 25, 50, 75, 90, 97]), p.mean(), p.std()]
for radius in (1, 2, 4):
    pattern = local_binary_pattern((p * 255).astype(np.uint8), 8, radius, "uniform")
    features += list(np.histogram(pattern, bins=10, range=(0, 10), density=True)[0])
before = p
for sigma in (1, 2, 4, 8, 16):
    smooth = ndimage.gaussian_filter(p, sigma)
    features.append(((before - smooth) ** 2).mean() / (p.var() + 1e-6))
    before = smooth
inside = n > 0.5
rim = ndimage.binary_dilation(inside, iterations=3) & ~inside
features += [np.corrcoef(p.ravel(), n.ravel())[0, 1], p[inside].mean(), p[~inside].mean(), p[rim].mean()]
print(", ".join(f"{value:.6f}" for value in features))
