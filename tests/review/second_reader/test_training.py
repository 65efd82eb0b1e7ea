"""Training of the second reader: from examples and verdicts, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import pytest

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.items import Advertisement
from wildcrawl.review.second_reader.examples import Example
from wildcrawl.review.second_reader.model import Measures, SecondReader

if find_spec("sklearn") is None:
    pytest.skip("scikit-learn is not installed", allow_module_level=True)
from wildcrawl.review.second_reader.training import from_verdicts, measure, train
from wildcrawl.review.training import TooFewVerdicts


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(load_vocabulary())


FORMS = ("整张", "坐垫", "一块", "老货", "带头", "挂件")
GOODS = ("毛衣", "电饭锅", "台灯", "篮球", "书架", "雨伞")
OFFERS = [
    Example(f"虎皮{form} {number}", offer=True, fold=form) for form in FORMS for number in range(4)
]
OTHERS = [
    Example(f"{goods} {number}", offer=False, fold=goods, ordinary=True)
    for goods in GOODS
    for number in range(9)
]


@pytest.fixture(scope="module")
def trained(tagger: Tagger) -> tuple[SecondReader, Measures]:
    return train([*OFFERS, *OTHERS], tagger)


def test_training_does_not_depend_on_the_order(
    tagger: Tagger, trained: tuple[SecondReader, Measures]
) -> None:
    reader, measures = trained
    assert train([*reversed(OTHERS), *OFFERS], tagger)[0] == reader
    assert (measures.offers, measures.titles) == (24, 54)
    assert measures.found == 24
    assert reader.rules == tagger.fingerprint
    assert reader.score("虎皮一张") > reader.threshold > reader.score("毛衣一件")


def test_verdicts_teach_it_what_the_examples_do_not(
    tagger: Tagger, trained: tuple[SecondReader, Measures]
) -> None:
    verdicts = [
        Example(f"小苗 {word}{number}", offer=word == "泡酒", fold=f"{number}")
        for word in ("泡酒", "果树") for number in range(20)
    ]  # fmt: skip
    plain, _ = trained
    taught, _ = train([*OFFERS, *OTHERS], tagger, verdicts)
    assert taught.score("小苗 泡酒用") > plain.score("小苗 泡酒用")
    assert taught.score("小苗 泡酒用") > taught.score("小苗 果树用")
    assert taught.verdicts == {"other": 20, "valid": 20}


def test_measures_count_only_what_is_above_the_share_of_ordinary_titles(tagger: Tagger) -> None:
    lookalike = Example("虎皮鹦鹉", offer=False, fold="l")
    missed = Example("小苗 泡酒", offer=True, fold="m")
    likely = Example("老象牙手镯", offer=True, fold="o")
    examples = [*OTHERS[:10], lookalike, likely, missed, missed]
    scores = [0.1] * 9 + [0.6, 0.9, 0.7, 0.6, 0.61]
    measures, threshold = measure(examples, scores, tagger)
    assert threshold == 0.6
    assert (measures.offers, measures.found) == (3, 2)
    assert (measures.missed, measures.missed_found) == (2, 1)
    assert measures.titles == 10


def test_too_few_verdicts_are_refused() -> None:
    ads = [
        Advertisement("mall", str(number), title=f"象牙 {number}", seller=f"s{number}",
                      verdict="valid" if number < 50 else "fake")
        for number in range(99)
    ]  # fmt: skip
    with pytest.raises(TooFewVerdicts, match=r"at least 50 texts .* the store has 50 and 49"):
        from_verdicts(ads)
    # A text that was judged twice is one text, and one without text teaches nothing.
    same = [*ads, replace(ads[-1], ad_id="x"), replace(ads[-1], ad_id="y", title="")]
    with pytest.raises(TooFewVerdicts, match="50 and 49"):
        from_verdicts(same)
    enough = from_verdicts([*ads, replace(ads[-1], ad_id="z", title="另一件")])
    assert len(enough) == 100
    assert len({each.fold for each in enough}) == 99
