"""Items: advertisements, sightings, runs and verdicts, their fields and closed vocabularies."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ProductType(StrEnum):
    """What is offered, by how far it is worked."""

    RAW = "raw"
    SEMI_WORKED = "semi_worked"
    WORKED_CARVED = "worked_carved"
    WORKED_UNCARVED = "worked_uncarved"
    OTHER = "other"


class AgeClaim(StrEnum):
    """The seller's word on age; the year 1949 divides old from new (briefing, definitions)."""

    OLD = "old"
    NEW = "new"


class PriceKind(StrEnum):
    """How a price is given."""

    AMOUNT = "amount"
    PER_GRAM = "per_gram"
    ON_REQUEST = "on_request"
    PLACEHOLDER = "placeholder"
    RANGE = "range"
    FOREIGN = "foreign"
    INVALID = "invalid"
    ABSENT = "absent"


class Relevance(StrEnum):
    """The tagger's judgement: what a person has to read."""

    LIKELY = "likely"
    SET_ASIDE = "set_aside"
    NONE = "none"


class Strength(StrEnum):
    """How directly the match that decides names what is offered, from strong to weak.

    name: the material itself. bare: the material's name alone, which another material overrules.
    spelling: a disguised name. code: a code word with support. mark: a sign of the material
    beside another sign of it.
    """

    NAME = "name"
    BARE = "bare"
    SPELLING = "spelling"
    CODE = "code"
    MARK = "mark"


class Verdict(StrEnum):
    """A person's word on an advertisement."""

    PENDING = "pending"
    VALID = "valid"
    IRRELEVANT = "irrelevant"
    FAKE = "fake"


class Health(StrEnum):
    """The judgement of one run.

    quiet: the site answered as it should and had little or nothing. thin: the run was cut short,
    so that what it found says little. broken: the site changed, or something is wrong here.
    blocked: the site wants no such requests.
    """

    OK = "ok"
    QUIET = "quiet"
    THIN = "thin"
    BROKEN = "broken"
    BLOCKED = "blocked"


Key = tuple[str, str]
"""What an advertisement is known by: (site, ad_id)."""


@dataclass
class Change:
    """One changed field of an advertisement, as a later sighting showed it or a person said."""

    at: datetime
    field: str
    old: str
    new: str


@dataclass
class Advertisement:
    """One posting on one site, known by (site, ad_id).

    The first 22 fields are the columns of a record, in their order; then come what is
    read from them and what the store adds, in the order of advertisements.csv; the rest
    is kept in the store alone. Empty text, an empty list or None mean "not given".
    Moments are timezone-aware; money is Decimal.
    """

    site: str
    ad_id: str = ""
    url: str = ""
    title: str = ""
    description: str = ""
    category: str = ""
    price: str = ""
    seller: str = ""
    seller_id: str = ""
    location: str = ""
    posted_at: str = ""
    found_at: datetime | None = None
    found_by: list[str] = field(default_factory=list)
    image_urls: list[str] = field(default_factory=list)
    images: int | None = None
    videos: int | None = None
    species: list[str] = field(default_factory=list)
    product_type: str = ""
    age_claim: str = ""
    verdict: str = ""
    screened_by: str = ""
    note: str = ""

    price_kind: str = ""
    price_cny: Decimal | None = None
    price_usd: Decimal | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    relevance: str = ""
    terms: list[str] = field(default_factory=list)

    original_title: str = ""
    original_description: str = ""
    price_amount: Decimal | None = None
    price_currency: str = ""
    rate: Decimal | None = None
    rate_date: date | None = None
    reason: str = ""
    strength: str = ""
    """A Strength, or "" if no match decides: images alone, set aside, recorded by a person."""
    supports: int = 0
    """Number of words that support the match that decides."""
    audit: bool = False
    by_person: list[str] = field(default_factory=list)
    first_run: str = ""
    history: list[Change] = field(default_factory=list)

    found_at_given: bool = field(default=False, compare=False, metadata={"stored": False})
    """Whether a person wrote `found_at` down; then an earlier one moves `first_seen`, as no crawl
    does. It is said of one sighting, and not stored."""


@dataclass
class Sighting(Advertisement):
    """An advertisement seen again: what a search page shows of it, the rest left empty."""


STORED_FIELDS = tuple(
    each.name for each in fields(Advertisement) if each.metadata.get("stored", True)
)
"""The fields that a store keeps, in order."""
RECORD_COLUMNS = STORED_FIELDS[: STORED_FIELDS.index("note") + 1]
"""The columns of a record, in order."""
ADVERTISEMENT_COLUMNS = STORED_FIELDS[: STORED_FIELDS.index("terms") + 1]
"""The columns of advertisements.csv, in order."""


@dataclass
class Run:
    """One crawl of one site."""

    id: str
    site: str
    started: datetime
    finished: datetime | None = None
    keywords: list[str] = field(default_factory=list)
    pages: int = 0
    requests: int = 0
    new: int = 0
    seen: int = 0
    set_aside: int = 0
    irrelevant: int = 0
    errors: int = 0
    health: str = ""
    reason: str = ""
    yields: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Keyword to how many advertisements it found, and in how many of them nothing matched."""
    job: str = ""
    """The scheduled job that it is, if it is one."""
    heard_of: str = ""
    """When it last said that it goes on, as ISO text in UTC; a run that was killed says no more."""
    found: int = 0
    """Advertisements that the site showed, known ones and those that matched nothing among them."""
    coverage: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Field to in how many advertisements it was filled, and of how many it was looked up."""
    complete: bool = False
    """Whether the whole vocabulary was searched to the end, without faults."""
    in_full: bool = False
    """Whether it searched all that the site has, and not only what is new, so that the number of
    advertisements may be compared."""
    accepted: bool = False
    """Whether a person took what this run found as the site's new normal."""
