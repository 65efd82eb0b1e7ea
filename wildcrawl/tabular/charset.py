"""Finds the charset of a text file that came from a spreadsheet, or says why it cannot."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from wildcrawl.tabular.errors import RecordsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MEND = "save it as 'CSV UTF-8'"


def find_charset(path: Path, wanted: str | None = None) -> str:
    """The charset in which the whole of `path` can be read; RecordsError if there is none.

    Tried are `wanted` alone, or what a byte order mark says, or UTF-8, then GB18030 (which
    GBK and GB2312 are part of). GB18030 reads nearly any bytes, so what it gives must look
    like Chinese.
    """
    if wanted:
        return _check(path, _known(path, wanted))
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for bom, charset in _BOMS:
        if start.startswith(bom):
            return _check(path, charset)
    if b"\0" in start[:200]:
        return _check(path, "utf-16-le" if start[1:2] == b"\0" else "utf-16-be")
    fault = _fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    if _broken_utf8(path, fault):
        line = _line(path, fault)
        raise RecordsError(
            f"{path} is UTF-8 with broken bytes, first in line {line}; {_MEND} again"
        )
    if _fault(path, "gb18030") is None and not _misread(path):
        return "gb18030"
    raise RecordsError(f"{path} is neither UTF-8 nor UTF-16 nor GB18030 (GBK, GB2312); {_MEND}")


def _known(path: Path, charset: str) -> str:
    try:
        # Python has codecs between bytes alone, too, such as hex.
        "".encode(charset)
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        raise RecordsError(
            f"{path}: there is no charset '{charset}'; try utf-8 or gb18030"
        ) from None


def _check(path: Path, charset: str) -> str:
    fault = _fault(path, charset)
    if fault is not None:
        raise RecordsError(
            f"{path} cannot be read as {charset} (line {_line(path, fault)}); {_MEND}"
        )
    return charset


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _fault(path: Path, charset: str) -> int | None:
    """Near which byte the file stops being `charset`; None if it does not."""
    decoder = codecs.getincrementaldecoder(charset)("strict")
    done = 0
    try:
        for block in _blocks(path):
            decoder.decode(block)
            done += len(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return done + error.start
    return None


def _line(path: Path, position: int) -> int:
    lines, done = 1, 0
    for block in _blocks(path):
        lines += block[: max(0, position - done)].count(b"\n")
        done += len(block)
    return lines


def _around(path: Path, position: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, position - _SAMPLE // 2))
        return file.read(_SAMPLE)


def _broken_utf8(path: Path, fault: int) -> bool:
    """Whether all but a few of the characters are sound UTF-8."""
    text = _around(path, fault).decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not character.isascii() for character in text) - broken
    return broken * 3 <= sound


def _misread(path: Path) -> bool:
    """Whether the GB18030 reading is chance: private characters, or rare ones out of Big5."""
    sample = next(_blocks(path), b"")[: _SAMPLE * 4]
    text = sample.decode("gb18030", "ignore")
    if any("\ue000" <= character <= "\uf8ff" for character in text):
        return True
    chinese = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    common = sum(len(character.encode("gb2312", "ignore")) == 2 for character in chinese)
    try:
        sample[: sample.rfind(b"\n") + 1].decode("big5")
    except UnicodeDecodeError:
        return False
    return common < 0.6 * len(chinese)
