"""Time-stamps of a bundle: each is over a link that the custody log has, and of an authority."""

from __future__ import annotations

import json
from collections.abc import Sequence

from wildcrawl.evidence.bundle.bundle_files import BROKEN, BundleFiles
from wildcrawl.evidence.bundle.layout import TIMESTAMPS
from wildcrawl.evidence.custody import Head, LogEntry
from wildcrawl.evidence.errors import EvidenceError
from wildcrawl.evidence.seals import Seal, check_seal


def check_stamps(
    files: BundleFiles, links: Sequence[LogEntry], roots: Sequence[bytes]
) -> tuple[list[str], list[str]]:
    """What the time-stamps prove, and their faults; `roots` are root certificates (PEM)."""
    proofs: list[str] = []
    faults: list[str] = []
    hashes = {link.number: link.hash for link in links}
    for name in sorted(files.names):
        reply = f"{name.removesuffix('.json')}.tsr"
        if not name.startswith(TIMESTAMPS) or name == reply or reply not in files.names:
            continue
        try:
            seal = _seal(files.read(name).decode(), files.read(reply))
        except (KeyError, TypeError, *BROKEN) as error:
            faults.append(f"{name}: it is not what a time-stamp is over ({error})")
            continue
        if seal.number and hashes.get(seal.number) != seal.hash:
            faults.append(f"{name}: it is over another link {seal.number} than the log has")
        _check_reply(name, seal, roots, proofs, faults)
    return proofs, faults


def _seal(statement: str, reply: bytes) -> Seal:
    custody = json.loads(statement)["custody"]
    head = Head(int(custody["number"]), str(custody["hash"]))
    return Seal(*head, run="", at="", authority="", statement=statement, reply=reply)


def _check_reply(
    name: str, seal: Seal, roots: Sequence[bytes], proofs: list[str], faults: list[str]
) -> None:
    """The authority's reply is of the statement, and signed by one of the roots."""
    try:
        found = check_seal(seal, roots)
    except EvidenceError as error:
        proofs.append(f"{name}: not checked ({error})")
        return
    faults += [f"{name}: its time-stamp {problem}" for problem in found.problems]
    if not found.problems and found.stamped_at:
        signed = "signed by a given root" if found.trusted else "no root given to check it by"
        at = f"{found.stamped_at:%Y-%m-%d %H:%M:%S} UTC"
        proofs.append(f"Time-stamp: links 1 to {seal.number} existed on {at} ({signed})")
