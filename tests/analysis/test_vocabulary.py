# ruff: noqa: E501 (a fault and its message read best on one line)
"""Vocabulary of keywords.yaml: its contents, its JSON Schema, and the message of each fault."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.helpers.crawling import ROOT
from wildcrawl.analysis.vocabulary import (
    Keyword,
    Vocabulary,
    VocabularyError,
    load_vocabulary,
    schema,
)
from wildcrawl.months import MonthError, months_between
from wildcrawl.utils import bundled_keywords

COUNTS = {
    "ivory": 40,
    "rhino_horn": 15,
    "tiger": 12,
    "sea_turtle": 8,
    "helmeted_hornbill": 8,
    "pangolin": 7,
    "saiga": 5,
    "whale": 5,
    "leopard": 3,
    "general": 9,
}
GOOD = """\
groups:
  ivory:
    label: Ivory
    label_zh: 象牙
    keywords:
      - {term: 象牙, kind: name, ambiguous: false, since: 2012-01}
      - {term: 白料, kind: code, ambiguous: true, since: 2013-05}
    exclusions:
      colour: [象牙白]
reasons:
  colour: {label: a colour, outcome: none}
"""


def load(tmp_path: Path, text: str | bytes) -> str:
    """The loader's error for a file with this text; "" if it is valid."""
    file = tmp_path / "keywords.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    try:
        load_vocabulary(file)
    except VocabularyError as error:
        return str(error)
    return ""


def test_the_groups_and_their_counts_are_those_of_the_briefing() -> None:
    vocabulary = load_vocabulary()
    assert {name: len(group.keywords) for name, group in vocabulary.groups.items()} == COUNTS
    assert list(vocabulary.groups) == list(COUNTS)
    assert len({keyword.term for keyword in vocabulary.keywords}) == 112
    assert {"果冻", "面包圈"} <= {keyword.term for keyword in vocabulary.keywords}


def test_the_vocabulary_grew_as_the_briefing_shows() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.since("2011-12")) == 0
    assert len(vocabulary.since("2012-01")) == 15
    assert len(vocabulary.since("2014-12")) == 64
    assert len(vocabulary.since("2016-12")) == 112
    steps = Counter(keyword.since for keyword in vocabulary.keywords)
    assert set(steps) == set(months_between("2012-01", "2016-12"))
    groups = {keyword.group for keyword in vocabulary.since("2014-12")}
    assert len(groups - {"general"}) == 8
    with pytest.raises(MonthError):
        vocabulary.since("2014-13")


def test_select_takes_groups_and_terms() -> None:
    vocabulary = load_vocabulary()
    assert len(vocabulary.select("ivory,tiger")) == 52
    assert [keyword.term for keyword in vocabulary.select("犀角，象牙, 犀角")] == ["犀角", "象牙"]
    assert len(vocabulary.select("ivory, 象牙")) == 40
    assert vocabulary.select("") == vocabulary.keywords


def test_select_reports_an_unknown_name_and_the_choices() -> None:
    with pytest.raises(
        VocabularyError, match=r"'ivroy' is not a valid species group.*mean 'ivory'.*general"
    ):
        load_vocabulary().select("ivroy")


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "keywords.yaml"
    file.write_text(GOOD, encoding="utf-8")
    vocabulary = load_vocabulary(file)
    assert [keyword.term for keyword in vocabulary.keywords] == ["象牙", "白料"]
    assert vocabulary.keywords[1].ambiguous
    assert not vocabulary.keywords[1].extreme


def test_others_can_read_the_schema_plainly() -> None:
    """Plain YAML of the file, for readers other than wildcrawl."""
    text = bundled_keywords().read_text(encoding="utf-8")
    groups = yaml.safe_load(text)["groups"]
    assert list(groups) == list(COUNTS)
    assert [len(group["keywords"]) for group in groups.values()] == list(COUNTS.values())
    for group in groups.values():
        assert isinstance(group["label"], str)
        assert isinstance(group["label_zh"], str)
        for keyword in group["keywords"]:
            assert isinstance(keyword["term"], str)
            assert keyword["kind"] in ("name", "code")
            assert isinstance(keyword["ambiguous"], bool)
            assert re.fullmatch(r"201[2-6]-\d\d", keyword["since"])


