"""Forged bundles: evidence files of which something was changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from wildcrawl.evidence.bundle import Bundle
from wildcrawl.evidence.bundle.archive_file import ArchiveFile

Files = dict[str, bytes]


def read(made: Bundle) -> Files:
    with ZipFile(made.path) as file:
        return {name: file.read(name) for name in file.namelist()}


def forged(files: Files, path: Path, change: Callable[[Files], None]) -> Path:
    """A bundle with changed files whose lists of hashes were all made anew."""
    change(files)
    package = json.loads(files["datapackage.json"])
    package["resources"] = [each for each in package["resources"] if each["path"] in files]
    for each in package["resources"]:
        data = files[each["path"]]
        each.update(hash=f"sha256:{sha256(data).hexdigest()}", bytes=len(data))
    files["datapackage.json"] = json.dumps(package).encode()
    digest = {"path": "datapackage.json", "hash": ""}
    digest["hash"] = f"sha256:{sha256(files['datapackage.json']).hexdigest()}"
    files["datapackage-digest.json"] = json.dumps(digest).encode()
    files.pop("SHA256SUMS")
    lines = [f"{sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    files["SHA256SUMS"] = "".join(lines).encode()
    with ArchiveFile(path, datetime(2016, 1, 1, tzinfo=UTC)) as archive:
        for name, data in files.items():
            archive.add(name, data, packed=False)
    return path
