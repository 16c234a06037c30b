"""The sample picture as members really upload it: rotated by EXIF, with a GPS position, animated, as WebP or AVIF."""

from __future__ import annotations

from PIL import ExifTags, Image

from playground.pictures.art import draw_lighthouse, encode

SMALL = (320, 240)
# Such a picture must be rotated 90 degrees to the right to be upright (EXIF 2.32, tag 0x0112, value 6).
TURNED_RIGHT = 6
LONDON: dict[int, str | tuple[float, ...]] = {
    ExifTags.GPS.GPSLatitudeRef: "N",
    ExifTags.GPS.GPSLatitude: (51.0, 30.0, 26.0),
    ExifTags.GPS.GPSLongitudeRef: "W",
    ExifTags.GPS.GPSLongitude: (0.0, 7.0, 39.0),
}


def small_sample() -> Image.Image:
    """The sample picture at 320 x 240."""
    return draw_lighthouse().resize(SMALL)


def jpeg_from_a_phone(picture: Image.Image) -> bytes:
    """A JPEG stored on its side, with the EXIF orientation that rights it and the GPS position where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = TURNED_RIGHT
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(LONDON)
    return encode(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=85, exif=exif)


def animated_gif(picture: Image.Image) -> bytes:
    """Three frames that grow darker."""
    frames = [picture.point(lambda tone, share=share: int(tone * share)) for share in (1.0, 0.7, 0.4)]
    return encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=120, loop=0)


def webp(picture: Image.Image) -> bytes:
    return encode(picture, "WEBP", quality=80)


def avif(picture: Image.Image) -> bytes:
    return encode(picture, "AVIF", quality=60)
