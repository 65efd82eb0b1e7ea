"""Items: advertisements, sightings, runs and verdicts, their fields and closed vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class ProductType(StrEnum):
    """Type of the product, by how far it is worked."""

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
    """Form in which a price is given."""

    AMOUNT = "amount"
    PER_GRAM = "per_gram"
    ON_REQUEST = "on_request"
    PLACEHOLDER = "placeholder"
    RANGE = "range"
    FOREIGN = "foreign"
    INVALID = "invalid"
    ABSENT = "absent"


class Relevance(StrEnum):
    """The tagger's decision on whether a person has to read the advertisement."""

    LIKELY = "likely"
    SET_ASIDE = "set_aside"
    SECOND_READER = "second_reader"
    """The rules set it aside or matched nothing, and the second reader raised it to the queue."""
    NONE = "none"


QUEUED = (Relevance.LIKELY, Relevance.SECOND_READER)
"""Relevances with which an advertisement waits for a verdict."""


class Strength(StrEnum):
    """Strength of the deciding match: how directly it names what is offered, strongest first.

    name: the material itself. bare: the material's name alone, which another material overrules.
    spelling: a disguised name. code: a code word with support. mark: a sign of the material
    beside another sign of it. hint: a word of the craft, where nothing else is named.
    second_reader: no match; the second reader raised it.
    """

    NAME = "name"
    BARE = "bare"
    SPELLING = "spelling"
    CODE = "code"
    MARK = "mark"
    HINT = "hint"
    SECOND_READER = "second_reader"


class Verdict(StrEnum):
    """A person's decision on an advertisement."""

    PENDING = "pending"
    VALID = "valid"
    IRRELEVANT = "irrelevant"
    FAKE = "fake"


class Health(StrEnum):
    """Health of one run.

    quiet: the site answered correctly and had little or nothing. thin: the run was cut short, so
    its results say little. broken: the site changed, or something is wrong here. blocked: the
    site refuses the requests. killed: its process ended without closing the run.
    """

    OK = "ok"
    QUIET = "quiet"
    THIN = "thin"
    BROKEN = "broken"
    BLOCKED = "blocked"
    KILLED = "killed"


GOOD_HEALTH = (Health.OK, Health.QUIET)
"""Health of runs that read what there was."""
GIVEN_TAGS = ("species", "product_type", "age_claim")
"""Tags that a person may give instead of the tagger."""
Key = tuple[str, str]
"""Key of an advertisement: (site, ad_id)."""


@dataclass
class Change:
    """One changed field of an advertisement, by a later sighting or a person's correction."""

    at: datetime
    field: str
    old: str
    new: str
    by: str = ""
    """The name of the person who decided; "" for a sighting and for decisions without a name."""


class VerdictOutcome(StrEnum):
    """What became of the verdict of a row."""

    TAKEN = "taken"
    SAME = "same"
    REFUSED = "refused"


class FileVerdict(NamedTuple):
    """A verdict of a row that the store took, and who gave it by that row."""

    key: Key
    who: str
    verdict: str


