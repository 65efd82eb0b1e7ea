"""Verification of bundles: whatever was changed, removed or added is found and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.helpers.captured import advertisement, filled, written
from wildcrawl.evidence import EvidenceError
from wildcrawl.evidence.bundle import Bundle, verify_bundle
from wildcrawl.evidence.bundle.archive_file import ArchiveFile
from wildcrawl.store import open_store

Files = dict[str, bytes]
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


def read(made: Bundle) -> Files:
    with ZipFile(made.path) as file:
        return {name: file.read(name) for name in file.namelist()}


def forged(files: Files, path: Path, change: Callable[[Files], None]) -> Path:
    """A bundle with changed files whose lists of hashes were all made anew."""
    change(files)
    package = json.loads(files["datapackage.json"])
    for each in package["resources"]:
        data = files[each["path"]]
        each.update(hash=f"sha256:{sha256(data).hexdigest()}", bytes=len(data))
    files["datapackage.json"] = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": ""}
    digest["hash"] = f"sha256:{sha256(files['datapackage.json']).hexdigest()}"
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    del files["SHA256SUMS"]
    lines = [f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    files["SHA256SUMS"] = "".join(lines).encode()
    with ArchiveFile(path, datetime(2016, 1, 1, tzinfo=UTC)) as archive:
        for name, data in files.items():
            archive.add(name, data, packed=False)
    return path


def test_a_bundle_is_whole_as_a_file_and_unpacked(made: Bundle, folder: Path) -> None:
    for path in (made.path, folder):
        verified = verify_bundle(path)
        assert verified.faults == []
        assert (verified.id, verified.manifest) == (made.id, made.manifest)
        assert (verified.captures, verified.links) == (6, 3)
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


def test_a_changed_byte_in_the_zip_is_found_wherever_it_carries_data(
    made: Bundle, tmp_path: Path
) -> None:
    data = made.path.read_bytes()
    with ZipFile(made.path) as file:
        places = [
            (info.filename, info.header_offset + 30 + len(info.filename) + 20 + at)
            for info in file.infolist()
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
        "report/custody.jsonl: it does not have the page of http://mall.example/item-999.html "
        "as it is listed"
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
        (lambda links: links.pop(), "link 3 missing at the end"),
        (lambda links: links.reverse(), "link 3"),
    ],
    ids=["changed", "removed", "shortened", "reversed"],
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