def test_the_extremely_ambiguous_are_ambiguous_too() -> None:
    extreme = [keyword for keyword in load_vocabulary().keywords if keyword.extreme]
    assert len(extreme) == 17
    assert {"果冻", "虎皮", "鹤顶红"} <= {keyword.term for keyword in extreme}
    assert all(keyword.ambiguous for keyword in extreme)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: name", "kind: nmae", "line 6: 'nmae' is not a valid kind (did you mean 'name'?); choose one of name, code"),
        ("ambiguous: true", "ambiguous: maybe", "line 7: ambiguous of keyword 2 of group 'ivory' must be true or false, not 'maybe'"),
        ("ambiguous: true", "ambiguous: extremely", "line 7: ambiguous of keyword 2 of group 'ivory' must be true or false, not 'extremely'"),
        ("ambiguous: true", "ambiguous: false, extreme: true", "line 7: an extreme keyword is ambiguous as well; write ambiguous: true"),
        ("term: 白料, kind: code, ambiguous: true", "term: 牙, kind: code, ambiguous: false", "line 7: '牙' is one character, which is in many words; write ambiguous: true, or a longer word"),
        ("2013-05", "2013-13", "line 7: '2013-13' is not a month; write it as YYYY-MM"),
        ("term: 白料", "term: 象牙", "line 7: keyword '象牙' is already in line 6; remove one"),
        ("term: 白料", "term: ''", "line 7: term of keyword 2 of group 'ivory' is empty; write it or remove the line"),
        (", since: 2013-05", "", "line 7: keyword 2 of group 'ivory' has no 'since'; add it"),
        ("label_zh: 象牙", "labelzh: 象牙", "line 4: 'labelzh' is not a valid key of group 'ivory' (did you mean 'label_zh'?)"),
        ("    label: Ivory\n", "", "group 'ivory' has no 'label'; add it"),
        ("colour: [象牙白]", "color: [象牙白]", "line 9: 'color' is not a valid reason (see reasons:) (did you mean 'colour'?); choose one of colour"),
        ("colour: [象牙白]", "colour: 象牙白", "line 9: colour of exclusions of group 'ivory' must be a list, not '象牙白'"),
        ("colour: [象牙白]", "colour: [象牙白, 象牙白]", "line 9: '象牙白' is listed twice; remove one"),
        ("outcome: none", "outcome: gone", "line 11: 'gone' is not a valid outcome (did you mean 'none'?); choose one of set_aside, none"),
        ("  ivory:\n", "  all:\n", "'all' is not a valid group name"),
        ("label: Ivory", "label: [Ivory]", "line 3: label of group 'ivory' must be a text, not a list"),
        ("    label: Ivory\n", "    label: Ivory\n    label: Tusk\n", "line 4: key 'label' is repeated; remove one"),
        ("    exclusions:", "    names: [牙, 料]\n    codes: [料]\n    exclusions:", "line 9: term '料' is already in line 8; remove one"),
        ("    exclusions:", "    names:\n      - 牙\n      - {a: b}\n    exclusions:", "line 10: entry 2 of names of group 'ivory' must be a text, not a mapping"),
        ("reasons:", "reason:", "line 10: 'reason' is not a valid key of the file (did you mean 'reasons'?)"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_file_line_and_fix(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    assert f"{says}" in load(tmp_path, GOOD.replace(old, new, 1))


SLIPS = [
    ("[象牙白]", "[象牙白、象牙色]", "line 9: '象牙白、象牙色' would be one word; write 2 entries with ', ' between them: 象牙白, 象牙色"),
    ("[象牙白]", "[象牙白，象牙色, 象牙黄]", "line 9: '象牙白，象牙色' would be one word"),
    ("[象牙白]", "[象牙白/象牙色]", "line 9: '象牙白/象牙色' would be one word"),
    ("[象牙白]", "[]\n    names:\n      - 标本；野生", "line 11: '标本；野生' would be one word"),
    ("term: 白料", "term: 白料、黄料", "line 7: '白料、黄料' would be one word"),
    ("[象牙白]", "[象 牙]", "line 9: '象 牙' excludes the term '象牙' of group 'ivory' itself"),
    ("[象牙白]", "[象牙白, 白料]", "line 9: '白料' excludes the term '白料' of group 'ivory' itself"),
    ("outcome: none", "outcome: none, phrases: [白料]", "line 11: '白料' excludes the term '白料'"),
    ("reasons:", "harmless: [白料]\nreasons:", "line 10: '白料' excludes the term '白料'"),
    ("term: 白料", "term: 象 牙", "line 7: keyword '象 牙' is '象牙' of line 6 in other writing"),
    ("term: 白料", "term: 象﻿牙", "line 7: keyword '象﻿牙' is '象牙' of line 6 in other writing"),
    ("象牙白]", "象牙白]\n    names: [熊膽, 熊胆]", "line 10: term '熊胆' is '熊膽' of line 10 in other writing"),
    ("象牙白]", "象牙白]\n    codes: [ＸＹ料, xy料]", "line 10: term 'xy料' is 'ＸＹ料' of line 10 in other writing"),
    ("reasons:", "supports: {trade: {points: 0}}\nreasons:", "line 10: points of support 'trade' must be 1 or more, not '0'"),
    ("  ivory:\n", "  Bear:\n", "line 2: 'Bear' is not a valid group name (did you mean 'bear'?); use lower-case letters, digits and _"),
    ("  ivory:\n", "  sun-bear:\n", "line 2: 'sun-bear' is not a valid group name (did you mean 'sun_bear'?)"),
    ("  ivory:\n", "  熊:\n", "line 2: '熊' is not a valid group name; use lower-case letters"),
    ("  ivory:\n", "  month:\n", "line 2: 'month' is not a valid group name, since tables have a column of that name"),
    ("since: 2013-05", "since: 2013-05, until: 2012-12", "line 7: until 2012-12 is before since 2013-05; correct one of them"),
    ("since: 2013-05", "since: 2099-01", "line 7: since 2099-01 is more than a year ahead; correct it"),
    ("白料, kind: code, ambiguous: true", "12345, kind: code, ambiguous: false", "line 7: '12345' is a number, which is in many texts; write ambiguous: true, or a word"),
    ("term: 白料", "term: Yes", "line 7: 'Yes' is a value and not a word; write the keyword"),
    ("since: 2013-05", "since: 2013-05, until: soon", "line 7: 'soon' is not a month; write it as YYYY-MM"),
    ("    label: Ivory", "\tlabel: Ivory", "line 3: is indented with a tab; use spaces"),
    ("      - {term: 白", "  \t  - {term: 白", "line 7: is indented with a tab; use spaces"),
    ("    label: Ivory", "\u3000\u3000label: Ivory", "line 3: is indented with a full-width space; use spaces"),
    ("groups:", "groups：", "line 1: has the full-width colon '：' after 'groups'; write 'groups: ' with a plain colon"),
    ("  ivory:", "  ivory：", "line 2: has the full-width colon '：' after 'ivory'"),
    ("label: Ivory", "label：Ivory", "line 3: has the full-width colon '：' after 'label'"),
    ("{term: 白料", "{term：白料", "line 7: has the full-width colon '：' after 'term'"),
    ("colour: [", "colour：[", "line 9: has the full-width colon '：' after 'colour'"),
    ("label_zh: 象牙", "label_zh: 象牙\n      unworked：raw", "line 5: has the full-width colon '：' after 'unworked'"),
    ("象牙, kind", "象牙，kind", "line 6: has the full-width comma '，' between keys; write ', '"),
    ("[象牙白]", "【象牙白】", "line 9: has the full-width bracket '【'; write the list as [a, b]"),
    ("reasons:", "<<<<<<< ours\nreasons:", "line 10: is a mark of a merge that git did not finish; keep one"),
    ("[象牙白]", "[象\0牙白]", "line 9: is not YAML: it has the character U+0000; remove it"),
    ("[象牙白]", "[象\u200b牙白]", "line 9: '象\u200b牙白' has an invisible character (U+200B); type it again"),
    ("term: 白料", "term: 白\u200b料", "line 7: '白\u200b料' has an invisible character (U+200B); type it again"),
    ("term: 白料", "term: “白料”", "line 7: '“白料”' has quotes or brackets, which sites would be searched for"),
    ("[象牙白]", "[(象|大象牙白]", "line 9: '(象|大象牙白' has a bracket or bar without its partner; write alternatives as (a|b)"),
    ("[象牙白]", "[（象｜大象）牙白]", "line 9: '（象｜大象）牙白' has a bracket or bar without its partner"),
    ("[象牙白]", "[象牙白, ·]", "line 9: '·' has no letter or character that a text could match"),
    ("[象牙白]", "[象牙白…]", "line 9: '象牙白…' has '…', which only phrases and age words may have; remove it"),
    ("outcome: none", "outcome: none, phrases: [仿…色]", "line 11: '仿…色' is not a valid phrase; '…' stands once for any term, such as 仿… or …色"),
    ("outcome: none", "outcome: none, phrases: [...色]", "line 11: '...色' is not a valid phrase"),
    ("outcome: none", "outcome: none, words: [象牙]", "line 11: '象牙' is a term of group 'ivory' and would rule out every advertisement"),
    ("reasons:", "age_claims: [{claim: old, words: […老]}]\nreasons:", "line 10: '…老' is not a valid phrase"),
    ("reasons:", "spellings: {象牙: [x牙], 白料: [X牙]}\nreasons:", "line 10: 'X牙' is a spelling of '象牙' already"),
    ("象牙白]", "象牙白]\n    names: [12]", "line 10: '12' is a number, which is in many texts; list it under codes"),
    ("象牙白]", "象牙白]\n    bare: [牙]", "line 10: '牙' is one character, which is in many texts"),
    ("groups:\n", "groups:\n  bear:\n    label: Bear\n    label_zh: 熊\n    keywords: [{term: 熊胆, kind: name, ambiguous: false, since: 2014-01}]\n    names: [象牙]\n", "line 6: '象牙' is a term of group 'ivory' already (line 11), so that an advertisement would be of both; remove one"),
    ("reasons:", "spellings: {象牙: [象牙]}\nreasons:", "line 10: '象牙' is the word itself"),
    ("reasons:", "sounds: {ya: 牙、芽}\nreasons:", "line 10: '牙、芽' has '、'; write the characters without separators"),
    ("reasons:", "sounds: {ya: 牙芽牙}\nreasons:", "line 10: '牙芽牙' has '牙' twice; remove one"),
    ("reasons:", "parts: {teeth: []}\nreasons:", "line 10: teeth of parts is empty; add an entry"),
    ("reasons:", "      imitation: [象牙白]\nreasons:\n  imitation: {label: i, outcome: none}", "line 10: '象牙白' is excluded as colour already; remove one"),
    ("groups:\n", "groups:\n  bear:\n    label: ivory\n    label_zh: 熊\n    keywords: [{term: 熊胆, kind: name, ambiguous: false, since: 2014-01}]\n", "line 7: label 'Ivory' is that of group 'bear' as well"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), SLIPS)
def test_each_slip_that_yaml_accepts_is_named_with_its_line_and_fix(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    message = load(tmp_path, GOOD.replace(old, new, 1))
    assert f"keywords.yaml {says}" in message
    assert len(message.splitlines()) == 1, "what follows from the slip is not reported"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[象牙白]", "[象牙白, 白料白, X/Y牙, 象 牙白, '1,000克']"),
        ("label: Ivory", "label: Ivory, rhino；more  # kind：x, a、b"),
        ("label_zh: 象牙", "label_zh: 象牙（又名：白货，白料）"),
        ("since: 2013-05", "since: 2013-05, until: 2013-05"),
        ("象牙白]", "象牙白]\n    names: [象 门牙, 象门牙, 象牙]"),
        ("  ivory:\n", "  sea_turtle2:\n"),
        ("groups:", "# a comment：\n\ngroups:"),
    ],
)
def test_what_only_looks_like_a_slip_is_accepted(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    assert load(tmp_path, GOOD.replace(old, new, 1)) == ""


def without_keywords(name: str) -> str:
    return f"  {name}:\n    label: x\n    label_zh: x\n    keywords: []\n"


def test_a_group_without_keywords_is_never_searched(tmp_path: Path) -> None:
    says = "line 5: group 'bear' has no keywords, so that it is never searched; add one"
    assert says in load(tmp_path, GOOD.replace("groups:\n", "groups:\n" + without_keywords("bear")))
    general = without_keywords("general")
    assert load(tmp_path, GOOD.replace("groups:\n", "groups:\n" + general)) == ""
    assert "group 'general' has no keywords" in load(tmp_path, "groups:\n" + general)


def test_a_keyword_that_ended_remains_in_the_months_in_which_it_was_searched(
    tmp_path: Path,
) -> None:
    file = tmp_path / "keywords.yaml"
    file.write_text(GOOD.replace("2013-05", "2013-05, until: 2014-02"), encoding="utf-8")
    vocabulary = load_vocabulary(file)

    ivory = vocabulary.groups["ivory"]
    only_ended = Vocabulary({"ivory": replace(ivory, keywords=ivory.keywords[1:])})

    def terms(keywords: tuple[Keyword, ...]) -> list[str]:
        return [keyword.term for keyword in keywords]

    assert [len(vocabulary.since(month)) for month in ("2013-04", "2013-05", "2014-02")] == [
        1,
        2,
        2,
    ]
    assert terms(vocabulary.since("2014-03")) == ["象牙"]
    assert terms(vocabulary.searched("2014-02")) == ["象牙", "白料"]
    assert terms(vocabulary.searched("2014-03")) == ["象牙"]
    assert terms(vocabulary.select("", "2014-03")) == ["象牙"]
    assert terms(vocabulary.select("ivory", "2014-03")) == ["象牙"]
    assert terms(vocabulary.select("白料", "2014-02")) == ["白料"]
    with pytest.raises(VocabularyError, match=r"'白料' is searched until 2014-02 only; .* 'until'"):
        vocabulary.select("白料", "2014-03")
    with pytest.raises(VocabularyError, match="no keyword is searched in 2014-03: all have ended"):
        only_ended.select("", "2014-03")
    with pytest.raises(VocabularyError, match="'ivory' has no keyword that is searched in 2014-03"):
        only_ended.select("ivory", "2014-03")
    assert terms(vocabulary.keywords) == ["象牙", "白料"], "texts are still matched with it"


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    message = load(tmp_path, GOOD.replace("kind: name", "kind: x").replace("2013-05", "May"))
    assert message.count("keywords.yaml line") == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the file is empty; it needs 'groups:'"),
        ("- a\n", "line 1: the file must be a mapping (key: value), not a list"),
        ("groups: {}\n", "line 1: groups is empty; add an entry"),
        ("groups:\n  ivory: [a\n", "is not YAML"),
        ("groups: * a", "put a text that begins with such a sign in quotes"),
        ("a: 1\n\tb: 2\n", "line 2: is indented with a tab; use spaces"),
        ("groups:\n  ivory:\n", "line 2: group 'ivory' must be a mapping (key: value), not empty"),
        (GOOD.encode("gb18030"), "line 4: is not UTF-8; save the file in the UTF-8 encoding"),
        (b"groups: \x00", "is not YAML"),
        (GOOD + "product_types: [{type: rough}]\n", "'rough' is not a valid product type"),
        (GOOD + "age_claims: [{claim: old, years: [1949]}]\n", "years must be two years"),
        (GOOD + "supports: {trade: {points: many}}\n", "must be a whole number, not 'many'"),
        (
            GOOD + "supports: {trade: {points: 1.5}}\n",
            "line 12: points of support 'trade' must be a whole number, not '1.5'",
        ),
        (
            GOOD + "supports: {trade: {points: -1}}\n",
            "line 12: points of support 'trade' must be 1 or more, not '-1'",
        ),
        (
            GOOD + "characters: {象牙: 象}\n",
            "line 12: '象牙' is not one character; list words under spellings",
        ),
        (GOOD + "age_claims: [{claim: old, years: [1950, 1949]}]\n", "years must be two years"),
        (GOOD + "harmless: *none\n", "line 12: '*none' has no anchor '&none' that ends before it"),
        (
            GOOD + "harmless: &own [*own]\n",
            "line 12: '*own' has no anchor '&own' that ends before it",
        ),
        (GOOD + "? [a, b]\n: c\n", "line 12: a key must be a text, not a list or a mapping"),
        (GOOD + "---\na: b\n", "line 12: a second document begins here; remove the '---'"),
        (GOOD + "harmless: " + "[" * 100_000, "line 12: is nested more than 20 levels deep"),
        ("- a\n" * 3_000_000, "is larger than 10 MB; WILDCRAWL_KEYWORDS must name a keywords.yaml"),
        ("# no keys\n", "line 1: the file is empty; it needs 'groups:'"),
    ],
)
def test_a_file_that_is_not_a_vocabulary_is_reported(
    tmp_path: Path, text: str | bytes, says: str
) -> None:
    assert says in load(tmp_path, text)


