"""Reading of one picture: text, codes, hashes, features and scores, in one pass over its bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec

from wildcrawl.pictures import codes, text
from wildcrawl.pictures.contacts import Contact, contact_of_code, contacts_in_lines
from wildcrawl.pictures.decode import LIMITS, Limits, as_pixels, read_header, read_picture
from wildcrawl.pictures.likeness import Likeness, likeness_of, reduced
from wildcrawl.pictures.model import PictureModel, load_picture_model

VERSION = 7
"""Version of what is read, raised when hashes, features or words of a picture change."""
MOST_TEXT = 2_000
"""Characters of text kept of one picture."""


@dataclass(frozen=True)
class Task:
    """A picture to read: its bytes, the limits, and the name of a model ("" for none)."""

    data: bytes
    limits: Limits = LIMITS
    model: str = ""


@dataclass(frozen=True)
class Reading:
    """What a picture shows.

    `text` has its lines from top to bottom, contacts replaced by their kinds; `contacts` are
    those of text and codes; `codes` is the number of QR codes.
    """

    format: str
    width: int
    height: int
    text: str = ""
    contacts: list[Contact] = field(default_factory=list)
    codes: int = 0
    likeness: Likeness = field(default_factory=Likeness)
    scores: dict[str, float] = field(default_factory=dict)


def readers(model: str = "") -> str:
    """Names and versions of what reads pictures here; readings of others are done again."""
    parts = [f"reading {VERSION}", text.reader_name(), codes.code_reader_name()]
    parts.append("features" if find_spec("cv2") else "")
    loaded = _model(model)
    parts.append(f"model {loaded.name}" if loaded else "")
    return ", ".join(part for part in parts if part)


def missing_readers() -> list[str]:
    """What cannot be read here, since the extra `pictures` is not installed."""
    parts = {
        "text": text.reader_name(),
        "QR codes": codes.code_reader_name(),
        "crops, mirror images and screenshots": find_spec("cv2"),
    }
    return [name for name, reader in parts.items() if not reader]


def read(task: Task) -> Reading:
    """Reads one picture; PictureError if it cannot be decoded, ModelError if the model fails.

    Text, codes and features are left out where their readers are not installed.
    """
    header = read_header(task.data, task.limits)
    image = read_picture(task.data, text.LONGEST, task.limits)
    pixels = as_pixels(image)
    lines = text.read_lines(pixels) if text.reader_name() else []
    contacts, plain = contacts_in_lines(line.text for line in lines if text.is_text(line.text))
    found = codes.read_codes(pixels) if codes.code_reader_name() else []
    said = list(dict.fromkeys(code.text for code in found))
    contacts += [contact_of_code(each) for each in said]
    model = _model(task.model)
    return Reading(
        header.format,
        header.width,
        header.height,
        plain[:MOST_TEXT],
        list(dict.fromkeys(contacts)),
        len(said),
        likeness_of(image, [line.box for line in lines], [code.box for code in found]),
        model.scores([as_pixels(reduced(image, _MODEL_LONGEST))])[0] if model else {},
    )


_MODEL_LONGEST = 640


@cache
def _model(name: str) -> PictureModel | None:
    return load_picture_model(name)
