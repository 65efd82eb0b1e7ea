"""Ranking of the screening queue: by the tagger's strength and by a trained model."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.crawling import SECONDS, Result, environment, scrapy
from tests.helpers.queue_oracle import queue_order
from tests.helpers.verdicts import ad, fill, labelled
from wildcrawl.analysis.tagging.patterns import STRENGTHS
from wildcrawl.items import Advertisement, Strength
from wildcrawl.review.ranking import (
    STRENGTH_SCORES,
    Model,
    RankingModelError,
    load_model,
    save_model,
    tagger_score,
)
from wildcrawl.review.training import (
    TooFewVerdicts,
    TrainingSet,
    cross_validate,
    fit,
    head,
    judged,
    split,
    table_of,
    train,
)
from wildcrawl.store import Store, open_store

pytestmark = pytest.mark.xdist_group("ranking")


@pytest.fixture(scope="module")
def verdicts() -> list[Advertisement]:
    return labelled()


def text_alone(ads: list[Advertisement]) -> list[Advertisement]:
    """The same without tags, so that only the words are left."""
    return [replace(one, terms=[], strength="", supports=0, relevance="likely") for one in ads]


def test_it_learns_from_the_words_what_a_person_finds_valid(
    verdicts: list[Advertisement],
) -> None:
    found = cross_validate(text_alone(verdicts))
    assert (found.valid > 400, found.other > 400, found.folds) == (True, True, 5)
    assert found.learned.auc > 0.93
    assert min(found.learned.valid, found.learned.other) > 0.92
    assert found.learned.head > 0.93
    assert found.strength.auc == 0.5, "without a match the tagger's strength says nothing"
    assert found.better


def test_random_verdicts_are_reported_as_not_better(verdicts: list[Advertisement]) -> None:
    dice = random.Random(7)
    blind = [
        replace(one, verdict=dice.choice(("valid", "fake"))) for one in text_alone(verdicts[:400])
    ]
    found = cross_validate(blind)
    assert 0.4 < found.learned.auc < 0.6
    assert found.learned.head < 0.75


def test_a_sellers_advertisements_stay_in_one_part() -> None:
    ads = [
        ad(number, f"老象牙手串 {number}", verdict="valid" if number % 3 else "fake")
        for number in range(120)
    ]
    for one in ads:
        one.seller = f"seller {int(one.ad_id) % 17}"
    parts = split(ads, 5)
    assert sorted(position for part in parts for position in part) == list(range(120))
    sellers = [{ads[position].seller for position in part} for part in parts]
    assert sum(map(len, sellers)) == 17
    assert all({ads[position].verdict for position in part} == {"valid", "fake"} for part in parts)


def test_it_refuses_to_learn_from_too_few(verdicts: list[Advertisement]) -> None:
    valid = [one for one in verdicts if one.verdict == "valid"]
    other = [one for one in verdicts if one.verdict != "valid"]
    with pytest.raises(TooFewVerdicts, match=r"at least 50 .* the store has 300 and 49"):
        train([*valid[:300], *other[:49]])
    both = [*valid[:60], *other[:60]]
    with pytest.raises(TooFewVerdicts, match="too few sellers"):
        cross_validate([replace(one, seller="one") for one in both])
    with pytest.raises(TooFewVerdicts, match="too few sellers"):
        cross_validate([one if one in other else replace(one, seller="one") for one in both])
    assert train([*valid[:50], *other[:50]]).verdicts == {"irrelevant": 50, "valid": 50}


def test_the_same_verdicts_give_the_same_model(verdicts: list[Advertisement]) -> None:
    some = verdicts[:300]
    assert train(some) == train(list(reversed(some)))


def test_of_many_verdicts_the_same_ones_are_drawn(verdicts: list[Advertisement]) -> None:
    drawn = judged(iter(verdicts), most=200)
    assert (len(drawn), drawn.of) == (200, len(verdicts))
    assert drawn == judged(reversed(verdicts), most=200)
    assert {one.ad_id for one in drawn} != {one.ad_id for one in judged(verdicts)[:200]}
    again: TrainingSet = judged(drawn)
    assert (again, again.of) == (drawn, len(verdicts)), "what was drawn is not drawn from again"


def test_a_feature_counts_from_its_second_advertisement_on() -> None:
    examples = [(frozenset({"both", "valid" if even else "other"}), even) for even in (1, 0, 1, 0)]
    rare = (frozenset({"both", "valid", "once"}), True)
    model = fit([(known, bool(label)) for known, label in examples] + [rare])
    assert set(model.weights) == {"both", "valid", "other"}
    assert model.weights["valid"] > 0 > model.weights["other"]


def test_the_table_holds_numbers_and_no_texts_of_each_example() -> None:
    def examples() -> Iterator[frozenset[str]]:
        for number in range(400):
            yield frozenset(f"text:{number + place}" for place in range(250))

    tracemalloc.start()
    try:
        table = table_of(examples)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 16 MB are the places in which features are counted; a set alone takes 10 MB more.
    assert table.rows.nnz > 99_000
    assert peak < 22_000_000


def test_the_first_tenth_by_hand() -> None:
    truth = [True] * 3 + [False] * 17
    assert head([20 - place for place in range(20)], truth) == 1
    assert head(list(range(20)), truth) == 0
    assert head([1.0] * 20, truth) == pytest.approx(3 / 20), "a tie is not decided by chance"
    assert head([2.0, 1.0, *[0.0] * 17, 1.0], truth) == 0.75


def test_a_model_comes_back_from_its_file(verdicts: list[Advertisement], tmp_path: Path) -> None:
    model = train(verdicts[:300])
    save_model(model, tmp_path / "m.json")
    again = load_model(tmp_path / "m.json")
    assert again == model
    assert [again.score(one) for one in verdicts[300:320]] == [
        model.score(one) for one in verdicts[300:320]
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["m.json"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"the ranking model .* is missing; create one"),
        (b"\x80\x04\x95\x00", "cannot be read"),
        (b"[]", "not a ranking model of this version"),
        (
            b'{"format": "wildcrawl ranking 2", "weights": {}}',
            "not a ranking model of this version",
        ),
        (b'{"format": "wildcrawl ranking 1", "weights": {"a": "1"}}', "is damaged"),
        (b'{"format": "wildcrawl ranking 1", "weights": {"a": NaN}}', "is damaged"),
        (b'{"format": "wildcrawl ranking 1", "weights": []}', "is damaged"),
        (b'{"format": "wildcrawl ranking 1", "weights": {}, "more": 1}', "is damaged"),
        (b'{"format": "wildcrawl ranking 1"}', "is damaged"),
    ],
)
def test_a_bad_model_file_is_named_with_the_fix(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "m.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RankingModelError, match=message) as error:
        load_model(path)
    assert str(path) in str(error.value)
    assert "scrapy rank" in str(error.value)


def test_the_stronger_match_is_read_first() -> None:
    ads = [
        ad(1, "血料 平安扣 网纹一级"),
        ad(2, "老象牙手镯 一只"),
        Advertisement("mall", "3", relevance="likely", reason="image-only post"),
    ]
    assert [one.relevance for one in ads] == ["likely"] * 3
    assert [each.ad.ad_id for each in queue_order(ads)] == ["2", "1", "3"]
    assert tagger_score(ads[1]) >= 0.8 > tagger_score(ads[0]) >= 0.4 > tagger_score(ads[2])


def test_a_mark_of_the_material_is_read_with_the_code_words() -> None:
    mark, code = ad(1, "老料手串 人字纹 网纹 顺白"), ad(2, "血料手串 网纹 顺白")
    assert [one.relevance for one in (mark, code)] == ["likely"] * 2
    assert [one.reason for one in (mark, code)] == [
        "人字纹 (mark) with 网纹, 手串",
        "血料 (code) with 网纹, 手串",
    ]
    assert tagger_score(mark) == tagger_score(code) > 0.4


def test_every_strength_of_the_tagger_has_a_score() -> None:
    scores = [STRENGTH_SCORES[each] for each in Strength]
    assert scores == sorted(scores, reverse=True), "from strong to weak"
    assert {*STRENGTHS} == {*Strength}


def test_what_the_tagger_finds_likely_has_a_strength(verdicts: list[Advertisement]) -> None:
    likely = [one for one in verdicts if one.relevance == "likely"]
    assert len(likely) > 400
    assert all(one.strength and f" ({one.strength})" in one.reason for one in likely)
    assert not any(one.strength for one in verdicts if one.relevance != "likely")


def test_only_what_waits_is_in_the_queue_and_the_audited_are_mixed_in() -> None:
    likely = [ad(number, "老象牙手镯 一只") for number in range(40)]
    judged = [ad(number, "老象牙手镯 一只", verdict="fake") for number in range(40, 50)]
    aside = [ad(number, "猛犸象牙手镯") for number in range(50, 80)]
    for one in aside:
        one.audit = int(one.ad_id) < 53
    queue = queue_order([*likely, *judged, *aside])
    assert len(queue) == 43
    assert [place for place, each in enumerate(queue, 1) if each.audit] == [10, 20, 30]
    assert all(each.why.startswith("audit of: ") for each in queue if each.audit)
    newest_first = [int(each.ad.ad_id) for each in queue if not each.audit]
    assert newest_first == list(range(39, -1, -1))


def test_the_audited_are_random_for_any_model() -> None:
    aside = [replace(ad(number, f"猛犸象牙手镯 {number}圈"), audit=True) for number in range(30)]
    against = Model({f"title:{number}圈": -float(number) for number in range(30)})
    order = [each.ad.ad_id for each in queue_order(aside)]
    assert [each.ad.ad_id for each in queue_order(reversed(aside), against)] == order
    assert order != sorted(order, key=int)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_rank_learns_and_the_queue_follows(
    store: Store, store_url: str, verdicts: list[Advertisement], tmp_path: Path
) -> None:
    waiting = [
        ad(9001, "老象牙手镯 一只"),
        ad(9002, "穿山甲甲片 三两 生片"),
        ad(9003, "血料 平安扣 网纹一级"),
    ]
    fill(store, [*verdicts[:500], *waiting])
    plain = scrapy("queue", folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert plain.code == 0, plain.err
    assert "3 of 3 without a verdict, ordered by the tagger's strength" in plain.out
    ranked = scrapy("rank", folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert ranked.code == 0, ranked.err
    valid = sum(one.verdict == "valid" for one in verdicts[:500])
    assert f"500 verdicts ({500 - valid} irrelevant, {valid} valid)" in ranked.out
    (learned,) = re.findall(r"^learned +(0\.\d+|1\.000) ±", ranked.out, re.MULTILINE)
    assert float(learned) > 0.95
    path = str(tmp_path / "ranking.json")
    assert f"WILDCRAWL_RANKING={path}" in ranked.out
    assert json.loads(Path(path).read_text(encoding="utf-8"))["auc"] > 0.95
    settings = {"WILDCRAWL_STORE": store_url, "WILDCRAWL_RANKING": path}
    queue = scrapy("queue", "-n", "2", folder=tmp_path, **settings)
    assert "2 of 3 without a verdict, ordered by the learned ranking" in queue.out
    header, *rows = queue.out.splitlines()[:-1]
    assert header.split() == ["site", "ad_id", "title", "species", "score", "why"]
    model = load_model(Path(path))
    best = sorted(waiting, key=model.score, reverse=True)[:2]
    assert [row.split()[1] for row in rows] == [one.ad_id for one in best]


def test_texts_of_sites_cannot_control_the_terminal(
    store: Store, store_url: str, tmp_path: Path
) -> None:
    one = ad(1, "老象牙手镯 一只")
    one.ad_id = "7\x1b[2J"
    fill(store, [one])
    shown = scrapy("queue", folder=tmp_path, WILDCRAWL_STORE=store_url)
    assert "7�[2J" in shown.out
    assert "\x1b" not in shown.out


def run_scrapy(before: str, *arguments: str, folder: Path, **settings: str) -> Result:
    """Runs `scrapy ARGUMENTS` in `folder` after the statements `before`."""
    script = f"{before}; from scrapy.cmdline import execute; execute({['scrapy', *arguments]})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=SECONDS,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def test_only_training_needs_scikit_learn(tmp_path: Path) -> None:
    store_url = f"sqlite:///{tmp_path / 'store.db'}"
    store = open_store(store_url)
    fill(store, [ad(1, "血料 平安扣 网纹一级"), ad(2, "老象牙手镯 一只")])
    store.close()
    save_model(Model({"term:血料": 5.0, "term:象牙": -5.0}), tmp_path / "m.json")
    settings = {"WILDCRAWL_STORE": store_url, "WILDCRAWL_RANKING": str(tmp_path / "m.json")}
    without = "import sys; sys.modules['sklearn'] = None"
    queue = run_scrapy(without, "queue", folder=tmp_path, **settings)
    assert queue.code == 0, queue.err
    assert "2 of 2 without a verdict, ordered by the learned ranking" in queue.out
    assert queue.out.index("血料") < queue.out.index("老象牙手镯")
    rank = run_scrapy(without, "rank", folder=tmp_path, **settings)
    assert rank.code == 2
    assert "scrapy rank needs scikit-learn" in rank.err
    assert "pip install 'wildcrawl[rank]'" in rank.err
    assert "Traceback" not in rank.err


def test_listing_spiders_imports_nothing_of_the_training(tmp_path: Path) -> None:
    report = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    listed = run_scrapy(report, "list", folder=tmp_path)
    assert listed.code == 0, listed.err
    imported = set(listed.err.split())
    assert "wildcrawl.commands.rank" in imported
    assert not imported & {"sklearn", "scipy", "joblib", "wildcrawl.review.training"}


def test_rank_and_queue_report_errors(tmp_path: Path) -> None:
    few = scrapy("rank", folder=tmp_path)
    assert few.code == 2
    assert "the store has 0 and 0" in few.err
    assert not (tmp_path / "ranking.json").exists()
    missing = scrapy("queue", folder=tmp_path, WILDCRAWL_RANKING="none.json")
    assert missing.code == 2
    assert "none.json is missing; create one with 'scrapy rank'" in missing.err
    empty = scrapy("queue", folder=tmp_path)
    assert empty.out == "0 of 0 without a verdict, ordered by the tagger's strength.\n"