ANIMALS = (
    GOOD.replace(
        "    exclusions:",
        "    animals:\n"
        "      - {names: [大象, 象], parts: [teeth, 鼻], without: [象鼻]}\n    exclusions:",
    )
    + "joints: [的]\nparts:\n  teeth: [门牙, 门齿]\n"
)


def test_animals_and_parts_are_combined_with_what_may_stand_between(tmp_path: Path) -> None:
    assert load(tmp_path, ANIMALS) == ""
    (animals,) = load_vocabulary(tmp_path / "keywords.yaml").groups["ivory"].animals
    terms = dict(animals.terms())
    assert terms["大象 门牙"] == terms["大象的门牙"] == terms["大象门牙"] == "大象门牙"
    assert set(terms.values()) == {"大象门牙", "大象门齿", "大象鼻", "象门牙", "象门齿"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[teeth, 鼻]", "[tooth]", "line 9: 'tooth' is not a list of parts (see parts:)"),
        (
            "[象鼻]",
            "[狗鼻]",
            "line 9: '狗鼻' is not a combination of these names and parts; remove",
        ),
        ("[大象, 象]", "[]", "names of animals entry 1 of group 'ivory' is empty; add an entry"),
        (
            "names: [大",
            "name: [大",
            "'name' is not a valid key of animals entry 1 of group 'ivory'",
        ),
        ("without: [象鼻]", "strength: bare", "'bare' is not a valid strength of a combination"),
        ("  teeth:", "  牙:", "'牙' is not a valid name of a list of parts; use lower-case"),
        ("colour: [象牙白]", "colour: [象门牙]", "'象门牙' excludes the term '象门牙' of group"),
    ],
)
def test_a_faulty_combination_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in ANIMALS
    assert says in load(tmp_path, ANIMALS.replace(old, new, 1))


