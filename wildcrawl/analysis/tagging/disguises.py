"""Disguised spellings of a word, by rules of writing: homophones, pinyin, digits, radicals.

The data of the rules are `sounds`, `lookalikes`, `radicals` and `plain_words` of keywords.yaml.
Each rule gives a bounded number of spellings of a word, so that a text is read for all of them at
once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from wildcrawl.analysis.vocabulary import Rules

TONES = ("", *"12345")
LEET = {"a": "4", "e": "3", "g": "9", "i": "1", "o": "0", "s": "5"}
"""Digits that stand for letters: d4im4o is daimao."""
_MARKS = "\u0304\u0301\u030c\u0300"
"""Marks of the four tones, to combine with the vowel before them."""
_MOST_SYLLABLES = 3


def disguises(word: str, rules: Rules) -> Iterator[str]:
    """Spellings of a word of 2 to 4 Chinese characters; words of `plain_words` are left out."""
    if not 2 <= len(word) <= 4 or any(not "\u3400" <= character <= "\u9fff" for character in word):
        return
    plain = frozenset(rules.plain_words)
    for spelling in dict.fromkeys(_all(word, rules)):
        if spelling != word and spelling not in plain:
            yield spelling


def _all(word: str, rules: Rules) -> Iterator[str]:
    yield from digits_inside(word)
    yield from split_radicals(word, rules.radicals)
    syllables = [_syllable(character, rules.sounds) for character in word]
    yield from homophones(word, syllables, rules.sounds)
    yield from lookalikes(word, rules.lookalikes)
    yield from initials(word, syllables)
    if all(syllables):
        yield from pinyin(word, syllables)
        yield from homophone_and_pinyin(syllables, rules.sounds)
    if all(syllables) and len(syllables) <= _MOST_SYLLABLES:
        yield from toned(syllables)
        yield from leet("".join(syllables))


def _syllable(character: str, sounds: Mapping[str, str]) -> str:
    return next((syllable for syllable, alike in sounds.items() if character in alike), "")


def homophones(word: str, syllables: Sequence[str], sounds: Mapping[str, str]) -> Iterator[str]:
    """One character replaced by one that sounds alike: 象芽."""
    for place, syllable in enumerate(syllables):
        for alike in sounds.get(syllable, ""):
            yield f"{word[:place]}{alike}{word[place + 1 :]}"


def lookalikes(word: str, alike: Mapping[str, str]) -> Iterator[str]:
    """All characters replaced by ones that contain them: 像呀."""
    yield from map("".join, product(*(alike.get(character, "") for character in word)))


def initials(word: str, syllables: Sequence[str]) -> Iterator[str]:
    """One character replaced by the first letter of its pinyin: D瑁."""
    for place, syllable in enumerate(syllables):
        if syllable:
            yield f"{word[:place]}{syllable[0]}{word[place + 1 :]}"


def pinyin(word: str, syllables: Sequence[str]) -> Iterator[str]:
    """Some or all characters in pinyin: 象ya, xiang牙, xiangya, xiang ya, and letter by letter."""
    for chosen in product((False, True), repeat=len(word)):
        if any(chosen):
            choices = zip(word, syllables, chosen, strict=True)
            parts = [syllable if spelt else character for character, syllable, spelt in choices]
            yield "".join(parts)
            yield " ".join(parts)
            yield " ".join(" ".join(part) for part in parts)


def homophone_and_pinyin(syllables: Sequence[str], sounds: Mapping[str, str]) -> Iterator[str]:
    """Of two characters one in pinyin, and the other replaced by one that sounds alike: 相ya."""
    if len(syllables) == 2:
        first, second = syllables
        yield from (f"{alike}{second}" for alike in sounds[first])
        yield from (f"{first}{alike}" for alike in sounds[second])


def toned(syllables: Sequence[str]) -> Iterator[str]:
    """Pinyin with the digits or the marks of tones: xiang4ya2, hu3 gu3, xiàngyá."""
    for forms in (
        [[f"{syllable}{tone}" for tone in TONES] for syllable in syllables],
        [[_marked(syllable, tone) for tone in (1, 2, 3, 4)] for syllable in syllables],
    ):
        for parts in product(*forms):
            if parts != tuple(syllables):
                yield "".join(parts)
                yield " ".join(parts)


def _marked(syllable: str, tone: int) -> str:
    """A syllable with the mark of a tone on its vowel.

    >>> _marked("xiang", 4), _marked("gui", 1)
    ('xiàng', 'guī')
    """
    main = next((vowel for vowel in "aoe" if vowel in syllable), "")
    at = syllable.index(main) if main else max(syllable.rfind(vowel) for vowel in "iu")
    return unicodedata.normalize(
        "NFC", f"{syllable[: at + 1]}{_MARKS[tone - 1]}{syllable[at + 1 :]}"
    )


def leet(letters: str) -> Iterator[str]:
    """Pinyin with digits in place of letters that look alike."""
    for spelling in product(*((letter, LEET.get(letter, letter)) for letter in letters)):
        yield "".join(spelling)


def digits_inside(word: str) -> Iterator[str]:
    """A digit between the characters: 虎0骨, 穿1山2甲."""
    for between in product(("", *"0123456789"), repeat=len(word) - 1):
        yield "".join(
            f"{character}{digit}" for character, digit in zip(word, (*between, ""), strict=True)
        )


def split_radicals(word: str, radicals: Mapping[str, str]) -> Iterator[str]:
    """Characters replaced by their parts: 王代王冒, 鱼京牙."""
    parts = (dict.fromkeys((character, radicals.get(character, character))) for character in word)
    yield from map("".join, product(*parts))
