"""Photographs of a report: chosen by its author, from evidence, for publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html  # type: ignore[import-untyped]
import pytest

from exports import Exported, export
from exports.author import AuthorError, load_author
from exports.photographs import Photograph, log_photographs, make_photographs
from tests.helpers.captured import advertisement, filled, jpeg
from tests.helpers.exports_data import ad, context, frame
from wildcrawl.evidence import CaptureKind, Evidence, sha256
from wildcrawl.evidence.handed_in import hand_in
from wildcrawl.store import Store, open_store

ENTRY = """
photographs:
  - advertisement: mall:101
    caption: "Carved, **May**, 加微信：made_up_77 <img src=x onerror=alert(1)> ![x](http://a.example/x)"
    checked_by: A. Li
    cover: [[0, 0, 50, 50]]
  - advertisement: mall:102
    picture: {sha}
    alt: A "bangle" <b>
    checked_by: A. Li
"""


@pytest.fixture(autouse=True)
def _unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the reader of text out, which takes most of the time."""
    monkeypatch.setattr("wildcrawl.pictures.text.read_lines", lambda *_given, **_more: [])


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Evidence]]:
    folder = tmp_path_factory.mktemp("kept")
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    evidence = filled(store, folder / "evidence")
    store.record([advertisement("bare")], "run2")
    hand_in(evidence, ("mall", "102"), jpeg(200), "anna")
    yield store, evidence
    store.close()


def chosen(kept: tuple[Store, Evidence], folder: Path, entries: str = ENTRY) -> list[Photograph]:
    path = folder / "report.yaml"
    path.write_text(entries.format(sha=sha256(jpeg(200))), encoding="utf-8")
    author = load_author(path)
    assert author is not None
    return make_photographs(author.photographs, *kept)


def exported(photographs: list[Photograph], folder: Path, lang: str = "en") -> Exported:
    author = load_author(folder / "report.yaml")
    given = replace(context("2016-05"), author=author, photographs=photographs)
    return export(frame(ad("2016-05-05", ad_id="1")), given, folder / "out", lang=lang)


def test_a_report_shows_the_chosen_photographs_and_loads_nothing(
    kept: tuple[Store, Evidence], tmp_path: Path
) -> None:
    photographs = chosen(kept, tmp_path)
    made = exported(photographs, tmp_path)
    text = made.index.read_text(encoding="utf-8")
    figures = lxml.html.fromstring(text).cssselect("#photographs figure")
    assert [each.get("id") for each in figures] == ["photograph-1", "photograph-2"]
    first, second = ((each.cssselect("img")[0], each.text_content()) for each in figures)
    assert first[0].get("alt").endswith("as offered on mall")
    assert second[0].get("alt") == 'A "bangle" <b>'
    assert all(
        image.get("src").startswith("data:image/jpeg;base64,") for image, _ in (first, second)
    )
    assert "made_up" not in text
    assert "<img src=x" not in text
    assert "a.example" not in [each.get("src") for each in figures[0].iter("img")]
    assert "Carved, May" in first[1]
    (original, *_) = [
        each for each in kept[1].captures.of("mall", "101") if each.kind is CaptureKind.PICTURE
    ]
    assert f"SHA-256 {original.payload}" in first[1]
    assert sha256(jpeg(200)) in second[1]
    assert re.search(r"captured on 3 December 2016", first[1])
    files = sorted((made.folder / "photographs").iterdir())
    assert [each.name for each in files] == ["photograph-1.jpg", "photograph-2.jpg"]
    assert files[0].read_bytes() == photographs[0].data != jpeg(200)
    chinese = exported(photographs[:1], tmp_path, "zh").index.read_text(encoding="utf-8")
    assert "保存于2016年12月3日" in chinese
    assert [each.name for each in (made.folder / "photographs").iterdir()] == ["photograph-1.jpg"]
    exported([], tmp_path)
    assert not list((made.folder / "photographs").iterdir()), "one that was taken out is gone"
    log_photographs(photographs, kept[1], "anna", "2016-05")
    *_, link = kept[1].custody.links()
    assert (link.action, link.who) == ("exported", "anna")
    assert photographs[1].capture.digest in link.entries[0]
    assert '"checked_by":"A. Li"' in link.entries[0].replace(": ", ":")


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("advertisement: mall:999", "photographs: 1: 'mall:999' is not a stored advertisement"),
        ("advertisement: '<b>'", "photographs: 1: '<b>' is not a stored advertisement; name it"),
        ("advertisement: mall:bare", "mall:bare has no picture 1: no picture is kept"),
        ("advertisement: mall:102\n    picture: 9", "has no picture 9: pictures 1 to 3 are kept"),
        ("advertisement: mall:102\n    picture: 0", "has no picture 0: pictures 1 to 3 are kept"),
        ("advertisement: mall:101\n    checked_by: ' '", "a person has to look at the photograph"),
        ("advertisement: mall:101\n    cover: [[50, 0, 40, 10]]", "[50, 0, 40, 10] is not left,"),
        ("advertisement: mall:101\n    cover: [[0, 0, .nan, 10]]", "is not left, top, right"),
        ("picture: 1", "line 2: photographs.1.advertisement is missing; add it"),
        (
            "advertisement: mall:101\n    colour: red",
            "line 3: photographs.1.colour is not a valid entry",
        ),
    ],
)
def test_an_entry_that_cannot_be_shown_is_named(
    entry: str, problem: str, kept: tuple[Store, Evidence], tmp_path: Path
) -> None:
    text = f"photographs:\n  - {entry}\n"
    if "checked_by" not in entry:
        text += "    checked_by: A. Li\n"
    with pytest.raises(AuthorError, match=re.escape(problem)):
        chosen(kept, tmp_path, text)


def test_a_photograph_needs_the_readers_a_person_and_its_bytes(
    kept: tuple[Store, Evidence], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AuthorError, match=r"checked_by.*a person has to look at"):
        chosen(kept, tmp_path, "photographs: [{{advertisement: 'mall:101'}}]")
    many = "photographs: [" + "{{advertisement: 'mall:101', checked_by: L}}, " * 13 + "]"
    with pytest.raises(AuthorError, match="too many entries; keep at most 12"):
        chosen(kept, tmp_path, many)
    evidence = kept[1]
    data = {each.record: evidence.objects.get(each.record)
            for each in evidence.captures.of("mall", "101") if each.record}  # fmt: skip
    for record in data:
        evidence.objects.delete(record)
    with pytest.raises(AuthorError, match=r"photographs: 1: the picture cannot .*missing"):
        chosen(kept, tmp_path)
    for each in data.values():
        evidence.objects.put(each)
    monkeypatch.setattr("wildcrawl.pictures.codes.code_reader_name", lambda: "")
    with pytest.raises(AuthorError, match=r"codes in pictures cannot be found.*wildcrawl\[pict"):
        chosen(kept, tmp_path)
    assert make_photographs((), *kept) == [], "a report without photographs needs no reader"
