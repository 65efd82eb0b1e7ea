"""Schema of keywords.yaml: pydantic types of its entries, and the JSON Schema for editors.

pydantic is slow to import, so only the loader imports this module, when it reads a file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, NotRequired

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    NonNegativeInt,
    PositiveInt,
    Strict,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    with_config,
)
from pydantic_core import CoreSchema, core_schema

# pydantic needs this one before Python 3.12.
from typing_extensions import TypedDict

from wildcrawl.analysis.vocabulary.entry_text import (
    ANY_TERM,
    phrase_typed_wrongly,
    typed_wrongly,
)
from wildcrawl.items import AgeClaim, ProductType
from wildcrawl.months import CHINA, check_month
from wildcrawl.utils import did_you_mean


class EntryError(ValueError):
    """Raised with faults of single entries: position or key, and message."""

    def __init__(self, *faults: tuple[str | int, str]) -> None:
        super().__init__("; ".join(message for _, message in faults))
        self.faults = faults


class OneOf:
    """Annotation of a text that must be one of `known`; a ValueError suggests the closest."""

    def __init__(self, what: str, known: Sequence[str]) -> None:
        self.what = what
        self.known = tuple(str(word) for word in known)

    def check(self, value: str) -> str:
        """Returns `value` if it is known; ValueError otherwise."""
        if value not in self.known:
            near = did_you_mean(value, self.known)
            raise ValueError(
                f"'{value}' is not a valid {self.what}{near}; choose one of {', '.join(self.known)}"
            )
        return value

    def __get_pydantic_core_schema__(
        self, source: type, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Adds the check to the schema of a text."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """JSON Schema with an enum, which editors complete."""
        return {"type": "string", "enum": list(self.known)}


CERTAINTIES = ("high", "medium", "low")
GROUP_NAME = "^[a-z][a-z0-9_]*$"
RESERVED = ("all", "month")
"""Columns that tables have beside those of the groups."""


def _group_name(name: str) -> str:
    if name in RESERVED:
        raise ValueError(
            f"'{name}' is not a valid group name, since tables have a column of that name; "
            "use another one"
        )
    if not re.match(GROUP_NAME, name):
        lower = re.sub(r"[\s-]+", "_", name.strip()).lower()
        near = f" (did you mean '{lower}'?)" if re.match(GROUP_NAME, lower) else ""
        raise ValueError(
            f"'{name}' is not a valid group name{near}; use lower-case letters, digits and _, "
            "for example sea_turtle"
        )
    return name


def _list_name(key: str) -> str:
    if not re.match(GROUP_NAME, key):
        raise ValueError(
            f"'{key}' is not a valid name of a list of parts; use lower-case letters, digits and _"
        )
    return key


def _syllable(key: str) -> str:
    if not re.match("^[a-zü]+$", key):
        raise ValueError(f"'{key}' is not a syllable of pinyin; write it without tone, in a to z")
    return key


def _one_character(key: str) -> str:
    if len(key) != 1:
        raise ValueError(f"'{key}' is not one character; list words under spellings")
    return key


def _once(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(words)) < len(words):
        first = {word: place for place, word in reversed([*enumerate(words)])}
        raise EntryError(
            *(
                (place, f"'{word}' is listed twice; remove one")
                for place, word in enumerate(words)
                if first[word] < place
            )
        )
    return words


def _one_term(term: str) -> str:
    if message := typed_wrongly(term, searched=True):
        raise ValueError(message)
    return term


def _single_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return _checked(words, lambda word: typed_wrongly(word) or _unexpected_placeholder(word))


def _phrases(words: tuple[str, ...]) -> tuple[str, ...]:
    return _checked(words, lambda word: typed_wrongly(word) or phrase_typed_wrongly(word))


def _age_words(words: tuple[str, ...]) -> tuple[str, ...]:
    return _checked(
        words, lambda word: typed_wrongly(word) or phrase_typed_wrongly(word, at_end_only=True)
    )


def _checked(words: tuple[str, ...], fault: Callable[[str], str]) -> tuple[str, ...]:
    faults = [(place, message) for place, word in enumerate(words) if (message := fault(word))]
    if faults:
        raise EntryError(*faults)
    return words


def _ends(words: tuple[str, ...]) -> tuple[str, ...]:
    return _checked(
        words,
        lambda word: typed_wrongly(word) or _unexpected_placeholder(word.removeprefix(ANY_TERM)),
    )


def _unexpected_placeholder(word: str) -> str:
    if ANY_TERM not in word:
        return ""
    return f"'{word}' has '{ANY_TERM}', which only phrases and age words may have; remove it"


def _characters(text: str) -> str:
    for place, letter in enumerate(text):
        if not letter.isalpha():
            raise ValueError(f"'{text}' has '{letter}'; write the characters without separators")
        if letter in text[:place]:
            raise ValueError(f"'{text}' has '{letter}' twice; remove one")
    return text


def _truth(value: object) -> object:
    return value == "true" if value in ("true", "false") else value


def _years(value: object, handler: ValidatorFunctionWrapHandler) -> tuple[int, int]:
    fault = ValueError("years must be two years, the first and the last: [1949, 2100]")
    try:
        first, last = handler(value)
    except ValidationError:
        raise fault from None
    if first > last:
        raise fault
    return first, last


Text = Annotated[str, StringConstraints(min_length=1)]
_Unique = Annotated[
    tuple[Text, ...], AfterValidator(_once), Field(json_schema_extra={"uniqueItems": True})
]
Words = Annotated[_Unique, AfterValidator(_single_words)]
Phrases = Annotated[_Unique, AfterValidator(_phrases)]
AgeWords = Annotated[_Unique, AfterValidator(_age_words)]
Ends = Annotated[_Unique, AfterValidator(_ends)]
Characters = Annotated[Text, AfterValidator(_characters)]
Truth = Annotated[bool, BeforeValidator(_truth), Strict()]
Month = Annotated[
    Text, AfterValidator(check_month), Field(json_schema_extra={"pattern": r"^\d{4}-\d{2}$"})
]
Product = Annotated[Text, OneOf("product type", ProductType)]
Years = Annotated[tuple[NonNegativeInt, NonNegativeInt], WrapValidator(_years)]

_closed = with_config(ConfigDict(extra="forbid"))


@_closed
class KeywordEntry(TypedDict):
    """A search term of a species group."""

    term: Annotated[
        Text,
        AfterValidator(_one_term),
        Field(description="Search term; only once in the whole file, in any writing"),
    ]
    kind: Annotated[
        Text, OneOf("kind", ("name", "code")), Field(description="code: hides what is sold")
    ]
    ambiguous: Annotated[Truth, Field(description="Most of its use is legal, so it needs support")]
    since: Annotated[Month, Field(description="First month in which it is monitored, YYYY-MM")]
    until: NotRequired[
        Annotated[Month, Field(description="Last month in which it is monitored, YYYY-MM")]
    ]
    extreme: NotRequired[
        Annotated[Truth, Field(description="Nearly all of its use is legal; ambiguous as well")]
    ]


_VALUES = frozenset(("yes", "no", "on", "off", "true", "false", "null", "none", "~"))
"""What YAML takes for a value where no word is meant."""


def _consistent(keyword: dict[str, Any]) -> dict[str, Any]:
    faults: list[tuple[str | int, str]] = []
    if keyword.get("extreme") and not keyword["ambiguous"]:
        faults.append(("extreme", "an extreme keyword is ambiguous as well; write ambiguous: true"))
    term = keyword["term"]
    if len(term) == 1 and term.isalnum() and not keyword["ambiguous"]:
        message = f"'{term}' is one character, which is in many words; write ambiguous: true"
        faults.append(("ambiguous", f"{message}, or a longer word"))
    if term.isdecimal() and not keyword["ambiguous"]:
        message = f"'{term}' is a number, which is in many texts; write ambiguous: true, or a word"
        faults.append(("term", message))
    if term.lower() in _VALUES:
        faults.append(("term", f"'{term}' is a value and not a word; write the keyword"))
    since, until = keyword["since"], keyword.get("until", "")
    if int(since[:4]) > datetime.now(CHINA).year + 1:
        faults.append(("since", f"since {since} is more than a year ahead; correct it"))
    if until and until < since:
        faults.append(("until", f"until {until} is before since {since}; correct one of them"))
    if faults:
        raise EntryError(*faults)
    return keyword


@_closed
class AnimalsEntry(TypedDict):
    """Animals, each of which is combined with each of the parts: 雪豹 and 犬牙 give 雪豹犬牙."""

    names: Annotated[Words, Field(min_length=1)]
    parts: Annotated[
        Words, Field(min_length=1, description="Names of lists under parts:, or single words")
    ]
    without: NotRequired[
        Annotated[Words, Field(description="Combinations that mean something else")]
    ]
    strength: NotRequired[
        Annotated[
            Text,
            OneOf("strength of a combination", ("name", "code")),
            Field(description="name (default): counts alone; code: needs support"),
        ]
    ]
    apart: NotRequired[
        Annotated[Truth, Field(description="A name counts near a word of remains: as well")]
    ]


@_closed
class ReportedEntry(TypedDict):
    """A code word from a single report."""

    word: Annotated[Text, AfterValidator(_one_term)]
    sure: Annotated[
        Text,
        OneOf("certainty", CERTAINTIES),
        Field(description="How sure it is that the word means this; low needs twice the support"),
    ]
    source: Annotated[Text, Field(description="Where the word was reported, and how")]


@_closed
class GroupEntry(TypedDict):
    """A species group."""

    label: Annotated[Text, Field(description="Its name in English, as reports print it")]
    label_zh: Annotated[Text, Field(description="Its name in Chinese")]
    keywords: list[Annotated[KeywordEntry, AfterValidator(_consistent)]]
    unworked: NotRequired[
        Annotated[Product, Field(description="Product type if no word gives another one")]
    ]
    exclusions: NotRequired[
        Annotated[
            dict[Text, Words],
            Field(description="Phrases by reason; a match covered by such a phrase is ignored"),
        ]
    ]
    animals: NotRequired[
        Annotated[list[AnimalsEntry], Field(description="Terms made of an animal and a part of it")]
    ]
    names: NotRequired[Annotated[Words, Field(description="Words that need no support")]]
    bare: NotRequired[
        Annotated[
            Words, Field(description="Words that need no support unless another material is named")
        ]
    ]
    codes: NotRequired[Annotated[Words, Field(description="Words that need support")]]
    reported: NotRequired[
        Annotated[
            list[ReportedEntry], Field(description="Code words from single reports, with source")
        ]
    ]
    signs: NotRequired[
        Annotated[Words, Field(description="Words that each support the codes of this group")]
    ]
    marks: NotRequired[
        Annotated[Words, Field(description="Signs of the material; two signs need no code")]
    ]


@_closed
class SupportEntry(TypedDict):
    """Words and categories that support a code; two points are enough."""

    points: PositiveInt
    words: NotRequired[Words]
    units: NotRequired[
        Annotated[Words, Field(description="Units of size, which support behind a number: 150cm")]
    ]
    categories: NotRequired[Words]


@_closed
class ReasonEntry(TypedDict):
    """Reason why a matching text is not a likely advertisement."""

    label: Text
    outcome: Annotated[Text, OneOf("outcome", ("set_aside", "none"))]
    against: NotRequired[Annotated[Text, OneOf("strength", ("all", "bare", "codes"))]]
    whole: NotRequired[Truth]
    phrases: NotRequired[Phrases]
    words: NotRequired[Words]
    titles: NotRequired[Words]
    hints: NotRequired[
        Annotated[
            Words,
            Field(
                description="In the title: one rules out a text that offers nothing, two others any"
            ),
        ]
    ]
    half_hints: NotRequired[
        Annotated[Words, Field(description="Hints that offers have as well; two are one hint")]
    ]
    items: NotRequired[
        Annotated[
            Words,
            Field(description="Which of these words tell nothing where a title lists seized goods"),
        ]
    ]
    categories: NotRequired[Words]


@_closed
class ProductEntry(TypedDict):
    """A step of reading the product type; the first step with a match decides."""

    type: Product
    words: NotRequired[Words]
    beside: NotRequired[Words]
    categories: NotRequired[Words]
    ends: NotRequired[
        Annotated[
            Ends,
            Field(description="Count at the end of a longer word only; with …: of a term's"),
        ]
    ]
    weak: NotRequired[
        Annotated[
            Truth, Field(description="true: decides only where no field has words of other steps")
        ]
    ]


@_closed
class AgeEntry(TypedDict):
    """A step of reading the age claim; the first step with a match decides."""

    claim: Annotated[Text, OneOf("age claim", AgeClaim)]
    words: NotRequired[AgeWords]
    alone: NotRequired[Words]
    years: NotRequired[Years]


@_closed
class LanguageGroup(TypedDict):
    """Terms of a species group in another language; the lists are those of the group."""

    names: NotRequired[Words]
    codes: NotRequired[Words]
    signs: NotRequired[Words]
    animals: NotRequired[list[AnimalsEntry]]
    exclusions: NotRequired[dict[Text, Words]]


@_closed
class LanguageReason(TypedDict):
    """Words of a reason in another language."""

    words: NotRequired[Words]
    titles: NotRequired[Words]


@_closed
class LanguageEntry(TypedDict):
    """Terms and rules in another language, added to those of the file."""

    label: Text
    reviewed: Annotated[Truth, Field(description="Whether a speaker of the language checked it")]
    sources: NotRequired[Annotated[list[Text], Field(description="Where its words come from")]]
    joints: NotRequired[
        Annotated[Words, Field(description="Words between an animal and its part, such as の")]
    ]
    groups: dict[Text, LanguageGroup]
    reasons: NotRequired[dict[Text, LanguageReason]]
    product_types: NotRequired[list[ProductEntry]]
    age_claims: NotRequired[list[AgeEntry]]


@_closed
class File(TypedDict):
    """Vocabulary of wildcrawl: search keywords, and the rules for tagging texts."""

    groups: Annotated[
        dict[Annotated[str, AfterValidator(_group_name)], GroupEntry],
        Field(min_length=1, json_schema_extra={"propertyNames": {"pattern": GROUP_NAME}}),
    ]
    parts: NotRequired[
        Annotated[
            dict[Annotated[str, AfterValidator(_list_name)], Annotated[Words, Field(min_length=1)]],
            Field(description="Lists of parts that animals: refers to"),
        ]
    ]
    joints: NotRequired[
        Annotated[Words, Field(description="Words between an animal and its part, such as 的")]
    ]
    remains: NotRequired[
        Annotated[
            dict[Annotated[str, AfterValidator(_list_name)], Words],
            Field(description="Words that show that a part is offered, by lists of parts:"),
        ]
    ]
    characters: NotRequired[dict[Annotated[str, AfterValidator(_one_character)], Text]]
    spellings: NotRequired[dict[Text, Words]]
    sounds: NotRequired[
        Annotated[
            dict[Annotated[str, AfterValidator(_syllable)], Characters],
            Field(description="Characters by their syllable, all in one text: xiang: 象像橡"),
        ]
    ]
    lookalikes: NotRequired[
        Annotated[
            dict[Annotated[str, AfterValidator(_one_character)], Characters],
            Field(description="Characters that contain one, all in one text: 牙: 芽呀蚜"),
        ]
    ]
    radicals: NotRequired[
        Annotated[
            dict[Annotated[str, AfterValidator(_one_character)], Text],
            Field(description="Characters by which dealers write one: 瑁 as 王冒"),
        ]
    ]
    plain_words: NotRequired[
        Annotated[Words, Field(description="Words that only look like a disguise: 镶牙")]
    ]
    supports: NotRequired[dict[Text, SupportEntry]]
    quantities: NotRequired[
        Annotated[Words, Field(description="Units that show behind a number that goods are meant")]
    ]
    reasons: NotRequired[dict[Text, ReasonEntry]]
    negations: NotRequired[
        Annotated[Words, Field(description="Words that deny the word behind them")]
    ]
    contrasts: NotRequired[
        Annotated[Words, Field(description="Words behind a word that the text only compares with")]
    ]
    styles: NotRequired[
        Annotated[
            dict[Text, Words],
            Field(description="Styles and periods that may follow a word of imitation"),
        ]
    ]
    word_starts: NotRequired[
        Annotated[
            Words, Field(description="What makes another word of a bare word behind it: 蓝牙戒指")
        ]
    ]
    states_before: NotRequired[Words]
    states_after: NotRequired[Words]
    harmless: NotRequired[Words]
    offers: NotRequired[Words]
    sales: NotRequired[
        Annotated[Words, Field(description="Words of selling, whatever is sold: 包邮, 量大从优")]
    ]
    calls: NotRequired[
        Annotated[
            Words, Field(description="Words that call for buyers, whatever the text tells: 要的来")
        ]
    ]
    product_types: NotRequired[list[ProductEntry]]
    no_product: NotRequired[Words]
    asides: NotRequired[Words]
    age_claims: NotRequired[list[AgeEntry]]
    languages: NotRequired[
        Annotated[dict[Text, LanguageEntry], Field(description="Further languages, by ISO code")]
    ]
    no_age: NotRequired[Words]
    acquired: NotRequired[Words]


ENTRIES: dict[str, tuple[str, ...]] = {
    section: tuple(entry.__annotations__)
    for section, entry in (
        ("groups", GroupEntry),
        ("keywords", KeywordEntry),
        ("animals", AnimalsEntry),
        ("reported", ReportedEntry),
        ("supports", SupportEntry),
        ("reasons", ReasonEntry),
        ("product_types", ProductEntry),
        ("age_claims", AgeEntry),
        ("languages", LanguageEntry),
        ("", File),
    )
}
"""Allowed keys of an entry of each section; "" is the file itself."""


@cache
def adapter() -> TypeAdapter[File]:
    """Validator of the file's data, in which all scalars are texts."""
    return TypeAdapter(File)


def json_schema() -> str:
    """JSON Schema of the file, for checking and completion in editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | adapter().json_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