def test_alternatives_in_a_list_stand_for_each_of_them(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD + "harmless: [(铜|银)(扣|), 木座]\n") == ""
    words = load_vocabulary(tmp_path / "keywords.yaml").rules.harmless
    assert words == ("铜扣", "铜", "银扣", "银", "木座")
    says = "line 12: '银' is listed twice; remove one"
    assert load(tmp_path, GOOD + "harmless: [(铜|银), 银]\n").endswith(says)
    many = "(1|2|3|4|5|6|7|8|9|0)" * 4
    assert "stands for more than 1000 words; split it" in load(
        tmp_path, f"{GOOD}offers: [{many}]\n"
    )


def test_no_word_is_listed_that_a_shorter_one_of_its_list_says() -> None:
    rules = load_vocabulary().rules
    endings = {"negations": rules.negations, "states before": rules.states_before}
    for name, words in endings.items():
        assert [word for word in words if word.endswith(_others(word, words))] == [], name
    beginnings = {"contrasts": rules.contrasts, "states after": rules.states_after}
    for name, words in beginnings.items():
        assert [word for word in words if word.startswith(_others(word, words))] == [], name


def _others(word: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(other for other in words if other != word)


def test_a_reported_word_has_a_source_and_a_certainty(tmp_path: Path) -> None:
    entry = "    reported: [{word: 牙白, sure: likely, source: press}]\n    exclusions:"
    text = GOOD.replace("    exclusions:", entry)
    says = "line 8: 'likely' is not a valid certainty; choose one of high, medium, low"
    assert says in load(tmp_path, text)
    assert "has no 'source'; add it" in load(tmp_path, text.replace("likely, source: press", "low"))


LANGUAGES = (
    GOOD
    + """\
languages:
  en:
    label: English
    reviewed: true
    joints: [of]
    groups:
      ivory:
        names: [(carved|elephant) ivory]
        animals: [{names: [elephant], parts: [tusk, tusks]}]
        exclusions: {colour: [ivory lace]}
    reasons: {colour: {words: [satin]}}
    product_types: [{type: raw, words: [tusk]}]
"""
)


def test_a_language_adds_to_groups_and_rules(tmp_path: Path) -> None:
    assert load(tmp_path, LANGUAGES) == ""
    vocabulary = load_vocabulary(tmp_path / "keywords.yaml")
    group = vocabulary.groups["ivory"]
    assert group.names == ("carved ivory", "elephant ivory")
    assert group.exclusions["colour"] == ("象牙白", "ivory lace")
    assert vocabulary.rules.reasons[0].words == ("satin",)
    assert vocabulary.rules.product_types[-1].words == ("tusk",)
    (language,) = vocabulary.languages
    assert language.terms["ivory"] >= {"carved ivory", "elephant tusks"}
    assert group.animals[-1].joints == ("of",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "      ivory:\n        names",
            "      ivry:\n        names",
            "line 18: 'ivry' is not one of",
        ),
        ("{colour: [ivory", "{color: [ivory", "line 21: 'color' is not one of the reasons"),
        ("reasons: {colour:", "reasons: {color:", "(did you mean 'colour'?)"),
        ("    reviewed: true\n", "", "language 'en' has no 'reviewed'; add it"),
        ("type: raw", "type: rough", "'rough' is not a valid product type"),
    ],
)
def test_a_faulty_language_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in LANGUAGES
    assert says in load(tmp_path, LANGUAGES.replace(old, new, 1))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        VocabularyError, match=r"nowhere\.yaml: cannot be read .*WILDCRAWL_KEYWORDS"
    ):
        load_vocabulary(tmp_path / "nowhere.yaml")


