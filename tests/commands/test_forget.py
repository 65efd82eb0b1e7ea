"""`scrapy forget` in process: what it says, its exit codes, and that a dry run writes nothing."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from wildcrawl.commands.forget import Command
from wildcrawl.commands.notices import _judged
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.store import open_store
from wildcrawl.store.corrections import Decision

AT = datetime(2016, 5, 3, 4, tzinfo=UTC)
NO_SUCH = "Nothing was forgotten: "


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a store with two sites: 藏友甲 has one judged advertisement and two others."""
    url = f"sqlite:///{tmp_path / 'wildcrawl.db'}"
    store = open_store(url)
    rows = [("mall", "1", "藏友甲"), ("mall", "2", "藏友甲"), ("mall", "3", "乙")]
    rows += [("fair", "1", "藏友甲")]
    store.record(
        [
            Advertisement(site, ad_id, title="象牙", seller=seller, found_at=AT)
            for site, ad_id, seller in rows
        ],
        "run 1",
    )
    store.judge("mall", "1", Decision(Verdict.VALID, "anna", "", AT))
    store.close()
    values = {"WILDCRAWL_STORE": url, "WILDCRAWL_EVIDENCE_DIR": str(tmp_path / "evidence")}
    return Settings(values)


def said(
    settings: Settings, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, list[str]]:
    """Exit code and lines of `scrapy forget WORDS`."""
    command = Command()
    command.settings = settings
    parser = argparse.ArgumentParser(conflict_handler="resolve")
    command.add_options(parser)
    opts, args = parser.parse_known_args(list(words))
    command.run(args, opts)
    return command.exitcode, capsys.readouterr().out.splitlines()


def ids(settings: Settings) -> list[str]:
    """The stored advertisements."""
    store = open_store(settings["WILDCRAWL_STORE"])
    found = sorted(f"{ad.site}:{ad.ad_id}" for ad in store.advertisements())
    store.close()
    return found


def in_notices(settings: Settings) -> list[str]:
    """The advertisements that a letter of the month would list."""
    store = open_store(settings["WILDCRAWL_STORE"])
    valid, _, _ = _judged(store, "2016-05", ())
    store.close()
    return [ad.ad_id for ads in valid.values() for ad in ads]


def test_a_seller_on_one_site_and_then_on_all(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ids(settings)
    seller = ("--seller", "藏友甲", "--by", "ben")
    code, lines = said(settings, capsys, *seller, "--dry-run")
    assert code == 0
    assert lines[0].startswith("1 advertisement would be kept as a count")
    assert lines[1].startswith("2 advertisements would be erased since there is no verdict")
    assert lines[2].endswith("Nothing was written.")
    assert ids(settings) == before
    assert in_notices(settings) == ["1"]
    code, lines = said(settings, capsys, *seller, "--site", "mall")
    assert code == 0
    assert lines[0].startswith("1 advertisement kept")
    assert lines[1].startswith("1 advertisement erased since there is no verdict")
    assert "backups" in lines[-1]
    assert "comes back as a new advertisement" in lines[-2]
    left = ids(settings)
    assert [name.split("-")[0] for name in left] == ["fair:1", "mall:3", "mall:forgotten"]
    assert in_notices(settings) == []
    pseudonym = left[-1].partition(":")[2]
    assert said(settings, capsys, *seller)[0] == 0
    code, lines = said(settings, capsys, "mall", pseudonym, "--erase", "--by", "anna")
    assert code == 0
    assert lines[0].startswith("1 advertisement erased; the numbers of the months")
    assert ids(settings) == ["mall:3"]
    store = open_store(settings["WILDCRAWL_STORE"])
    log = store.documents("custody")
    assert [link["who"] for link in log.values()] == ["ben", "ben", "anna"]
    assert "藏友甲" not in str(log)
    store.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("mall", "1", "7"), "the store has no advertisement '7' of site 'mall'."),
        (("mall", "--", "-5"), "the store has no advertisement '-5' of site 'mall'."),
        (("mal", "1"), "the store has no advertisement '1' of site 'mal' (did you mean 'mall'?)."),
        (("--seller", "藏友"), "no stored advertisement has the seller '藏友'"),
        (("--seller", "乙", "--site", "fair"), "no stored advertisement of site 'fair' has the"),
    ],
)
def test_what_is_not_stored_is_one_sentence_and_nothing_changes(
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    sentence: str,
) -> None:
    before = ids(settings)
    code, lines = said(settings, capsys, *words)
    assert code == 1
    (line,) = lines
    assert line.startswith(NO_SUCH + sentence)
    assert ids(settings) == before


def test_retention_says_what_it_would_do_and_leaves_counts(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ids(settings)
    code, (line,) = said(settings, capsys, "--retention")
    assert (code, line.partition(",")[0]) == (0, "WILDCRAWL_KEEP is empty")
    settings.set("WILDCRAWL_KEEP", "old = 24; fake=12")
    code, lines = said(settings, capsys, "--retention", "--dry-run")
    assert code == 0
    assert lines == [
        "1 advertisement would be kept as a count under a pseudonym (old 1); the numbers of all "
        "months stay.",
        "3 older advertisements wait for a verdict and remain; judge them at the desk.",
        "Nothing was written.",
    ]
    assert ids(settings) == before
    code, lines = said(settings, capsys, "--retention", "--by", "ben")
    assert code == 0
    assert lines[0].startswith("1 advertisement kept as a count")
    assert len(ids(settings)) == 4
    assert [name for name in before if name not in ids(settings)] == ["mall:1"]
    code, lines = said(settings, capsys, "--retention")
    assert (code, len(lines)) == (0, 2)
    assert lines[0].startswith("0 advertisements kept")
    settings.set("WILDCRAWL_KEEP", "sometimes=1")
    with pytest.raises(UsageError, match="choose one of set_aside, irrelevant"):
        said(settings, capsys, "--retention")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--retention", "--erase"),
        ("--retention", "mall", "1"),
        ("--retention", "--seller", "乙"),
        ("--retention", "--site", "mall"),
        ("mall",),
        ("mall", "1", "--seller", "乙"),
        ("mall", "1", "--site", "mall"),
        ("--seller=",),
    ],
)
def test_unclear_arguments_are_refused(
    settings: Settings, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError):
        said(settings, capsys, *words)
    assert len(ids(settings)) == 4
