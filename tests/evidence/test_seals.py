"""Seals: time-stamps of an authority on loopback, and everything that may be wrong with one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.evidence import AT, captured
from tests.helpers.timestamp_authority import Authority, running_authority
from wildcrawl.evidence import Action, Evidence, EvidenceError, open_evidence
from wildcrawl.evidence.checking import check
from wildcrawl.evidence.custody import HEAD
from wildcrawl.evidence.custody import KIND as CUSTODY
from wildcrawl.evidence.der import ordered
from wildcrawl.evidence.seals import KIND, Seal, check_seal
from wildcrawl.store import Store, open_store


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The authority of this module's tests."""
    with running_authority(tmp_path_factory.mktemp("authority")) as authority:
        yield authority


@pytest.fixture
def authority(running: Authority) -> Authority:
    """The authority with its usual ways."""
    running.chain, running.digests = False, "sha256"
    return running


@pytest.fixture
def other_root(tmp_path: Path) -> bytes:
    """The root certificate of another authority."""
    (tmp_path / "other").mkdir()
    with running_authority(tmp_path / "other") as other:
        return other.root


def sealed(evidence: Evidence, authority: Authority) -> Seal:
    """A seal over one capture."""
    capture = captured(evidence)
    return evidence.seals.add(authority.url, "run1", [capture], "run run1")


@pytest.mark.parametrize("chain", [False, True])
def test_a_seal_proves_the_head_of_the_log(
    evidence: Evidence, authority: Authority, chain: bool
) -> None:
    authority.chain = chain
    seal = sealed(evidence, authority)
    assert seal.reply == authority.replies[-1]
    assert evidence.seals.all() == [seal]
    [found] = evidence.seals.check(evidence.custody.links(), [authority.root])
    assert (found.problems, found.trusted) == ([], True)
    assert found.stamped_at is not None
    assert abs((found.stamped_at - AT.fromisoformat(seal.at)).total_seconds()) < 60
    [found] = evidence.seals.check(evidence.custody.links())
    assert (found.problems, found.trusted) == ([], False)
    *_, link = evidence.custody.links()
    assert link.action == Action.SEALED
    assert seal.reply_digest in link.entries[0]
    assert list(check(evidence, roots=[authority.root])) == []


