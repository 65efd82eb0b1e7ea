"""Verification result: faults of a bundle, each named once, and counts of what was checked."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Verified:
    """Result of a verification; `faults` name each file, record or link that is wrong.

    `bound` says which link of the custody log names the report, "" if none does. `stamps` say for
    each time-stamp what it proves. `missing` is the number of records that the bundle itself says
    were missing or damaged when it was written.

    `sha256` is that of the ZIP file, "" for a folder, and `manifest` that of the manifest, "" if
    there is none.
    """

    id: str = ""
    sha256: str = ""
    manifest: str = ""
    files: int = 0
    captures: int = 0
    links: int = 0
    missing: int = 0
    bound: str = ""
    stamps: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fault(self, name: str, problem: str) -> None:
        """Adds a fault of the file `name`, once."""
        text = f"{name}: {problem}"
        if text not in self.faults:
            self.faults.append(text)

    def absent(self, name: str, listed_in: str) -> None:
        """Adds that the file `name`, which the file `listed_in` names, is missing; once a file."""
        if not any(fault.startswith(f"{name}: it is missing") for fault in self.faults):
            self.fault(name, f"it is missing, {listed_in} lists it")

    def added(self, name: str, unlisted_in: str) -> None:
        """Adds that `unlisted_in` does not list the file `name`; once a file."""
        if not any(fault.startswith(f"{name}: it was added") for fault in self.faults):
            self.fault(name, f"it was added, {unlisted_in} does not list it")
