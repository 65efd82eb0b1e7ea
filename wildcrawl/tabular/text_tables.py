"""CSV and JSON-lines tables: delimiters and charsets that spreadsheets write."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from wildcrawl.items import RECORD_COLUMNS
from wildcrawl.tabular.tables import (
    RecordsError,
    Rejection,
    Row,
    RowNumbers,
    as_typed,
    column_name,
    row_of,
)
from wildcrawl.tabular.words import column_of

if TYPE_CHECKING:
    from wildcrawl.tabular.tables import Cell

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MANY_NULS = 0.25
"""Share of NUL bytes from which on valid UTF-8 is taken for UTF-16, whose half are NUL."""
_USUAL = re.compile(r"[\t\r\n -\u024f\u2010-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_MOSTLY = 0.9
"""Share of letters, punctuation and Chinese characters in a text that is UTF-16."""
_FIX = "save it as 'CSV UTF-8'"


def find_charset(path: Path, wanted: str | None = None) -> str:
    """The charset in which the whole of `path` can be read; RecordsError if there is none.

    Tries `wanted` alone; else the byte order mark, UTF-8, and GB18030 (which includes GBK and
    GB2312). GB18030 decodes nearly any bytes, so its result must look like Chinese.
    """
    if wanted:
        return _check(path, _known(path, wanted))
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for bom, charset in _BOMS:
        if start.startswith(bom):
            return _check(path, charset)
    wide = _wide_charset(start[:4096])
    if wide and _fault(path, wide) is None:
        return wide
    fault = _fault(path, "utf-8")
    if fault is None:
        return "utf-8"
    if _broken_utf8(path, fault):
        line = _line(path, fault)
        raise RecordsError(f"{path} is UTF-8 with broken bytes, first in line {line}; {_FIX} again")
    if _fault(path, "gb18030") is None and not _misread(path):
        return "gb18030"
    raise RecordsError(f"{path} is neither UTF-8 nor UTF-16 nor GB18030 (GBK, GB2312); {_FIX}")


def _wide_charset(start: bytes) -> str:
    """The UTF-16 that `start` is written in without a mark; "" if it is none.

    Its first line has a separator of columns as one of two bytes, which another file with a NUL
    does not have there.
    """
    if b"\0" not in start or (_is_utf8(start) and start.count(b"\0") < _MANY_NULS * len(start)):
        return ""
    for charset in ("utf-16-le", "utf-16-be"):
        text = start.decode(charset, "replace")
        if len(_USUAL.findall(text)) < _MOSTLY * len(text):
            continue
        line, _, _ = text.partition("\n")
        if (
            "\0" not in line
            and "\ufffd" not in line[:-1]
            and any(mark in line for mark in ",;\t|{<")
        ):
            return charset
    return ""


def _is_utf8(start: bytes) -> bool:
    """Whether the beginning of a file is UTF-8; its last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _known(path: Path, charset: str) -> str:
    try:
        # Python also has codecs from bytes to bytes, such as hex.
        "".encode(charset)
        return codecs.lookup(charset).name
    except (LookupError, ValueError):
        raise RecordsError(
            f"{path}: '{charset}' is not a known charset; try utf-8 or gb18030"
        ) from None


def _check(path: Path, charset: str) -> str:
    fault = _fault(path, charset)
    if fault is not None:
        raise RecordsError(
            f"{path} cannot be read as {charset} (line {_line(path, fault)}); {_FIX}"
        )
    return charset


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _fault(path: Path, charset: str) -> int | None:
    """Position of the first byte that `charset` cannot decode, roughly; None if it decodes all."""
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
    """Whether nearly all characters are valid UTF-8."""
    text = _around(path, fault).decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not character.isascii() for character in text) - broken
    return broken * 3 <= sound


def _misread(path: Path) -> bool:
    """Whether GB18030 decoded by chance: private-use characters, or rare ones from Big5 bytes."""
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


_DELIMITERS = ",;\t|"
_LONGEST_CELL = 10_000_000
_LONGEST_ROW = 1000
"""Lines in one row; beyond it, a quotation mark was never closed."""


