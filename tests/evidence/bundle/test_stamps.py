"""Time-stamps in bundles, of an authority on loopback."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.helpers.captured import filled, written
from tests.helpers.forged_bundles import Files, forged, read
from tests.helpers.timestamp_authority import Authority, running_authority
from wildcrawl.evidence.bundle import Bundle, verify_bundle
from wildcrawl.evidence.canonical import canonical, digest
from wildcrawl.store import open_store


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with running_authority(tmp_path_factory.mktemp("authority")) as running:
        yield running


@pytest.fixture(scope="module")
def bundle(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle with one time-stamp over three links."""
    folder = tmp_path_factory.mktemp("stamped")
    store = open_store(f"sqlite:///{folder / 'wildcrawl.db'}")
    evidence = filled(store, folder / "evidence")
    evidence.seals.add(authority.url, "run1", evidence.captures.of("mall", "101"), "run run1")
    return written(store, evidence, ["101"], folder / "e.zip")


@pytest.fixture
def folder(bundle: Bundle, tmp_path: Path) -> Path:
    with ZipFile(bundle.path) as file:
        file.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def test_a_time_stamp_says_what_existed_when(bundle: Bundle, authority: Authority) -> None:
    plain = verify_bundle(bundle.path)
    assert plain.faults == []
    (stamp,) = plain.stamps
    assert stamp.startswith("Time-stamp: links 1 to 3 existed on 20")
    assert stamp.endswith(" UTC (no root given to check it by)")
    (trusted,) = verify_bundle(bundle.path, [authority.root]).stamps
    assert trusted.endswith(" UTC (signed by a given root)")


def test_openssl_confirms_it_without_this_program(
    folder: Path, authority: Authority, tmp_path: Path
) -> None:
    (statement,) = (folder / "timestamps").glob("*.json")
    (tmp_path / "root.pem").write_bytes(authority.root)
    command = ["openssl", "ts", "-verify", "-data", str(statement)]
    command += ["-in", str(statement.with_suffix(".tsr")), "-CAfile", str(tmp_path / "root.pem")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in said.stdout


def test_a_statement_on_another_link_is_a_fault(folder: Path, bundle: Bundle) -> None:
    (path,) = (folder / "timestamps").glob("*.json")
    statement = json.loads(path.read_text("utf-8"))
    statement["custody"]["hash"] = "0" * 64
    path.write_text(json.dumps(statement), encoding="utf-8")
    faults = verify_bundle(folder).faults
    name = f"timestamps/{path.name}"
    assert f"{name}: it is over another link 3 than the log has" in faults
    assert f"{name}: its time-stamp is of another statement" in faults


def test_the_report_is_stamped_with_the_link_that_names_it(
    authority: Authority, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    evidence = filled(store, tmp_path / "evidence")
    made = written(store, evidence, ["101"], tmp_path / "e.zip", authority.url)
    verified = verify_bundle(made.path, [authority.root])
    assert (verified.faults, made.unstamped) == ([], "")
    (stamp,) = verified.stamps
    assert stamp.startswith("Time-stamp: links 1 to 4 existed on 20")
    assert "link 4 of the custody log names" in verified.bound
    assert [link.action for link in evidence.custody.links()][3:] == ["packed", "sealed"]

    def renamed(files: Files) -> None:
        """Another report, and a link that names it in place of the one that was stamped."""
        files["report/index.html"] = files["report/index.html"].replace(b"A17", b"B99")
        links = [json.loads(line) for line in files["report/custody.jsonl"].splitlines()]
        entry = json.loads(links[-1]["entries"][0])
        entry["files"]["report/index.html"] = sha256(files["report/index.html"]).hexdigest()
        links[-1]["entries"] = [canonical(entry)]
        values = {name: value for name, value in links[-1].items() if name != "hash"}
        links[-1]["hash"] = digest(values)
        files["report/custody.jsonl"] = "".join(map("{}\n".format, map(canonical, links))).encode()

    found = verify_bundle(forged(read(made), tmp_path / "forged.zip", renamed)).faults
    assert len(found) == 1
    assert found[0].endswith("it is over another link 4 than the log has")


def test_a_bundle_is_written_although_no_authority_answers(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    evidence = filled(store, tmp_path / "evidence")
    made = written(store, evidence, ["101"], tmp_path / "e.zip", "http://127.0.0.1:9/")
    assert "the time-stamp authority http://127.0.0.1:9/ does not answer" in made.unstamped
    assert verify_bundle(made.path).faults == []


def test_another_root_does_not_confirm_it(bundle: Bundle, tmp_path: Path) -> None:
    with running_authority(tmp_path) as other:
        (fault,) = verify_bundle(bundle.path, [other.root]).faults
    assert "do not confirm" in fault


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff"])
def test_a_statement_of_another_form_is_a_fault(data: bytes, folder: Path) -> None:
    (path,) = (folder / "timestamps").glob("*.json")
    path.write_bytes(data)
    faults = verify_bundle(folder).faults
    assert any("it is not what a time-stamp is over" in fault for fault in faults)
