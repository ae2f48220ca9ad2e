"""Writes small images in many formats, as other programs write them, for ImageFilesTests and CellCropsTests.

    python tools/reference/image_files.py Tests/Fixtures/images

Made with Python 3.11, numpy 2.4.6, tifffile 2026.3.3, imagecodecs 2026.3.6 and pillow 13.0. Pixel x, y of
page p is (7 x + 13 y + x y + 31 p) mod 251, times 200 for 16 bits and more, less 20,000 for signed numbers,
divided by 1,000 for floating point.
"""

import pathlib
import sys

import numpy
import tifffile
from PIL import Image

WIDTH, HEIGHT = 37, 29


def page(number=0):
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    return (7 * x + 13 * y + x * y + 31 * number) % 251


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    small, wide = page().astype("u1"), (page() * 200).astype("u2")

    def tiff(name, data, **options):
        tifffile.imwrite(folder / name, data, metadata=None, **options)

    tiff("u8_strips.tif", small, rowsperstrip=5)
    tiff("u8_lzw.tif", small, compression="lzw")
    tiff("u8_packbits.tif", small, compression="packbits")
    tiff("u8_jpeg.tif", numpy.full_like(small, 97), compression="jpeg")
    tiff("u16_deflate_tiles.tif", wide, compression="zlib", predictor=True, tile=(16, 16))
    tiff("u16_lzw_big_endian.tif", wide, compression="lzw", predictor=True, byteorder=">")
    tiff("u16_big.tif", wide, bigtiff=True)
    tiff("u16_zstd.tif", wide, compression="zstd")
    tiff("u32.tif", wide.astype("u4"))
    tiff("i16.tif", (wide.astype("i4") - 20000).astype("i2"))
    tiff("f32_deflate_tiles.tif", (wide / 1000).astype("f4"), compression="zlib", predictor=3, tile=(32, 32))
    tiff("f64.tif", wide / 1000)
    pages = numpy.stack([page(number) for number in range(3)]).astype("u1")
    tiff("u8_rgb_planar.tif", pages, photometric="rgb", planarconfig="separate", compression="zlib")
    tiff("u8_rgb.tif", numpy.moveaxis(pages, 0, 2), photometric="rgb")
    with tifffile.TiffWriter(folder / "u8_pages.tif") as file:
        for one in pages:
            file.write(one, metadata=None)

    # ImageJ: pages go channel first, then slice.
    stack = numpy.stack([page(number) for number in range(6)]).astype("u2").reshape(3, 2, HEIGHT, WIDTH)
    tifffile.imwrite(
        folder / "imagej_c2z3.tif", stack, imagej=True, resolution=(4.0, 4.0),
        metadata={"axes": "ZCYX", "unit": "um"},
    )
    # OME: two images in one file, the first with its slices before its channels.
    with tifffile.TiffWriter(folder / "two_images.ome.tif", ome=True) as file:
        file.write(
            stack.transpose(1, 0, 2, 3).copy(), compression="zlib",
            metadata={"axes": "CZYX", "PhysicalSizeX": 325, "PhysicalSizeXUnit": "nm",
                      "Channel": {"Name": ["GFP & more", "Hoechst"]}},
        )
        file.write(
            numpy.stack([page(7), page(8)]).astype("u2"),
            metadata={"axes": "CYX", "Channel": {"Name": ["a", "b"]}},
        )

    Image.fromarray(small).save(folder / "u8.png")
    Image.fromarray(wide).save(folder / "u16.png")
    Image.fromarray(numpy.moveaxis(pages, 0, 2).copy()).save(folder / "rgb.png")
    Image.fromarray(numpy.dstack([pages[0], pages[1], pages[2], small]).copy()).save(folder / "rgba.png")
    palette = Image.fromarray(small % 16, mode="P")
    palette.putpalette([level for index in range(256) for level in (index, 255 - index, 7)])
    palette.save(folder / "palette.png")
    Image.fromarray((page() % 2).astype(bool)).save(folder / "u1.png")


main(pathlib.Path(sys.argv[1]))
