"""Helpers of wildcrawl.utils: atomic writes, did-you-mean and the width of text."""

from __future__ import annotations

import errno
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from wildcrawl.utils import (
    NotWrittenError,
    atomic_write,
    closest,
    did_you_mean,
    display_width,
    lazy_pattern,
    replacing,
)


def test_a_file_is_replaced_and_nothing_else_remains(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a.csv", b"old")
    atomic_write(tmp_path / "a.csv", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"new")]


def test_a_failure_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    atomic_write(tmp_path / "a.csv", b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWrittenError, match=r"a\.csv cannot be written: No space left.*place"):
        atomic_write(tmp_path / "a.csv", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"old")]


def _write_half(part: Path) -> None:
    assert part.suffix == ".csv"
    part.write_bytes(b"half")
    raise LookupError("no cell")


def test_what_a_writer_raises_leaves_the_earlier_file(tmp_path: Path) -> None:
    atomic_write(tmp_path / "a.csv", b"old")
    with (
        pytest.raises(LookupError, match="no cell"),
        replacing(tmp_path / "a.csv") as part,
    ):
        _write_half(part)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"old")]


@pytest.mark.parametrize(("mode", "expected"), [(0o600, 0o600), (0o666, 0o666), (None, 0o640)])
def test_permissions_are_given_or_those_of_the_umask(
    tmp_path: Path, mode: int | None, expected: int
) -> None:
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "a", mode) as part:
            if mode is not None:
                assert stat.S_IMODE(part.stat().st_mode) == mode, "from the start"
            part.write_bytes(b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == expected


def test_a_lazy_pattern_is_the_compiled_one_from_its_first_use() -> None:
    texts, given = ("Tiger bone 3", "tiger", ""), ("(tiger)|([0-9])", re.IGNORECASE)
    compiled = re.compile(*given)
    for method in ("search", "match", "fullmatch"):
        lazy = lazy_pattern(*given)
        for text in texts:
            assert repr(getattr(lazy, method)(text)) == repr(getattr(compiled, method)(text))
    lazy = lazy_pattern(*given)
    assert lazy.sub("x", texts[0]) == "x bone x"
    assert lazy.split(texts[0]) == compiled.split(texts[0])
    assert lazy.findall(texts[0]) == compiled.findall(texts[0])
    assert [found.span() for found in lazy.finditer(texts[0])] == [(0, 5), (11, 12)]
    assert (lazy.pattern, lazy.flags) == (compiled.pattern, compiled.flags)


def test_closest_words_are_suggested() -> None:
    assert closest("ivroy", ["tiger", "ivory"]) == ["ivory"]
    assert closest("tao", ["taobao", "tao2", "mall"], most=3) == ["tao2", "taobao"]
    assert closest("象", ["虎"]) == []
    assert closest("a" * 1_000_000, ["ivory"]) == []
    assert did_you_mean("ivroy", ["ivory"]) == " (did you mean 'ivory'?)"
    assert did_you_mean("x", ["ivory"]) == ""


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert display_width("象牙 ivory") == 10
    assert display_width("Ａ，a") == 5


def test_importing_the_helpers_is_cheap() -> None:
    heavy = {"yaml", "werkzeug", "filelock", "scrapy"}
    code = f"import sys, wildcrawl.utils; print({heavy} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
