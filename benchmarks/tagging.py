"""Tagger benchmark: speed relative to regular expressions over the same words.

Run: python -m benchmarks.tagging
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.patterns import entries
from wildcrawl.analysis.vocabulary import Vocabulary, load_vocabulary

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
Ad = tuple[str, str, str]
USUAL = (
    "本人收藏多年，因搬家整理出一批东西，品相如图所示，实物比照片更好看，喜欢的朋友可以联系，"
    "价格好商量，同城可以当面看货，外地走快递，保价签收，非质量问题不退不换。"
)
"""Common ending of second-hand advertisements."""


def advertisements() -> list[Ad]:
    """Labelled advertisements as (title, description, category)."""
    ads: list[Ad] = []
    for file in sorted(DATA.glob("labelled_*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            ads.append((row["title"], row["description"], row["category"]))
    return ads


def seconds(work: Callable[[], object], rounds: int = 5) -> float:
    """Minimum processor time of some rounds, in seconds, to reduce the effect of other load."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def tag_all(tagger: Tagger, ads: Sequence[Ad]) -> None:
    """Tags all advertisements, normalising included."""
    for ad in ads:
        tagger.tag(*ad)


def loop_all(patterns: Sequence[re.Pattern[str]], texts: Sequence[str]) -> list[object]:
    """Finds every pattern in every text, with positions, one by one."""
    matches: list[object] = []
    for text in texts:
        for pattern in patterns:
            for match in pattern.finditer(text):
                matches.append((pattern, match.span()))  # noqa: PERF401
    return matches


def alternation_all(pattern: re.Pattern[str], texts: Sequence[str]) -> list[object]:
    """Finds all words in every text, with positions, at once."""
    return [match.span() for text in texts for match in pattern.finditer(text)]


def grown(vocabulary: Vocabulary, factor: int) -> Vocabulary:
    """The vocabulary with `factor` times as many terms, the additional ones generated."""
    groups = {}
    for name, group in vocabulary.groups.items():
        words = [*group.names, *group.codes, *group.signs, *group.bare]
        more = [
            f"{word}{chr(0x4E00 + (step * 97 + index) % 20000)}"
            for step in range(factor * 4)
            for index, word in enumerate(words)
        ]
        wanted = (factor - 1) * len(Tagger(vocabulary).patterns.entries) // len(vocabulary.groups)
        groups[name] = replace(group, names=tuple(dict.fromkeys((*group.names, *more[:wanted]))))
    return replace(vocabulary, groups=groups)


def compare(tagger: Tagger, ads: Sequence[Ad]) -> float:
    """Prints the times for the advertisements; returns the seconds of tag()."""
    texts = [" ".join(ad) for ad in ads]
    fold = tagger.patterns.normaliser
    folded = {fold(word).text.strip() for word, _, _ in entries(tagger.vocabulary)}
    words = sorted(folded - {""}, key=len, reverse=True)
    loop = [re.compile(re.escape(word)) for word in words]
    alternation = re.compile("|".join(map(re.escape, words)))
    tagging = seconds(lambda: tag_all(tagger, ads))
    looping = seconds(lambda: loop_all(loop, texts), 2)
    alternating = seconds(lambda: alternation_all(alternation, texts))
    length = sum(map(len, texts)) / len(texts)
    print(f"{len(ads)} advertisements of {length:.0f} characters, {len(words)} words")
    for name, took in (("tag()", tagging), ("loop", looping), ("alternation", alternating)):
        print(f"  {name:12} {took / len(ads) * 1e6:9.1f} µs an advertisement")
    print(f"  loop / tag() = {looping / tagging:.1f} (at least 20)")
    print(f"  alternation / tag() = {alternating / tagging:.2f} (at least 1)")
    return tagging


def main() -> None:
    """Prints times and ratios for the labelled texts, with short and with long descriptions."""
    vocabulary = load_vocabulary()
    tagger = Tagger(vocabulary)
    short = advertisements()
    compare(tagger, short)
    full = [(title, f"{text} {USUAL}", category) for title, text, category in short]
    tagging = compare(tagger, full)
    larger = Tagger(grown(vocabulary, 10))
    took = seconds(lambda: tag_all(larger, full))
    words = len(larger.patterns.entries)
    print(f"{words} words: {took / len(full) * 1e6:.1f} µs, {took / tagging:.2f} times as long")


if __name__ == "__main__":
    main()
