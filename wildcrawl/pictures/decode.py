"""Decoding of pictures from sellers: types by content, limits before decoding, first frame only.

The bytes are never trusted: what a picture is, is read from its content and not from its name,
and its size from its header, before a pixel is decoded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from wildcrawl.pictures.file_end import is_cut_animation, short_container
from wildcrawl.pictures.jpeg_end import filled_up, is_suspect, lacks_scans

Pixels = NDArray[np.uint8]
"""An RGB picture, shape (height, width, 3), or a grey one, shape (height, width)."""

# The limit here is on the header's size and has a reason; Pillow's would write to the log.
Image.MAX_IMAGE_PIXELS = None

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
"""Pillow's names of the formats that are read."""
MEDIA_TYPES: Mapping[str, str] = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "AVIF": "image/avif",
}
LONGEST_SIDE = 65_535
"""Most pixels of a side: that of a JPEG; decoders need memory for each row besides its pixels."""
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_START = 1024
"""Bytes in which a page or an SVG shows itself, behind a byte order mark and comments."""


class PictureFault(StrEnum):
    """What is wrong with a picture that is not read."""

    TYPE = "type"
    BYTES = "bytes"
    PIXELS = "pixels"
    DAMAGED = "damaged"


class PictureError(ValueError):
    """Raised for a picture that is not read; `reason` says why in one phrase."""

    def __init__(self, reason: str, fault: PictureFault = PictureFault.TYPE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fault = fault


@dataclass(frozen=True)
class Limits:
    """Limits of what is decoded: bytes of the file, and pixels by its header."""

    length: int = 10 * 1024 * 1024
    pixels: int = 50_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Header:
    """What a picture's header says: format (one of FORMATS), width and height in pixels."""

    format: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """Media type by content, such as image/jpeg."""
        return MEDIA_TYPES[self.format]


def read_header(data: bytes, limits: Limits = LIMITS) -> Header:
    """Format and size of a picture, without decoding it; PictureError if it may not be decoded."""
    image, header = _opened(data, limits)
    image.close()
    return header


def check_whole(data: bytes, limits: Limits = LIMITS) -> Header:
    """Format and size of a picture that can be decoded to its end; PictureError otherwise.

    Of an animation the first frame is decoded, and the others are there. An end that is overwritten
    shows in a PNG by its checksums, in few WebP and AVIF, whose decoders read most bytes as pixels,
    and in no BMP.
    """
    image, header = _opened(data, limits)
    try:
        _reduce_jpeg(image)
        _load(image, data)
        if header.format == "JPEG":
            _check_end(image, data)
        if is_cut_animation(data):
            raise PictureError(f"truncated {header.format}", PictureFault.DAMAGED)
    except PictureError:
        raise
    except Exception as error:
        # Decoders of damaged files raise many kinds of errors, and all mean the same.
        raise _refusal(header.format, error) from error
    finally:
        image.close()
    return header


def read_picture(data: bytes, longest: int, limits: Limits = LIMITS) -> Image.Image:
    """The first frame as an upright RGB image whose longer side is at most `longest` pixels.

    Transparent parts become white, 16-bit and CMYK pixels 8-bit RGB. Pictures that are smaller
    keep their size. PictureError if the picture is too large, damaged or of another type.
    """
    image, header = _opened(data, limits)
    try:
        # A JPEG is decoded at a fraction of its size, which bounds memory and time.
        image.draft("RGB", (longest, longest))
        _load(image, data)
        small = _reduced(_eight_bits(image), longest)
        return _upright(_on_white(small), image)
    except PictureError:
        raise
    except Exception as error:
        # Decoders of damaged files raise many kinds of errors, and all mean the same.
        raise _refusal(header.format, error) from error
    finally:
        image.close()


def as_pixels(image: Image.Image) -> Pixels:
    """The pixels of an 8-bit image."""
    return np.asarray(image, dtype=np.uint8)


def _opened(data: bytes, limits: Limits) -> tuple[Image.Image, Header]:
    if not data:
        raise PictureError("empty file")
    if len(data) > limits.length:
        words = f"file of {len(data):,} bytes, more than {limits.length:,}"
        raise PictureError(words, PictureFault.BYTES)
    refused = _other_type(data)
    if refused:
        raise PictureError(refused)
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
    except Exception as error:
        if kind := short_container(data):
            raise PictureError(f"truncated {kind}", PictureFault.DAMAGED) from error
        if data.startswith(_PNG):
            raise PictureError("damaged PNG", PictureFault.DAMAGED) from error
        if isinstance(error, UnidentifiedImageError):
            raise PictureError("not a picture, or of a type that is not read") from error
        raise PictureError("damaged from the start", PictureFault.DAMAGED) from error
    # A JPEG with a second picture in it, as phones write them, is an MPO to Pillow.
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    header = Header(kind, image.width, image.height)
    if header.width * header.height > limits.pixels:
        image.close()
        raise PictureError(
            f"{header.width:,} x {header.height:,} pixels, more than {limits.pixels:,}",
            PictureFault.PIXELS,
        )
    if max(header.width, header.height) > LONGEST_SIDE:
        image.close()
        raise PictureError(
            f"{header.width:,} x {header.height:,} pixels, more than {LONGEST_SIDE:,} on a side",
            PictureFault.PIXELS,
        )
    return image, header


def _other_type(data: bytes) -> str:
    """The reason against a file that is known to be of another type; "" for others."""
    if data[4:8] == b"ftyp":
        brands = {data[at : at + 4] for at in (8, *range(16, min(len(data), 64) - 3, 4))}
        if brands & _HEIC and not brands & _AVIF:
            return "HEIC, which is not read"
        return ""
    start = data[:_START].lstrip(b"\xef\xbb\xbf\x00 \t\r\n").lower()
    if start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        return "SVG, which is not read" if b"<svg" in start else "a page in place of a picture"
    if start.startswith((b"{", b"[")):
        return "JSON in place of a picture"
    if start.startswith((b"%pdf", b"\x1f\x8b", b"pk\x03\x04")):
        return "a document or archive in place of a picture"
    return ""


def _load(image: Image.Image, data: bytes) -> None:
    """Decodes the first frame; PictureError for a PNG with a wrong checksum or without its end.

    Pillow compares no checksums of pixels, and takes what is missing for black if the data end
    where a row does.
    """
    image.load()
    if image.format != "PNG":
        return
    if _has_wrong_checksum(data):
        raise PictureError("damaged PNG", PictureFault.DAMAGED)
    last = image.crop((0, max(0, image.height - 2), image.width, image.height))
    if np.asarray(last).reshape(last.height, -1).any(axis=1).all():
        return
    if not reaches(_png_data(data), _png_length(data)):
        raise PictureError("truncated PNG", PictureFault.DAMAGED)


def _reduce_jpeg(image: Image.Image) -> None:
    """Has a JPEG decoded at an eighth of its size."""
    image.draft("L", (max(1, image.width // 8), max(1, image.height // 8)))


def _check_end(image: Image.Image, data: bytes) -> None:
    """PictureError for a JPEG, loaded at a reduced size, of which scans or blocks are missing."""
    last = image.crop((image.width - 1, image.height - 1, image.width, image.height))
    cut = lacks_scans(data)
    if not cut and is_suspect(last.tobytes()):
        with Image.open(BytesIO(filled_up(data)), formats=FORMATS) as again:
            _reduce_jpeg(again)
            cut = again.tobytes() != image.tobytes()
    if cut:
        raise PictureError("truncated JPEG", PictureFault.DAMAGED)


def reaches(chunks: Iterable[bytes], length: int) -> bool:
    """Whether compressed chunks give `length` bytes; no more than these are decompressed."""
    inflate = zlib.decompressobj()
    for chunk in chunks:
        while length > 0 and not inflate.eof:
            piece = inflate.decompress(chunk, _PIECE)
            length -= len(piece)
            chunk = inflate.unconsumed_tail
            if not chunk and len(piece) < _PIECE:
                break
        if length <= 0:
            return True
    return length <= 0


def _png_data(png: bytes) -> Iterator[bytes]:
    """The contents of a PNG's chunks of pixels."""
    at = _PNG_CHUNKS
    while at + 8 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == b"IDAT":
            yield png[at + 8 : at + 8 + length]
        at += length + 12


def _has_wrong_checksum(png: bytes) -> bool:
    """Whether a chunk of a PNG's pixels is not what its checksum says; the decoder skips some."""
    view, at = memoryview(png), _PNG_CHUNKS
    while at + 12 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        end = at + 8 + length
        if kind in _PNG_PIXELS and end + 4 <= len(png):
            (said,) = struct.unpack_from(">I", png, end)
            if zlib.crc32(view[at + 4 : end]) != said:
                return True
        at = end + 4
    return False


def _png_length(png: bytes) -> int:
    """Bytes of a PNG's pixels by its header: each row with the byte of its filter."""
    width, height, depth, kind, _, _, laced = struct.unpack_from(">IIBBBBB", png, 16)
    bits = depth * _PNG_CHANNELS[kind]
    rows = 0
    for left, top, across, down in _PNG_PASSES if laced else ((0, 0, 1, 1),):
        columns = -(-max(0, width - left) // across)
        if columns:
            rows += -(-max(0, height - top) // down) * (1 + (columns * bits + 7) // 8)
    return rows


_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = len(_PNG)
_PNG_PIXELS = (b"IDAT", b"fdAT")
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Channels by the colour type of a PNG."""
_PNG_PASSES = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)
)  # fmt: skip
"""Passes of an interlaced PNG: first column and row, and the steps to the next ones."""
_PIECE = 1 << 20
"""Bytes that are decompressed at once."""


def _eight_bits(image: Image.Image) -> Image.Image:
    """The image with 8 bits a channel; 16-bit grey is cut to its upper byte."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float32)
        top = float(values.max(initial=0.0))
        scale = 255.0 if 0 < top <= 1 else 1.0 if top <= 255 else 255.0 / 65535.0
        return Image.fromarray(np.clip(values * scale, 0, 255).astype(np.uint8))
    return image


def _reduced(image: Image.Image, longest: int) -> Image.Image:
    """The image with its longer side at most `longest`, in a mode that can be resampled."""
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if _transparent(image) else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    if max(image.size) <= longest:
        return image
    factor = longest / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _on_white(image: Image.Image) -> Image.Image:
    if not _transparent(image):
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, (255, 255, 255, 255))
    white.alpha_composite(seen)
    return white.convert("RGB")


def _transparent(image: Image.Image) -> bool:
    return "A" in image.getbands() or "transparency" in image.info


def _upright(image: Image.Image, original: Image.Image) -> Image.Image:
    """`image` turned as the EXIF of `original` says; unreadable EXIF turns nothing."""
    try:
        turn = original.getexif().get(_ORIENTATION, 1)
    except Exception:
        return image
    method = _TURNS.get(turn)
    return image if method is None else image.transpose(method)


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _refusal(kind: str, error: Exception) -> PictureError:
    if isinstance(error, MemoryError):
        return PictureError(f"{kind} that takes too much memory to read", PictureFault.PIXELS)
    return PictureError(_damage(kind, error), PictureFault.DAMAGED)


def _damage(kind: str, error: Exception) -> str:
    if "truncated" in str(error).lower():
        return f"truncated {kind}"
    return f"damaged {kind}"