def test_openssl_confirms_the_seal_without_this_program(
    evidence: Evidence, authority: Authority, tmp_path: Path
) -> None:
    seal = sealed(evidence, authority)
    (tmp_path / "statement").write_text(seal.statement, encoding="utf-8", newline="")
    (tmp_path / "reply").write_bytes(seal.reply)
    (tmp_path / "root").write_bytes(authority.root)
    command = ["openssl", "ts", "-verify", "-data", "statement", "-in", "reply", "-CAfile", "root"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout


def test_another_authority_does_not_confirm_the_seal(
    evidence: Evidence, authority: Authority, other_root: bytes
) -> None:
    seal = sealed(evidence, authority)
    found = check_seal(seal, [other_root])
    assert not found.trusted
    assert "do not confirm" in found.problems[0]
    assert "ErrorStack" not in found.problems[0]
    [finding] = check(evidence, roots=[other_root])
    assert authority.url in finding.subject


def test_a_seal_of_another_statement_is_found(evidence: Evidence, authority: Authority) -> None:
    seal = sealed(evidence, authority)
    other = replace(seal, statement=seal.statement.replace("run1", "run2"))
    for roots in ([], [authority.root]):
        assert check_seal(other, roots).problems == ["is of another statement"]


def test_no_changed_byte_of_a_reply_moves_its_moment(
    evidence: Evidence, authority: Authority
) -> None:
    seal = sealed(evidence, authority)
    stamped_at = check_seal(seal).stamped_at
    found = []
    for place in range(0, len(seal.reply), 3):
        reply = bytearray(seal.reply)
        reply[place] ^= 0x01
        found.append(check_seal(replace(seal, reply=bytes(reply)), [authority.root]))
    # The signature does not cover some bytes, as those of the certificates' unused fields.
    assert sum(bool(each.problems) for each in found) > 0.8 * len(found)
    assert {each.stamped_at for each in found if not each.problems} <= {stamped_at}


def test_any_changed_byte_of_a_reply_in_the_store_is_found(
    evidence: Evidence, authority: Authority, store: Store
) -> None:
    sealed(evidence, authority)
    [(key, document)] = store.documents(KIND).items()
    for reply in (document["reply"][:-8] + "AAAAAAA=", "not base64", ""):
        store.put_documents(KIND, {key: {**document, "reply": reply}})
        problems = [finding.problem for finding in check(evidence, roots=[authority.root])]
        assert "its time-stamp is missing" in problems


def test_a_log_rewritten_with_its_head_is_found_by_its_seal(
    evidence: Evidence, authority: Authority, store: Store
) -> None:
    seal = sealed(evidence, authority)
    store.remove_documents(CUSTODY, list(store.documents(CUSTODY)))
    store.remove_documents(HEAD, ["head"])
    captured(evidence, "8", b"invented")
    assert evidence.custody.check() == []
    problems = [finding.problem for finding in check(evidence)]
    assert f"covers another link {seal.number} than the custody log has" in problems


def test_a_missing_seal_is_found(evidence: Evidence, authority: Authority, store: Store) -> None:
    sealed(evidence, authority)
    store.remove_documents(KIND, list(store.documents(KIND)))
    assert [finding.problem for finding in check(evidence)] == ["its time-stamp is missing"]


def test_a_refusal_is_told(evidence: Evidence, authority: Authority) -> None:
    authority.digests = "sha512"
    with pytest.raises(EvidenceError, match=r"127\.0\.0\.1.* was refused: .*not supported"):
        sealed(evidence, authority)
    assert evidence.seals.all() == []
    assert [link.action for link in evidence.custody.links()] == [Action.CAPTURED]


def test_an_old_reply_is_refused(evidence: Evidence, authority: Authority) -> None:
    seal = sealed(evidence, authority)
    with pytest.raises(EvidenceError, match="is of another statement"):
        evidence.seals.add(authority.url, "run2", [], "run run2", post=lambda *_: seal.reply)


def test_a_reply_to_another_request_is_refused(tmp_path: Path, authority: Authority) -> None:
    first, second = (
        open_evidence(open_store(f"sqlite:///{tmp_path / name}.db"), tmp_path) for name in "ab"
    )
    seal = first.seals.add(authority.url, "run1", [], "run run1")
    with pytest.raises(EvidenceError, match="answers another request"):
        second.seals.add(authority.url, "run1", [], "run run1", post=lambda *_: seal.reply)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("http://127.0.0.1:9/tsa", r"127\.0\.0\.1:9/tsa does not answer.*WILDCRAWL_TIMESTAMP_URL"),
        ("ftp://127.0.0.1/tsa", "is not a valid address"),
        ("timestamp.example", "is not a valid address"),
        ("http://anna:secret@127.0.0.1:9/tsa?key=secret", "does not answer"),
    ],
)
def test_an_authority_that_does_not_answer_is_named(
    evidence: Evidence, url: str, match: str
) -> None:
    with pytest.raises(EvidenceError, match=match) as raised:
        evidence.seals.add(url, "run1", [], "run run1")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "reply", [b"", b"<html>sign in</html>", b"\x30\x00", b"\x30\x84" + b"\xff" * 9]
)
def test_what_is_not_a_reply_is_refused(evidence: Evidence, reply: bytes) -> None:
    assert ordered(reply) == reply
    with pytest.raises(EvidenceError, match="cannot be read"):
        evidence.seals.add("http://tsa.example", "run1", [], "r", post=lambda *_: reply)


def test_a_root_certificate_that_cannot_be_read_is_named(
    evidence: Evidence, authority: Authority
) -> None:
    with pytest.raises(EvidenceError, match="PEM"):
        check_seal(sealed(evidence, authority), [b"not a certificate"])


def test_a_missing_extra_is_named(
    evidence: Evidence, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(evidence, authority)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(EvidenceError, match=r"pip install 'wildcrawl\[timestamp\]'"):
        evidence.seals.add(authority.url, "run1", [], "run run1")
    [finding] = check(evidence)
    assert "were not checked" in finding.problem
