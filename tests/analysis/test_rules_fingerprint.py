"""Fingerprint of the tagging rules: what changes tags changes it, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.fingerprint import VERSION, fingerprint
from wildcrawl.analysis.vocabulary import Vocabulary, load_vocabulary

FILE = """\
groups:
  ivory:
    label: Ivory
    label_zh: 象牙
    keywords:
      - {term: 象牙, kind: name, ambiguous: false, since: 2012-01}
      - {term: 果冻, kind: code, ambiguous: true, extreme: true, since: 2012-01}
      - {term: 亚洲料, kind: code, ambiguous: true, since: 2013-05}
    names: [大象牙]
    bare: [牙雕, 牙章]
    codes: [白料]
    signs: [人字纹, 大象]
    marks: [网纹]
    exclusions:
      colour: [象牙白]
  rhino_horn:
    label: Rhino horn
    label_zh: 犀牛角
    keywords:
      - {term: 犀角, kind: name, ambiguous: false, since: 2012-01}
    codes: [亚洲料, 黑料]
    signs: [鱼子纹]
  general:
    label: General
    label_zh: 综合
    keywords: []
spellings: {象牙: [象ya]}
characters: {🐘: 象}
supports:
  trade: {points: 1, words: [手镯, 手串, 雕]}
reasons:
  colour: {label: a colour, outcome: none}
  imitation: {label: an imitation, outcome: set_aside, phrases: [仿…], words: [树脂]}
  book: {label: a book, outcome: set_aside, against: bare, words: [画册]}
negations: [不是]
product_types:
  - {type: worked_carved, words: [雕]}
  - {type: worked_uncarved, words: [手镯, 手串]}
age_claims:
  - {claim: old, words: [老, 民国], years: [1600, 1948]}
"""
TAGS_BY_VERSION = dict.fromkeys(range(1, 9), "2f69889881b2d1dc")
"""Hash of the tags of the labelled texts under FILE, by the version of the tagging code."""


def vocabulary(folder: Path, text: str = FILE) -> Vocabulary:
    path = folder / "keywords.yaml"
    path.write_text(text, encoding="utf-8")
    return load_vocabulary(path)


def changed(folder: Path, old: str, new: str) -> bool:
    """Whether a change of the file changes its fingerprint."""
    assert old in FILE
    before = fingerprint(vocabulary(folder))
    return fingerprint(vocabulary(folder, FILE.replace(old, new, 1))) != before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("groups:", "# a comment\ngroups:"),
        ("label: Ivory", "label: Elephant ivory"),
        ("label_zh: 象牙", "label_zh: 象牙类"),
        ("label: a colour", "label: only a colour"),
        ("kind: name, ambiguous: false", "ambiguous: false, kind: name"),
        ("since: 2013-05", "since: 2014-05, until: 2015-01"),
        ("[牙雕, 牙章]", "[牙章, 牙雕]"),
        (
            "    names: [大象牙]\n    bare: [牙雕, 牙章]",
            "    bare: [牙雕, 牙章]\n    names: [大象牙]",
        ),
        ("extreme: true, ", ""),
    ],
)
def test_what_changes_no_tag_leaves_the_fingerprint(tmp_path: Path, old: str, new: str) -> None:
    assert not changed(tmp_path, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{term: 象牙,", "{term: 象牙料,"),
        ("kind: code, ambiguous: true, extreme", "kind: name, ambiguous: true, extreme"),
        ("ambiguous: true, extreme: true", "ambiguous: false"),
        ("names: [大象牙]", "names: [大象牙, 象牙球]"),
        ("bare: [牙雕, 牙章]\n    codes: [白料]", "bare: [牙雕]\n    codes: [白料, 牙章]"),
        ("signs: [人字纹, 大象]", "signs: [人字纹]"),
        ("marks: [网纹]", "marks: [牙纹]"),
        ("colour: [象牙白]", "colour: [象牙白, 象牙色]"),
        ("signs: [鱼子纹]", "signs: [鱼子纹]\n    unworked: raw"),
        ("points: 1", "points: 2"),
        ("points: 1,", "points: 1, units: [mm],"),
        ("words: [树脂]}", "words: [树脂], half_hints: [村民]}"),
        ("words: [树脂]}", "words: [树脂], items: [树脂]}"),
        ("{label: a colour, outcome: none}", "{label: a colour, outcome: set_aside}"),
        ("against: bare", "against: codes"),
        ("words: [树脂]}", "words: [树脂], whole: true}"),
        ("negations: [不是]", "negations: [不是, 非]"),
        ("{🐘: 象}", "{🐘: 象, 🦏: 犀}"),
        ("[象ya]", "[象ya, 像牙]"),
        ("type: worked_carved", "type: semi_worked"),
        ("years: [1600, 1948]", "years: [1600, 1949]"),
        ("claim: old", "claim: new"),
        ("  rhino_horn:\n", "  bear:\n"),
        ("negations:", "harmless: [象牙楼]\nnegations:"),
        ("kind: code, ambiguous: true, since", "kind: name, ambiguous: true, since"),
        ("negations:", "contrasts: [旁边]\nnegations:"),
        ("negations:", "styles: {仿: [古]}\nnegations:"),
        ("negations:", "word_starts: [蓝]\nnegations:"),
        ("negations:", "quantities: [克]\nnegations:"),
        ("negations:", "sounds: {xiang: 象像, ya: 牙芽}\nnegations:"),
        ("names: [大象牙]", "animals: [{names: [象], parts: [牙齿]}]"),
        ("names: [大象牙]", "reported: [{word: 牙白, sure: low, source: press}]"),
    ],
)
def test_what_changes_tags_changes_the_fingerprint(tmp_path: Path, old: str, new: str) -> None:
    assert changed(tmp_path, old, new)


def test_the_order_of_groups_counts_only_if_they_share_a_word(tmp_path: Path) -> None:
    for shared, expected in (("亚洲料, 黑料", True), ("黑料", False)):
        data = yaml.safe_load(FILE.replace("亚洲料, 黑料", shared))
        found = set()
        for _ in range(2):
            text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
            found.add(fingerprint(vocabulary(tmp_path, text)))
            data["groups"] = dict(reversed(data["groups"].items()))
        assert (len(found) == 2) is expected


def test_the_version_of_the_tagging_code_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(vocabulary(tmp_path))
    monkeypatch.setattr("wildcrawl.analysis.tagging.fingerprint.VERSION", VERSION + 1)
    assert fingerprint(vocabulary(tmp_path)) != before


def test_tagging_code_that_gives_other_tags_has_a_version_of_its_own(tmp_path: Path) -> None:
    """If this fails, raise VERSION and add the new hash: stored tags are then told apart."""
    tagger = Tagger(vocabulary(tmp_path))
    digest = hashlib.sha256()
    for line in (ROOT / "tests/data/labelled_tuning.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        tags = tagger.tag(row["title"], row["description"], found_by=["象牙"])
        digest.update(f"{tags!r}{tags.product_type}{tags.age_claim}{tags.supports}\n".encode())
    assert TAGS_BY_VERSION.get(VERSION) == digest.hexdigest()[:16]
