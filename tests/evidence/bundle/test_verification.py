"""Verification of bundles: whatever was changed, removed or added is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from struct import unpack_from
from typing import Any
from zipfile import ZipFile

import pytest

from tests.helpers.captured import AT, Photo, advertisement, capture, filled, jpeg, written
from tests.helpers.forged_bundles import Files, forged, read
from wildcrawl.evidence import EvidenceError
from wildcrawl.evidence.bundle import Bundle, verify_bundle
from wildcrawl.store import open_store

NAMES = (
    "SHA256SUMS",
    "archive/data.warc.gz",
    "datapackage-digest.json",
    "datapackage.json",
    "indexes/index.cdx",
    "pages/pages.jsonl",
    "pictures/001-mall-101-1.jpg",
    "report/captures.jsonl",
    "report/collection.json",
    "report/custody.jsonl",
    "report/index.html",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle of two advertisements."""
    folder = tmp_path_factory.mktemp("made")
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    evidence = filled(store, folder / "evidence")
    return written(store, evidence, ["101", "102"], folder / "made.zip")


@pytest.fixture
def folder(made: Bundle, tmp_path: Path) -> Path:
    """The folder of the unpacked bundle."""
    with ZipFile(made.path) as file:
        file.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def faults(path: Path) -> list[str]:
    return verify_bundle(path).faults


