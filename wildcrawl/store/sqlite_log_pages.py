"""Write-ahead log of SQLite: rows of a table, read from the log's pages without their file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

_HEAD, _FRAME_HEAD = struct.Struct(">8I"), struct.Struct(">6I")
_MAGIC = (0x377F0682, 0x377F0683)
"""Beginnings of a log whose checksums are of little-endian and of big-endian numbers."""
_DEFAULT_SIZE = 4096
_LEAF = 0x0D
"""First byte of a page with rows of a table."""

Value = str | int | float | bytes | None


@dataclass
class LogPages:
    """The pages that the transactions of a log have written, each as the last one left it."""

    size: int = _DEFAULT_SIZE
    pages: dict[int, bytes] = field(default_factory=dict)
    read: int = 0
    """Pages of the log that could be read, up to the end of the last transaction."""
    whole: int = 0
    """Pages that the log has, without those of an earlier round that it begins to overwrite."""


def read_log(log: Path) -> LogPages:
    """The pages of a log, up to the first that is damaged."""
    data = log.read_bytes()
    head = _HEAD.unpack(data[: _HEAD.size]) if len(data) >= _HEAD.size else (0,) * 8
    order = ">" if head[0] == _MAGIC[1] else "<"
    sums = _checksum(data[:24], order, (0, 0)) if head[0] in _MAGIC else None
    found = LogPages(head[2] if sums == head[6:] else _DEFAULT_SIZE)
    frame = _FRAME_HEAD.size + found.size
    starts = range(_HEAD.size, len(data), frame)
    found.whole = len(starts) or min(1, len(data))
    if sums is None or sums != head[6:]:
        return found
    # Those of an earlier round, which are in the file, have other marks, and come last.
    own = [at for at in starts if data[at + 8 : at + 16] == data[16:24]]
    found.whole = starts.index(own[-1]) + 1 if own else 0
    pending: dict[int, bytes] = {}
    for number, start in enumerate(starts[: found.whole], 1):
        page = data[start + _FRAME_HEAD.size : start + frame]
        if len(page) < found.size:
            break
        about = _FRAME_HEAD.unpack_from(data, start)
        sums = _checksum(data[start : start + 8] + page, order, sums)
        if sums != about[4:] or about[2:4] != head[4:6]:
            break
        pending[about[0]] = page
        if about[1]:
            found.pages |= pending
            found.read, pending = number, {}
    return found


def _checksum(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """The checksum of `data`, after that of what comes before it."""
    one, two = sums
    numbers = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for each in numbers:
        one = (one + each + two) & 0xFFFFFFFF
        two = (two + next(numbers) + one) & 0xFFFFFFFF
    return one, two


def rows(log: LogPages, columns: range) -> Iterator[tuple[Value, ...] | None]:
    """The rows with as many columns; None for one that goes on in a page that the log lacks."""
    for number, page in log.pages.items():
        # The first page has the schema.
        if number == 1 or page[0] != _LEAF:
            continue
        count = int.from_bytes(page[3:5], "big")
        for (start,) in islice(struct.iter_unpack(">H", page[8 : 8 + 2 * count]), count):
            length, at = _varint(page, start)
            _, at = _varint(page, at)
            payload = _payload(log, page, at, length)
            head, _ = _varint(page, at)
            if len(_types(page[at : at + head])) in columns:
                yield None if payload is None else _values(payload)


def _payload(log: LogPages, page: bytes, at: int, length: int) -> bytes | None:
    """The bytes of a row; None if they go on in a page that the log lacks."""
    most = log.size - 35
    if length <= most:
        return page[at : at + length]
    least = (log.size - 12) * 32 // 255 - 23
    here = least + (length - least) % (log.size - 4)
    here = here if here <= most else least
    payload = page[at : at + here]
    following = int.from_bytes(page[at + here : at + here + 4], "big")
    while len(payload) < length:
        if following not in log.pages:
            return None
        further = log.pages[following]
        payload += further[4 : 4 + length - len(payload)]
        following = int.from_bytes(further[:4], "big")
    return payload


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of SQLite's varying length, and where it ends."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _types(head: bytes) -> list[int]:
    """The type of each column of a row, from the head that says its own length first."""
    length, at = _varint(head, 0)
    found = []
    while at < min(length, len(head)):
        kind, at = _varint(head, at)
        found.append(kind)
    return found


def _values(payload: bytes) -> tuple[Value, ...]:
    """The values of a row."""
    at, _ = _varint(payload, 0)
    found: list[Value] = []
    for kind in _types(payload[:at]):
        length = _LENGTHS[kind] if kind < len(_LENGTHS) else (kind - 12) // 2
        data = payload[at : at + length]
        at += length
        found.append(_value(kind, data))
    return tuple(found)


_LENGTHS = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""Bytes of the types before those of bytes and texts."""


def _value(kind: int, data: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind < 7:
        return int.from_bytes(data, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    return data.decode("utf-8", "surrogatepass") if kind % 2 else data