@dataclass
class RowOrigin:
    """The row of a file that an advertisement comes from, for messages about the row."""

    place: str = ""
    """Name of the row: line 12."""
    line: int = 0
    row: Mapping[str, str] = field(default_factory=dict)
    """The row's cells as typed."""
    derived: bool = False
    """Whether the id is derived, since the row gives none."""
    doubt: str = ""
    """Why the row's id cannot be believed; "" if it can."""
    restored: str = ""
    """The id in the row's address of which the given one is a damaged form."""
    words: str = ""
    """The row's url, if it is not an address."""
    conflict: str = ""
    """Why the store did not record the row; set by `Store.record`."""
    verdict: VerdictOutcome | None = None
    """What became of the row's verdict, if it gives one; set by `Store.record`."""
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When the row was read, for the history."""


@dataclass
class Advertisement:
    """One posting on one site, identified by (site, ad_id).

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
    rate: Decimal | None = None
    rate_date: date | None = None

    original_title: str = ""
    original_description: str = ""
    price_amount: Decimal | None = None
    price_currency: str = ""
    reason: str = ""
    strength: str = ""
    """A Strength, or "" if no match decides: images only, set aside, recorded by a person."""
    supports: int = 0
    """Number of words that support the deciding match."""
    audit: bool = False
    by_person: list[str] = field(default_factory=list)
    first_run: str = ""
    rules: str = ""
    """Fingerprint of the rules by which it was tagged; "" if unknown or not tagged."""
    picture_text: str = ""
    """Text read in its pictures, contacts replaced by their kinds; "" if none was read."""
    history: list[Change] = field(default_factory=list)

    found_at_given: bool = field(default=False, compare=False, metadata={"stored": False})
    """Whether a person recorded `found_at`; only then an earlier one moves `first_seen`. It applies
    to one sighting, and is not stored."""
    origin: RowOrigin | None = field(default=None, compare=False, metadata={"stored": False})
    """The row of a file that it comes from; None for an advertisement read from a site."""
    returned: bool = field(default=False, compare=False, metadata={"stored": False})
    """Whether a row of an export brings it back, with a person's decisions about what was stored.
    It applies to one sighting, and is not stored."""
    received: object = field(default=None, compare=False, repr=False, metadata={"stored": False})
    """The answer of the site that it was read from (`crawl.received.Received`), for its evidence;
    None for an advertisement that comes from a file."""


@dataclass
class Sighting(Advertisement):
    """An advertisement seen again, with the fields that a search page shows."""


STORED_FIELDS = tuple(
    item.name for item in fields(Advertisement) if item.metadata.get("stored", True)
)
"""The fields that a store keeps, in order."""
RECORD_COLUMNS = STORED_FIELDS[: STORED_FIELDS.index("note") + 1]
"""The columns of a record, in order."""
ADVERTISEMENT_COLUMNS = STORED_FIELDS[: STORED_FIELDS.index("rate_date") + 1]
"""The columns of advertisements.csv, in order."""


@dataclass
class RunHead:
    """One crawl of one site, without what it has of each keyword and each field."""

    id: str
    site: str
    started: datetime
    finished: datetime | None = None
    pages: int = 0
    requests: int = 0
    new: int = 0
    seen: int = 0
    set_aside: int = 0
    irrelevant: int = 0
    errors: int = 0
    health: str = ""
    reason: str = ""
    job: str = ""
    """The id of the scheduled job that runs it; empty if there is none."""
    process: str = ""
    """The process that runs it (`processes`); empty if unknown or ended."""
    heard_of: str = ""
    """Its last heartbeat, as ISO text in UTC; a killed run has no further one."""
    found: int = 0
    """Number of advertisements that the site showed, including known and unmatched ones."""
    complete: bool = False
    """Whether the whole vocabulary was searched to the end, without faults."""
    in_full: bool = False
    """Whether it searched the whole site, and not only what is new, so that the number of
    advertisements may be compared."""
    sold: int = 0
    """Number of known advertisements that their sellers marked as sold."""
    reused: int = 0
    """Number of ids that show another advertisement than before."""
    limited: bool = False
    """Whether -a pages ended a search before its declared page limit, so that the site was not
    searched to its end."""
    part: str = ""
    """The part of the site that it searched ("2/4"), if the site is split; "" for the whole."""
    accepted: bool = False
    """Whether a person accepted this run as the site's new baseline."""

    @property
    def is_good(self) -> bool:
        """Whether it searched its site to the end, so that its month is not a gap for the site."""
        done = self.finished is not None and not self.limited
        return done and self.health in GOOD_HEALTH


@dataclass
class Run(RunHead):
    """One crawl of one site."""

    keywords: list[str] = field(default_factory=list)
    yields: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Keyword to the number of advertisements it found, and how many of them were unmatched."""
    coverage: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Field to the number of advertisements that have it, and of those that could have it."""
