"""Copies of a picture that hold its pixels and nothing else."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

__all__ = ["jpeg_copy", "plain_pixels", "upright"]

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF 2.32, section 4.6.4 A."""
_QUALITY = 85


def plain_pixels(image: Image.Image) -> Image.Image:
    """Return a picture as sRGB on white paper, with none of the original's blocks of facts.

    Parameters
    ----------
    image
        Loaded, of any mode; its colour profile, where it has one that can be read, is applied.
    """
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        # 16 bits of grey: the library would clip them at 255 instead of scaling.
        values = image.convert("F")
        brightest = float(values.getextrema()[1])  # type: ignore[arg-type]
        grey = values.point(lambda value: value * (255.0 / (65535.0 if brightest > 255 else 255.0))).convert("L")
        return _clean(grey.convert("RGB"))
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return _clean(_in_srgb(paper, profile))
    if image.mode not in {"RGB", "CMYK", "L"}:
        image = image.convert("RGB")
    return _clean(_in_srgb(image, profile))


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Turn stored rows as the camera was held."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def jpeg_copy(image: Image.Image, longest_px: int) -> bytes:
    """Encode a picture anew as JPEG, its longer side at most so many pixels; a smaller one keeps its size."""
    shrunk = image.copy()
    shrunk.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    file = BytesIO()
    shrunk.save(file, "JPEG", quality=_QUALITY, progressive=True)
    return file.getvalue()


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes) and profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None  # a damaged profile, or one of another colour model: the numbers as they are
        if turned is not None:
            return turned
    return image if image.mode == "RGB" else image.convert("RGB")


def _clean(image: Image.Image) -> Image.Image:
    """Return the pixels in a new picture: the library writes what hangs on the old one into its copies."""
    fresh = Image.new("RGB", image.size)
    fresh.paste(image)
    return fresh