_LONGEST_LINE = 20_000_000
"""Characters of a line, or of a row of several lines."""


def bounded_lines(file: TextIO, path: Path) -> Iterator[str]:
    """The lines of a text; RecordsError for one of more than _LONGEST_LINE characters."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise RecordsError(
                f"{path}, line {number} has more than {_LONGEST_LINE:,} characters; save it with a "
                "line for each row"
            )
        yield line


class CsvTable:
    """CSV file; RecordsError if it is empty or in no known charset.

    The delimiter is the one that finds most of the `known` columns.
    """

    def __init__(
        self, path: Path, charset: str | None = None, known: Sequence[str] = RECORD_COLUMNS
    ) -> None:
        self.path = path
        self.charset = find_charset(path, charset)
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
        with self._open() as file:
            self.delimiter, above = _header(path, bounded_lines(file, path), known)
        with self._open() as file:
            lines = _Lines(bounded_lines(file, path))
            self._above = [next(lines).strip(" ,;\t\r\n") for _ in range(above)]
            # A header cell in quotes may have several lines, as those of worksheets have.
            self.columns = [
                column_name(cell) for cell in next(csv.reader(lines, delimiter=self.delimiter), [])
            ]
            self._header_lines = lines.taken
        self._dropped = 0

    @property
    def notes(self) -> list[str]:
        """The lines above the header, and once the rows are read, the NUL characters dropped."""
        return [*_above_note(self._above), *nul_note(self._dropped)]

    def rows(self) -> Iterator[Row | Rejection]:
        with self._open() as file:
            lines = _Lines(bounded_lines(file, self.path))
            for _ in range(self._header_lines):
                next(lines)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            numbers = RowNumbers()
            while True:
                lines.begin()
                try:
                    cells = next(reader)
                except StopIteration:
                    self._dropped = lines.dropped
                    return
                except (csv.Error, _EndlessError) as error:
                    numbers.miss()
                    yield Rejection(lines.start, _reason(error), text=lines.give_back())
                    continue
                row = row_of(lines.start, self.columns, list(map(as_typed, cells)), numbers)
                if row:
                    yield row

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.charset, newline="")


def _above_note(lines: Sequence[str]) -> list[str]:
    """What to say about lines above the header, but for empty ones and that of the delimiter."""
    titles = [line for line in lines if line and not _SEPARATOR.match(line.lstrip("\ufeff"))]
    if not titles:
        return []
    shown = ", ".join(f"'{line[:30]}'" for line in titles[:3])
    return [f"lines above the header were not read: {shown}"]


def nul_note(dropped: int) -> list[str]:
    """What to say about NUL characters that were dropped."""
    if not dropped:
        return []
    return [f"{dropped} NUL characters were dropped; check the program that wrote the file"]


_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


_TITLE_LINES = 10
"""Lines above the header, such as a title, an empty line or the delimiter that Excel reads."""


def _header(path: Path, file: Iterable[str], known: Sequence[str]) -> tuple[str, int]:
    """The delimiter that finds most known columns, and the number of lines above the header.

    The header is the first line with two known columns, or else the first that is not empty.
    RecordsError for an empty file. A line "sep=;" names the delimiter.
    """
    named, first = "", -1
    for number, line in enumerate(islice(file, _TITLE_LINES)):
        separator = _SEPARATOR.fullmatch(line.lstrip("\ufeff"))
        if separator and first < 0:
            named = separator[1]
            continue
        if not line.strip():
            continue
        counts = {each: _known_in(line, each, known) for each in named or _DELIMITERS}
        best = max(counts, key=counts.__getitem__)
        if counts[best] > 1:
            return best, number
        if first < 0:
            first, delimiter = number, best
    if first < 0:
        raise RecordsError(f"{path} is empty; its first line must name the columns")
    return delimiter, first


def _known_in(line: str, delimiter: str, known: Sequence[str]) -> int:
    """The number of known columns that a line names."""
    plain = line.replace("\0", "")
    names = {column_name(cell) for cell in next(csv.reader([plain], delimiter=delimiter), [])}
    return len((names | {column_of(name) for name in names}) & {*known})


def _reason(error: Exception) -> str:
    return (
        f"its quotation marks do not match ({error}); "
        'put the cell in quotes and write "" for a quotation mark within it'
    )


class _EndlessError(Exception):
    """Raised when a row exceeds _LONGEST_ROW lines."""

    def __str__(self) -> str:
        return f"the row has more than {_LONGEST_ROW} lines or {_LONGEST_LINE:,} characters"


class _Lines:
    """Line iterator that knows the first line of the current row and can return its other lines."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._back: deque[str] = deque()
        self._row: list[str] = []
        self._length = 0
        """Characters of the current row."""
        self.start = 1
        self.taken = 0
        """Lines taken from the file so far."""
        self.dropped = 0
        """NUL characters dropped from them."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self._row) >= _LONGEST_ROW or self._length > _LONGEST_LINE:
            raise _EndlessError
        line = self._back.popleft() if self._back else self._taken()
        self._row.append(line)
        self._length += len(line)
        return line

    def _taken(self) -> str:
        line = next(self._file)
        self.taken += 1
        if "\0" in line:
            self.dropped += line.count("\0")
            line = line.replace("\0", "")
        return line

    def begin(self) -> None:
        """Starts a new row."""
        self.start += len(self._row)
        self._row.clear()
        self._length = 0

    def give_back(self) -> str:
        """The first line of the current row; its other lines are read again, as separate rows."""
        first, *others = self._row
        self._back.extendleft(reversed(others))
        self._row = [first]
        return first.rstrip("\r\n")


class JsonLinesTable:
    """JSON-lines file; RecordsError if it is empty or a single JSON list."""

    def __init__(self, path: Path, charset: str | None = None) -> None:
        self.path = path
        self.charset = find_charset(path, charset)
        self._dropped = 0
        names: dict[str, None] = {}
        with path.open(encoding=self.charset) as file:
            start = file.read(100).lstrip("\ufeff \t\r\n")
        if not start:
            raise RecordsError(f"{path} is empty; write one JSON object per line")
        if start.startswith("["):
            raise RecordsError(
                f"{path} is a single JSON list; write one object per line, without the list"
            )
        # Columns must be known before the first row, and each line may have different ones.
        for row in self.rows():
            if not isinstance(row, Rejection):
                names |= dict.fromkeys(row[1])
        self.columns = list(names) or ["site"]

    def rows(self) -> Iterator[Row | Rejection]:
        self._dropped = 0
        with self.path.open(encoding=self.charset) as file:
            for line, text in enumerate(bounded_lines(file, self.path), start=1):
                self._dropped += text.count("\0")
                if text.strip("\0 \t\r\n"):
                    yield _row(line, text.replace("\0", "").rstrip("\r\n"))

    @property
    def notes(self) -> list[str]:
        """How many NUL characters were dropped, once the rows are read."""
        return nul_note(self._dropped)


def _row(line: int, text: str) -> Row | Rejection:
    try:
        # Numbers remain as typed: a price of 580.10 must not become 580.1.
        entry = json.loads(
            text,
            parse_float=str,
            parse_int=str,
            parse_constant=str,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        if text.rstrip().endswith(",") and isinstance(_row(line, text.rstrip()[:-1]), tuple):
            return Rejection(
                line, "ends with a comma; remove it from the end of each line", text=text
            )
        return Rejection(
            line, f"is not a JSON object ({error}); write one object per line", text=text
        )
    if not isinstance(entry, dict):
        return Rejection(line, "is not a JSON object; write one object per line", text=text)
    row: dict[str, Cell] = {}
    for name, value in entry.items():
        cell = _cell(value)
        if cell is None:
            reason = f"{name} is not a text, a number or a list of texts; write one of these"
            return Rejection(line, reason, text=text)
        row[name.strip().lower()] = cell
    return line, row


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object; ValueError if it has two values for one name, of which JSON keeps the last."""
    entry = dict(pairs)
    if len(entry) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"'{twice}' appears twice; remove one")
    return entry


def _cell(value: object) -> Cell | None:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return list(value)
    return None