def test_a_bundle_is_whole_as_a_file_and_unpacked(made: Bundle, folder: Path) -> None:
    for path in (made.path, folder):
        verified = verify_bundle(path)
        assert verified.faults == []
        assert (verified.id, verified.manifest) == (made.id, made.manifest)
        assert (verified.captures, verified.links) == (6, 4)
        assert verified.files == len(read(made)) - 1
    assert verify_bundle(made.path).sha256 == made.sha256


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_byte_is_found_in_every_file(name: str, folder: Path) -> None:
    path = folder / name
    data = path.read_bytes()
    at = len(data) // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    found = faults(folder)
    if name == "SHA256SUMS":
        assert any("it was added" in fault or "was changed" in fault for fault in found), found
    else:
        assert any(fault.startswith(f"{name}: ") for fault in found), found


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_found(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert any(fault.startswith(f"{name}: it is missing") for fault in faults(folder))


def test_an_added_file_is_found(folder: Path) -> None:
    (folder / "pictures" / "999-extra.jpg").write_bytes(b"x")
    assert faults(folder) == ["pictures/999-extra.jpg: it was added, the manifest does not list it"]


def test_a_link_to_another_place_is_found(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (folder / "pictures" / "link.jpg").symlink_to(tmp_path / "secret")
    assert faults(folder) == ["pictures/link.jpg: it is a link to another place"]


def lengths(data: bytes, header: int) -> tuple[int, int]:
    """Bytes of the name and of the extra fields of the ZIP entry whose header is at `header`."""
    name, extra = unpack_from("<HH", data, header + 26)
    return name, extra


def test_a_changed_byte_in_the_zip_is_found_wherever_it_carries_data(
    made: Bundle, tmp_path: Path
) -> None:
    data = made.path.read_bytes()
    with ZipFile(made.path) as file:
        places = [
            (info.filename, start + at)
            for info in file.infolist()
            for start in [info.header_offset + 30 + sum(lengths(data, info.header_offset))]
            for at in (0, info.compress_size // 2)
        ]
    path = tmp_path / "changed.zip"
    for name, place in places:
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        verified = verify_bundle(path)
        assert verified.faults, (name, place)
        assert verified.sha256 != made.sha256


def test_no_changed_byte_of_the_zip_ends_in_a_traceback(made: Bundle, tmp_path: Path) -> None:
    data = made.path.read_bytes()
    path = tmp_path / "changed.zip"
    directory = range(len(data) - 400, len(data), 7)
    for place in (*range(0, 100, 5), *directory):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        assert verify_bundle(path).sha256 != made.sha256


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_no_traceback(made: Bundle, part: float, tmp_path: Path) -> None:
    data = made.path.read_bytes()
    path = tmp_path / "cut.zip"
    path.write_bytes(data[: int(len(data) * part)])
    (fault,) = faults(path)
    assert fault.startswith("cut.zip: it is not a whole ZIP file")


def test_another_zip_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with ZipFile(path, "w") as file:
        file.writestr("holiday.txt", "x")
    assert faults(path)[0] == "SHA256SUMS: it is missing, so that no file can be checked"


def test_a_file_twice_in_the_zip_is_found(made: Bundle, tmp_path: Path) -> None:
    path = tmp_path / "double.zip"
    shutil.copy(made.path, path)
    with ZipFile(path, "a") as file, pytest.warns(UserWarning, match="Duplicate name"):
        file.writestr("report/index.html", read(made)["report/index.html"])
    assert "report/index.html: it is in the ZIP more than once" in faults(path)


def test_a_changed_capture_is_found_although_all_hashes_were_made_anew(
    made: Bundle, tmp_path: Path
) -> None:
    def change(files: Files) -> None:
        files["report/captures.jsonl"] = files["report/captures.jsonl"].replace(
            b"item-101.html", b"item-999.html"
        )

    assert faults(forged(read(made), tmp_path / "f.zip", change)) == [
        "pages/pages.jsonl: it is not the list of the pages in report/captures.jsonl",
        "report/custody.jsonl: it does not have the page of http://mall.example/item-999.html "
        "as it is listed",
    ]


def test_a_changed_picture_is_found_although_all_hashes_were_made_anew(
    made: Bundle, tmp_path: Path
) -> None:
    name = "pictures/001-mall-101-1.jpg"

    def change(files: Files) -> None:
        files[name] = files["pictures/002-mall-102-1.jpg"]

    path = forged(read(made), tmp_path / "f.zip", change)
    assert faults(path) == [f"{name}: it is not the picture that was captured"]


def test_a_changed_record_is_found_although_all_hashes_were_made_anew(
    made: Bundle, tmp_path: Path
) -> None:
    def change(files: Files) -> None:
        data = files["archive/data.warc.gz"]
        files["archive/data.warc.gz"] = data[:100] + bytes([data[100] ^ 1]) + data[101:]

    (fault,) = faults(forged(read(made), tmp_path / "f.zip", change))
    assert fault.startswith("archive/data.warc.gz: the record at 0 was changed")


PICTURE = "pictures/001-mall-101-1.jpg"


def captures(files: Files, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Changes the list of captures."""
    rows = change([json.loads(line) for line in files["report/captures.jsonl"].splitlines()])
    files["report/captures.jsonl"] = "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def without_first(files: Files) -> None:
    """Removes all captures of the first advertisement with its pictures."""
    captures(files, lambda rows: [row for row in rows if row["capture"]["ad_id"] != "101"])
    for name in [name for name in files if name.startswith("pictures/001-")]:
        del files[name]


def without_file(files: Files) -> None:
    """Removes a picture, also from the list of captures."""
    del files[PICTURE]
    captures(files, lambda rows: [row | {"file": row["file"].replace(PICTURE, "")} for row in rows])


def without_record(files: Files) -> None:
    """Removes the last record from the archive, the list of captures and the index."""
    rows = [json.loads(line) for line in files["report/captures.jsonl"].splitlines()]
    start = max(row["offset"] for row in rows)
    files["archive/data.warc.gz"] = files["archive/data.warc.gz"][:start]
    cut = {"offset": 0, "bytes": 0}
    captures(files, lambda rows: [row | cut if row["offset"] == start else row for row in rows])
    lines = files["indexes/index.cdx"].decode().splitlines(keepends=True)
    kept = [line for line in lines if f'"offset": "{start}"' not in line]
    files["indexes/index.cdx"] = "".join(kept).encode()


def replaced(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda files: files.pop(PICTURE),
            f"{PICTURE}: it is missing, report/captures.jsonl lists",
        ),
        (without_file, "report/captures.jsonl: it names no file of the picture of http://img"),
        (without_first, "archive/data.warc.gz: the record at 0 belongs to no capture"),
        (without_first, "report/captures.jsonl: it lists 0 captures of mall:101, report/coll"),
        (without_record, "archive/data.warc.gz: it does not have the record of the picture of"),
        (without_record, "report/collection.json: its number of pictures is not 3"),
        (
            lambda files: files.update({"report/extra.html": b"x"}),
            "report/extra.html: it was added, datapackage.json does not list it",
        ),
        (
            lambda files: files.update({"timestamps/extra.html": b"x"}),
            "timestamps/extra.html: it was added, datapackage.json does not list it",
        ),
        (lambda files: files.pop("indexes/index.cdx"), "indexes/index.cdx: it is missing"),
        (lambda files: files.pop("pages/pages.jsonl"), "pages/pages.jsonl: it is missing"),
        (
            replaced("indexes/index.cdx", b"item-101", b"item-999"),
            "indexes/index.cdx: it lists what archive/data.warc.gz does not have",
        ),
        (
            replaced("pages/pages.jsonl", b"item-101", b"item-999"),
            "pages/pages.jsonl: it is not the list of the pages in report/captures.jsonl",
        ),
        (
            replaced("report/collection.json", b'"timestamps": 0', b'"timestamps": 1'),
            "report/collection.json: its number of time-stamps is not 0",
        ),
    ],
)
def test_what_does_not_agree_is_found_although_all_hashes_were_made_anew(
    change: Callable[[Files], None], expected: str, made: Bundle, tmp_path: Path
) -> None:
    found = faults(forged(read(made), tmp_path / "f.zip", change))
    assert any(fault.startswith(expected) for fault in found), found


@pytest.mark.parametrize(
    "change",
    [
        replaced("report/index.html", "藏友A17".encode(), "藏友B99".encode()),
        replaced("report/index.html", b"4,900", b"49"),
        replaced("report/collection.json", b'"operator": "anna"', b'"operator": "emma"'),
    ],
    ids=["seller", "price", "operator"],
)
def test_a_changed_report_is_found_although_all_hashes_were_made_anew(
    change: Callable[[Files], None], made: Bundle, tmp_path: Path
) -> None:
    (fault,) = faults(forged(read(made), tmp_path / "f.zip", change))
    assert fault.endswith("it is not the one that link 4 of the custody log names")


@pytest.mark.parametrize("without_note", [False, True])
def test_a_log_of_another_bundle_is_found(without_note: bool, made: Bundle, tmp_path: Path) -> None:
    def change(files: Files) -> None:
        about = json.loads(files["report/collection.json"]) | {"id": "20160101T000000Z-0"}
        if without_note:
            del about["named_in_log"]
        files["report/collection.json"] = json.dumps(about).encode()

    assert faults(forged(read(made), tmp_path / "f.zip", change)) == [
        "report/custody.jsonl: no link names this bundle's report"
    ]


def test_a_bundle_of_an_earlier_version_has_no_faults_and_no_sentence(
    made: Bundle, tmp_path: Path
) -> None:
    def change(files: Files) -> None:
        about = json.loads(files["report/collection.json"])
        del about["named_in_log"]
        files["report/collection.json"] = json.dumps(about).encode()
        custody(files, lambda links: links.__delitem__(-1))

    verified = verify_bundle(forged(read(made), tmp_path / "f.zip", change))
    assert (verified.faults, verified.bound) == ([], "")
    assert verify_bundle(made.path).bound.startswith(
        "report/index.html and report/collection.json are those that link 4 of the custody log"
    )


def test_an_added_file_is_found_although_every_list_has_it(made: Bundle, tmp_path: Path) -> None:
    def change(files: Files) -> None:
        files["pictures/099-extra.jpg"] = b"x"
        package = json.loads(files["datapackage.json"])
        package["resources"].append({"path": "pictures/099-extra.jpg"})
        files["datapackage.json"] = json.dumps(package).encode()

    assert faults(forged(read(made), tmp_path / "f.zip", change)) == [
        "pictures/099-extra.jpg: it was added, report/captures.jsonl does not list it"
    ]


def test_a_file_that_only_the_package_lists_is_found(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())
    package["resources"] += [{"path": "pictures/9.jpg"}, "odd", {}]
    (folder / "datapackage.json").write_text(json.dumps(package))
    assert "pictures/9.jpg: it is missing, datapackage.json lists it" in faults(folder)


def test_records_that_others_refer_to_and_that_were_missing_are_no_faults(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    evidence = filled(store, tmp_path / "evidence")
    again = advertisement("1")
    store.record([again], "run2")
    # The same pictures as those of 101 and 102, which are not in the bundle.
    photos = [Photo(f"http://img.example/again/{level}.jpg", jpeg(level)) for level in (1, 41)]
    capture(evidence, again, photos, AT + timedelta(days=1))
    bundle = written(store, evidence, ["1"], tmp_path / "e.zip")
    sources = [each.source for each in evidence.captures.of("mall", "1") if each.source]
    assert len(sources) == 2
    assert verify_bundle(bundle.path).faults == []
    evidence.objects.delete(sources[0])
    evidence.objects.delete(evidence.captures.of("mall", "1")[0].record)
    bundle = written(store, evidence, ["1"], tmp_path / "less.zip")
    verified = verify_bundle(bundle.path)
    assert (verified.faults, verified.missing) == ([], 2)


def custody(files: Files, change: Callable[[list[dict[str, object]]], None]) -> None:
    """Changes the links of the custody log."""
    links = [json.loads(line) for line in files["report/custody.jsonl"].splitlines()]
    change(links)
    lines = "".join(f"{json.dumps(link, ensure_ascii=False)}\n" for link in links)
    files["report/custody.jsonl"] = lines.encode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda links: links[1].update(who="somebody"), "link 2 changed"),
        (lambda links: links.pop(1), "link 2 missing"),
        (lambda links: links.pop(), "no link names this bundle's report"),
        (lambda links: links.__delitem__(slice(-2, None)), "link 3 missing at the end"),
        (lambda links: links.reverse(), "link 3"),
    ],
    ids=["changed", "removed", "shortened by one", "shortened by two", "reversed"],
)
def test_a_broken_log_is_found_although_all_hashes_were_made_anew(
    change: Callable[[list[dict[str, object]]], None],
    expected: str,
    made: Bundle,
    tmp_path: Path,
) -> None:
    path = forged(read(made), tmp_path / "f.zip", lambda files: custody(files, change))
    found = faults(path)
    assert any(expected in fault for fault in found), found


@pytest.mark.parametrize("name", [each for each in NAMES if each.endswith(("json", "jsonl"))])
@pytest.mark.parametrize("data", [b"", b"[1]\n", b"{}\n", b"\xff\xfe", b"{\n"])
def test_files_of_another_form_are_faults(
    name: str, data: bytes, made: Bundle, folder: Path
) -> None:
    (folder / name).write_bytes(data)
    assert any(name in fault for fault in faults(folder))


def test_a_place_without_a_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"nothing\.zip does not exist; give the file"):
        verify_bundle(tmp_path / "nothing.zip")


def test_texts_with_other_line_separators_do_not_break_the_lists(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    odd = advertisement("1", url="http://mall.example/a\u2028b\x85c\x1dd")
    evidence = filled(store, tmp_path / "evidence", [odd])
    bundle = written(store, evidence, ["1"], tmp_path / "e.zip")
    assert verify_bundle(bundle.path).faults == []
