"""Packaging: the project works from a wheel and from a zipped egg, with its data files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers.crawling import ROOT, environment
from tests.helpers.scrapyd_node import PARTS
from wildcrawl.analysis.vocabulary import load_vocabulary

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging")]


def run(*command: str, folder: Path, **settings: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed, so that building leaves no trace in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module", params=["wheel", "egg", "sdist"])
def package(request: pytest.FixtureRequest, source: Path) -> Path:
    """A built package, to be put on Python's path as it is."""
    out = source / f"dist-{request.param}"
    command = {"wheel": "bdist_wheel", "egg": "bdist_egg", "sdist": "sdist"}[request.param]
    run(sys.executable, "setup.py", "-q", command, "--dist-dir", str(out), folder=source)
    (built,) = out.iterdir()
    if request.param != "sdist":
        return built
    unpacked = source / "unpacked"
    shutil.unpack_archive(built, unpacked)
    (folder,) = unpacked.iterdir()
    run(sys.executable, "setup.py", "-q", "bdist_wheel", folder=folder)
    (wheel,) = (folder / "dist").iterdir()
    return wheel


def test_the_vocabulary_travels_unchanged(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        assert archive.read("wildcrawl/keywords.yaml") == (ROOT / "keywords.yaml").read_bytes()


def test_commands_work_from_the_package_alone(package: Path, tmp_path: Path) -> None:
    path = {"PYTHONPATH": str(package)}
    where = "import wildcrawl, exports; print(wildcrawl.__file__, exports.__file__)"
    assert run(sys.executable, "-c", where, folder=tmp_path, **path).count(str(package)) == 2
    scrapy = (sys.executable, "-m", "scrapy")
    assert "records" in run(*scrapy, "list", folder=tmp_path, **path).split()
    assert "ivory" in run(*scrapy, "tag", "老象牙手镯", folder=tmp_path, **path)
    run(*scrapy, "export", "2016-05", "-o", "report", folder=tmp_path, **path)
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    groups = load_vocabulary().groups
    assert all(group.label in page for name, group in groups.items() if name != "general")


def test_the_demo_works_from_the_package_alone(package: Path, tmp_path: Path) -> None:
    if package.suffix != ".egg":
        pytest.skip("what works from a zipped egg works from a wheel")
    settings = {"PYTHONPATH": str(package), "WILDCRAWL_BROWSER": os.devnull}
    said = run(sys.executable, "-m", "scrapy", "demo", folder=tmp_path, **settings)
    assert "demo_shop: left out, since WILDCRAWL_BROWSER: '/dev/null' is not a program" in said
    for site in ("demo_fair", "demo_forum", "demo_mall", "demo_market"):
        assert re.search(rf"{site}: \d+ new, .*: ok", said)
    assert (tmp_path / "demo" / "report" / "index.html").is_file()