def test_an_anchor_is_resolved(tmp_path: Path) -> None:
    assert load(tmp_path, f"{GOOD}negations: &none [不]\nharmless: *none\n") == ""
    assert load_vocabulary(tmp_path / "keywords.yaml").rules.harmless == ("不",)


def test_a_file_of_another_kind_does_not_flood_the_terminal(tmp_path: Path) -> None:
    message = load(tmp_path, "".join(f"key{number}: x\n" for number in range(1000)))
    assert len(message.splitlines()) == 51
    assert "line 1: the file has no 'groups'; add it" in message
    assert message.endswith("keywords.yaml: 951 more faults follow")


def test_the_schema_for_editors_is_up_to_date() -> None:
    """`make docs` writes it."""
    text = (ROOT / "keywords.yaml").read_text(encoding="utf-8")
    comment = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert comment is not None
    assert (ROOT / comment[1]).read_text(encoding="utf-8") == schema.json_schema()


def test_the_schema_for_editors_agrees_with_the_loader() -> None:
    validator = Draft202012Validator(json.loads(schema.json_schema()))
    data = yaml.safe_load((ROOT / "keywords.yaml").read_text(encoding="utf-8"))
    assert list(validator.iter_errors(data)) == []
    data["groups"]["ivory"]["keywords"][0]["kind"] = "nmae"
    data["groups"]["ivory"]["name"] = "x"
    assert len(list(validator.iter_errors(data))) == 2


def test_pydantic_is_imported_only_to_load_a_vocabulary() -> None:
    code = "import sys, wildcrawl.crawl.session, wildcrawl.commands.keywords; print('pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == ""
