"""SQLite listing: the table, triggers and queries behind the screening queue and the lists.

Triggers keep the narrow table `listing` in step with the advertisements, in the same transaction.
Its own id, which VACUUM does not change, is the key of the index of texts. That index holds pairs
of neighbouring characters, since names of materials in Chinese often have just two; a
trigram index does not find those. Indexing a text takes longer than storing it, so
that texts wait in `texts_due` until `index_texts`; a search reads those that wait one by one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from wildcrawl.items import Key
from wildcrawl.store.documents import match_in_reason, to_ms
from wildcrawl.store.listing import (
    GENERAL,
    JUDGED,
    NO_PRICE,
    RAISED,
    RULED_OUT,
    SCORED,
    SECOND_READER,
    SET_ASIDE,
    TEXTS,
    WAITING,
    chance_of,
    contains,
    fold,
    queue_of,
    score_of,
)
from wildcrawl.store.search import ListQuery, Place, Sort
from wildcrawl.store.sqlite_documents import CREATE as CREATE_DOCUMENTS

_LISTED = (
    "first_seen",
    "verdict",
    "relevance",
    "audit",
    "price_usd",
    "species",
    "found_by",
    "age_claim",
    "seller",
    "seller_id",
    "first_run",
)
"""Fields of an advertisement, whose values the listing repeats, or is made from."""
_SPACES = str.maketrans(
    {chr(code): chr(0xE000 + code) for code in range(128) if not chr(code).isalnum()}
)
"""ASCII characters that the tokenizer would split at, as private ones."""
FEW = 2_000
"""Rows that are sorted at most; if more meet a condition, the list is read in its order."""
PAIR = 2
MOST_DUE = 1_000
"""Texts that one search indexes at most."""


def pairs(*texts: str) -> str:
    """The pairs of neighbouring characters in texts, each once, with spaces between.

    The last character of a text stands alone, so that each character begins a token.

    >>> pairs("老象牙", "象牙")
    '老象 象牙 牙'
    """
    found: dict[str, None] = {}
    for text in texts:
        folded = fold(text).translate(_SPACES)
        for start in range(len(folded)):
            found[folded[start : start + PAIR]] = None
    return " ".join(found)


def match_of(words: Sequence[str]) -> str:
    """The full-text query that finds all texts with `words`, and perhaps some others.

    >>> match_of(["象牙手", "虎"])
    '"象牙" AND "牙手" AND "虎"*'
    """
    tokens: dict[str, None] = {}
    for word in words:
        folded = word.translate(_SPACES)
        if len(folded) == 1:
            tokens[f'"{folded}"*'] = None
        for start in range(len(folded) - 1):
            tokens[f'"{folded[start : start + PAIR]}"'] = None
    return " AND ".join(tokens)


def add_functions(connection: sqlite3.Connection) -> None:
    """Adds the functions that the triggers call; without them a connection cannot write."""
    connection.create_function("wc_queue", 3, _queue, deterministic=True)
    connection.create_function("wc_score", 5, _score, deterministic=True)
    connection.create_function("wc_chance", 2, chance_of, deterministic=True)
    connection.create_function("wc_joined", 1, _joined, deterministic=True)
    connection.create_function("wc_pairs", -1, pairs, deterministic=True)
    connection.create_function("wc_contains", -1, _contains, deterministic=True)


# Cached: rows of a batch are alike, and a trigger asks for a score twice.
@lru_cache(maxsize=64)
def _queue(verdict: str, relevance: str, audit: int) -> str:
    return queue_of(verdict, relevance, bool(audit))


@lru_cache(maxsize=64)
def _score(
    strength: str | None, supports: int | None, reason: str, terms: str, by_person: str
) -> float:
    if strength is None or supports is None:
        match = match_in_reason({"strength": strength, "supports": supports, "reason": reason})
        strength, supports = match.get("strength", strength), match.get("supports", supports)
    number = len(json.loads(terms))
    return score_of(strength or "", supports or 0, number, by_person=by_person != "[]")


@lru_cache(maxsize=256)
def _joined(names: str) -> str:
    """A JSON list as text in which each name is between semicolons.

    >>> _joined('["ivory", "tiger"]'), _joined("[]")
    (';ivory;tiger;', '')
    """
    found = json.loads(names)
    return f";{';'.join(found)};" if found else ""


def _contains(words: str, *texts: str) -> bool:
    return contains(words.split(), texts)


def _value(name: str, row: str) -> str:
    """The value of a column of the listing, from a row of advertisements called `row`."""
    return {
        "queue": f"wc_queue({row}.verdict, {row}.relevance, {row}.audit)",
        "usd": f"coalesce(CAST({row}.price_usd AS REAL), {NO_PRICE})",
        "species": f"wc_joined({row}.species)",
        "keywords": f"wc_joined({row}.found_by)",
        "run": f"{row}.first_run",
        "score": f"wc_score({row}.strength, {row}.supports, {row}.reason,"
        f" {row}.terms, {row}.by_person)",
        "chance": f"wc_chance({row}.site, {row}.ad_id)",
    }.get(name, f"{row}.{name}")


_CHANGING = (
    "first_seen", "queue", "verdict", "relevance", "usd", "species", "keywords",
    "age_claim", "seller", "seller_id", "run",
)  # fmt: skip
_OWN = ("site", "ad_id", *_CHANGING, "score", "chance")


def _same(names: Sequence[str]) -> str:
    """The condition that any of an advertisement's fields `names` changes."""
    old, new = (", ".join(f"{row}.{name}" for name in names) for row in ("old", "new"))
    return f"({old}) IS NOT ({new})"


CHEAPEST = f"(CASE usd WHEN {NO_PRICE} THEN 1e15 ELSE usd END)"
_KEY = "site = new.site AND ad_id = new.ad_id"
_ID = f"(SELECT id FROM listing WHERE {_KEY})"
_OLD_ID = "(SELECT id FROM listing WHERE site = old.site AND ad_id = old.ad_id)"
_TEXTS = {row: ", ".join(f"{row}.{name}" for name in TEXTS) for row in ("old", "new")}
_FORGET_TEXT = (
    f"INSERT INTO texts (texts, rowid, text) SELECT 'delete', {_OLD_ID}, wc_pairs({_TEXTS['old']})"
    f" WHERE NOT EXISTS (SELECT 1 FROM texts_due WHERE id = {_OLD_ID})"
)
_WORDS = (
    f"INSERT INTO listing_words SELECT 'species', value, {_ID} FROM json_each(new.species)"
    f" UNION SELECT 'keyword', value, {_ID} FROM json_each(new.found_by)"
)
# Not INSERT OR IGNORE: in a trigger, the writing statement's own way with conflicts counts.
_TEXT_DUE = (
    f"INSERT INTO texts_due SELECT {_ID}"
    f" WHERE NOT EXISTS (SELECT 1 FROM texts_due WHERE id = {_ID})"
)
_LINKS_DUE = (
    "INSERT INTO links_due SELECT {row}.site, {row}.ad_id WHERE NOT EXISTS"
    " (SELECT 1 FROM links_due WHERE site = {row}.site AND ad_id = {row}.ad_id)"
)
_NO_TEXT = "(trim({row}.title) = '' AND trim({row}.description) = '')"
_NEW_SCORE = _value("score", "new")
SCHEMA = (
    "CREATE TABLE listing (id INTEGER PRIMARY KEY, site TEXT NOT NULL, ad_id TEXT NOT NULL,"
    " first_seen INTEGER NOT NULL, queue TEXT NOT NULL, verdict TEXT NOT NULL,"
    " relevance TEXT NOT NULL, usd REAL NOT NULL, species TEXT NOT NULL, keywords TEXT NOT NULL,"
    " age_claim TEXT NOT NULL, seller TEXT NOT NULL, seller_id TEXT NOT NULL, run TEXT NOT NULL,"
    " score REAL NOT NULL, chance INTEGER NOT NULL, learned REAL NOT NULL DEFAULT 0,"
    " learned_by TEXT NOT NULL DEFAULT '', raised TEXT NOT NULL DEFAULT '',"
    " removed INTEGER NOT NULL DEFAULT 0, UNIQUE (site, ad_id))",
    "CREATE TABLE listing_words (kind TEXT NOT NULL, word TEXT NOT NULL, id INTEGER NOT NULL,"
    " PRIMARY KEY (kind, word, id)) WITHOUT ROWID",
    "CREATE INDEX listing_words_id ON listing_words (id)",
    "CREATE TABLE queue_numbers (queue TEXT PRIMARY KEY, number INTEGER NOT NULL)",
    "INSERT INTO queue_numbers VALUES ('likely', 0), ('audit', 0)",
    "CREATE INDEX listing_removed ON listing (removed) WHERE removed = 1",
    "CREATE INDEX listing_queue ON listing (queue, score DESC, first_seen DESC, site, ad_id)"
    " WHERE queue = 'likely'",
    "CREATE INDEX listing_learned ON listing (queue, learned DESC, first_seen DESC, site, ad_id)"
    " WHERE queue = 'likely'",
    "CREATE INDEX listing_audit ON listing (chance, site, ad_id) WHERE queue = 'audit'",
    "CREATE INDEX listing_learned_by ON listing (learned_by) WHERE queue <> ''",
    "CREATE INDEX listing_raised ON listing (raised) WHERE raised <> ''",
    "CREATE INDEX listing_first_seen ON listing (first_seen, site, ad_id)",
    "CREATE INDEX listing_site ON listing (site, first_seen, ad_id)",
    "CREATE INDEX listing_verdict ON listing (verdict, first_seen, site, ad_id)"
    " WHERE verdict NOT IN ('', 'pending')",
    "CREATE INDEX listing_usd ON listing (usd, site, ad_id)",
    f"CREATE INDEX listing_cheapest ON listing ({CHEAPEST}, site, ad_id)",
    "CREATE INDEX listing_score ON listing (score, site, ad_id)",
    "CREATE INDEX listing_seller ON listing (seller, first_seen)",
    "CREATE INDEX listing_seller_id ON listing (seller_id, first_seen)",
    "CREATE INDEX listing_run ON listing (run)",
    "CREATE VIRTUAL TABLE texts USING fts5 (text, content='', detail=none, columnsize=0,"
    " tokenize='ascii')",
    "CREATE TABLE texts_due (id INTEGER PRIMARY KEY)",
    "CREATE TABLE links_due (site TEXT NOT NULL, ad_id TEXT NOT NULL, PRIMARY KEY (site, ad_id))"
    " WITHOUT ROWID",
    CREATE_DOCUMENTS,
    "CREATE INDEX runs_by_site ON runs (site, started, id)",
    "CREATE INDEX runs_by_start ON runs (started)",
    "CREATE INDEX runs_by_health ON runs (json_extract(document, '$.health'))",
    # Triggers of one event run in no certain order, so each is complete in itself.
    "CREATE TRIGGER listing_new AFTER INSERT ON advertisements BEGIN"
    f" INSERT INTO listing ({', '.join(_OWN)}, learned)"
    f" VALUES ({', '.join(_value(name, 'new') for name in _OWN)}, {_NEW_SCORE});"
    f" {_WORDS}; INSERT INTO texts_due VALUES ({_ID}); END",
    "CREATE TRIGGER queue_more AFTER INSERT ON listing BEGIN UPDATE queue_numbers"
    " SET number = number + 1 WHERE queue = new.queue; END",
    "CREATE TRIGGER queue_other AFTER UPDATE OF queue ON listing WHEN old.queue <> new.queue"
    " BEGIN UPDATE queue_numbers SET number = number + CASE queue WHEN new.queue THEN 1 ELSE -1"
    " END WHERE queue IN (old.queue, new.queue); END",
    "CREATE TRIGGER queue_less AFTER DELETE ON listing BEGIN UPDATE queue_numbers"
    " SET number = number - 1 WHERE queue = old.queue;"
    " DELETE FROM listing_words WHERE id = old.id; END",
    "CREATE TRIGGER listing_reworded AFTER UPDATE ON advertisements"
    f" WHEN {_same(('species', 'found_by'))} BEGIN"
    f" DELETE FROM listing_words WHERE id = {_ID}; {_WORDS}; END",
    "CREATE TRIGGER listing_changed AFTER UPDATE ON advertisements"
    f" WHEN {_same(_LISTED)} BEGIN UPDATE listing SET "
    + ", ".join(f"{name} = {_value(name, 'new')}" for name in _CHANGING)
    + f" WHERE {_KEY}; END",
    "CREATE TRIGGER listing_scored AFTER UPDATE ON advertisements"
    f" WHEN {_same(SCORED)} BEGIN UPDATE listing SET learned_by = '',"
    f" score = CASE raised WHEN '' THEN {_NEW_SCORE} ELSE max({_NEW_SCORE}, {RAISED}) END,"
    f" learned = CASE raised WHEN '' THEN {_NEW_SCORE} ELSE max({_NEW_SCORE}, {RAISED}) END"
    f" WHERE {_KEY}; END",
    "CREATE TRIGGER listing_seen AFTER UPDATE ON advertisements"
    f" WHEN new.last_seen > old.last_seen BEGIN UPDATE listing SET removed = 0"
    f" WHERE {_KEY} AND removed; END",
    "CREATE TRIGGER listing_texts AFTER UPDATE ON advertisements"
    f" WHEN {_same(TEXTS)} BEGIN {_FORGET_TEXT}; {_TEXT_DUE};"
    " END",
    "CREATE TRIGGER listing_links AFTER UPDATE ON advertisements"
    " WHEN (old.verdict = 'valid') <> (new.verdict = 'valid')"
    f" OR {_NO_TEXT.format(row='old')} <> {_NO_TEXT.format(row='new')}"
    f" BEGIN {_LINKS_DUE.format(row='new')}; END",
    f"CREATE TRIGGER listing_gone AFTER DELETE ON advertisements BEGIN {_FORGET_TEXT};"
    f" DELETE FROM texts_due WHERE id = {_OLD_ID};"
    f" {_LINKS_DUE.format(row='old')};"
    " DELETE FROM listing WHERE site = old.site AND ad_id = old.ad_id; END",
)
"""Statements that create the listing beside a table of advertisements."""
FILL = (
    f"INSERT INTO listing ({', '.join(_OWN)}, learned)"
    f" SELECT {', '.join(_value(name, 'advertisements') for name in _OWN)},"
    f" {_value('score', 'advertisements')} FROM advertisements",
    "INSERT INTO listing_words SELECT 'species', value, listing.id FROM advertisements"
    " JOIN listing USING (site, ad_id), json_each(advertisements.species) UNION"
    " SELECT 'keyword', value, listing.id FROM advertisements"
    " JOIN listing USING (site, ad_id), json_each(advertisements.found_by)",
    "INSERT INTO texts_due SELECT id FROM listing",
    # The last check of an advertisement that has a result tells whether it was removed.
    "UPDATE listing SET removed = 1 FROM (SELECT json_extract(document, '$.site') AS of_site,"
    " json_extract(document, '$.ad_id') AS of_ad, json_extract(document, '$.state') AS state,"
    " max(json_extract(document, '$.at')) AS at FROM kept WHERE kind = 'checks'"
    " AND json_extract(document, '$.state') <> 'unknown' GROUP BY 1, 2) AS checks"
    " WHERE site = of_site AND ad_id = of_ad AND state = 'removed' AND (SELECT last_seen"
    " FROM advertisements WHERE site = of_site AND ad_id = of_ad)"
    " < 1000 * CAST(strftime('%s', at) AS INTEGER) + 1000",
    # Each advertisement without a text of its own may be linked to one that was judged valid.
    "INSERT INTO links_due SELECT site, ad_id FROM advertisements"
    f" WHERE {_NO_TEXT.format(row='advertisements')}",
)
"""Statements that fill a new listing from the advertisements there are."""


COUNT_QUEUE = "SELECT number FROM queue_numbers WHERE queue = ?"
FIRST_SEEN = (
    # One look-up for each site, whatever the number of its advertisements.
    "WITH RECURSIVE sites (site) AS (SELECT min(site) FROM listing UNION ALL"
    " SELECT (SELECT min(site) FROM listing WHERE listing.site > sites.site) FROM sites"
    " WHERE site IS NOT NULL) SELECT site, (SELECT min(first_seen) FROM listing"
    " WHERE listing.site = sites.site) FROM sites WHERE site IS NOT NULL"
)


def index_texts(connection: sqlite3.Connection, most: int) -> int:
    """Indexes up to `most` texts that wait, within the caller's transaction; how many are left."""
    rows = connection.execute(
        "SELECT id, title, description, seller FROM texts_due JOIN listing USING (id)"
        f" JOIN (SELECT site, ad_id, {', '.join(f'{name} AS {name}' for name in TEXTS[:2])}"
        " FROM advertisements) USING (site, ad_id) ORDER BY id LIMIT ?",
        (most,),
    ).fetchall()
    connection.executemany(
        "INSERT INTO texts (rowid, text) VALUES (?, ?)",
        ((number, pairs(*texts)) for number, *texts in rows),
    )
    connection.executemany("DELETE FROM texts_due WHERE id = ?", ((row[0],) for row in rows))
    (left,) = connection.execute("SELECT count(*) FROM texts_due").fetchone()
    return int(left)


Source = tuple[str, list[Any]]
"""A query of the ids of some rows of the listing, and its values."""


class Chosen:
    """The query of the listing's rows that a search finds.

    If one of its conditions is met by FEW rows at most, these are read and sorted. If not, the list
    is read in its order, in which rows that meet all conditions are soon found.
    """

    def __init__(self, connection: sqlite3.Connection, query: ListQuery) -> None:
        self._query = query
        conditions = list(_conditions(query))
        if query.words:
            conditions.append(
                (_VERIFIED if _is_exact(query) else _HAS_WORDS, [" ".join(query.words)])
            )
        self._source = _least(connection, list(_sources(query)))
        if query.words:
            words = _with_words(query)
            if self._source is None or self._source[0] != words[0]:
                conditions.append((f"listing.id IN ({words[0]})", words[1]))
        self._tests = [test for test, _ in conditions]
        self._values = [value for _, values in conditions for value in values]

    def page(self, after: Place | None, most: int) -> Source:
        """The statement for the keys of a page, in order: value, site, ad_id; and its values."""
        value, descending = _SORTS[self._query.sort]
        columns = (value, "listing.site", "listing.ad_id")
        tests, values = list(self._tests), list(self._values)
        if after:
            tests.append(f"({', '.join(columns)}) {'<' if descending else '>'} (?, ?, ?)")
            values += after
        order = ", ".join(f"{column}{' DESC' if descending else ''}" for column in columns)
        found, given = self._rows(tests, self._source, _index_of(self._query))
        statement = f"SELECT {', '.join(columns)}{found} ORDER BY {order} LIMIT ?"
        return statement, [*given, *values, most]

    def count(self, most: int) -> Source:
        """The statement that counts up to `most` rows, and its values."""
        found, given = self._rows(self._tests, self._source, "")
        return f"SELECT count(*) FROM (SELECT 1{found} LIMIT ?)", [*given, *self._values, most]

    def _rows(self, tests: Sequence[str], source: Source | None, index: str) -> Source:
        if source:
            start = f" FROM ({source[0]}) AS source CROSS JOIN listing ON listing.id = source.id"
        else:
            start = f" FROM listing{f' INDEXED BY {index}' if index else ''}"
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        return f"{start}{where}", list(source[1]) if source else []


def _conditions(query: ListQuery) -> Iterator[Source]:
    """The conditions of a search on the rows of the listing, each with its values."""
    for column, words in (
        ("site", query.sites),
        ("verdict", query.verdicts),
        ("relevance", (query.relevance,) if query.relevance else ()),
        ("age_claim", (query.age_claim,) if query.age_claim else ()),
    ):
        if words:
            yield f"listing.{column} IN ({', '.join('?' * len(words))})", list(words)
    if query.seller:
        yield "(listing.seller = ? OR listing.seller_id = ?)", [query.seller] * 2
    for column, name in (("species", query.species), ("keywords", query.keyword)):
        if name:
            yield f"instr(listing.{column}, ?)", [f";{name};"]
    yield from _as_counted(query)
    if _prices(query):
        yield "listing.usd BETWEEN ? AND ?", _prices(query)
    if query.removed is not None:
        yield "listing.removed = ?", [int(query.removed)]
    if query.bounds:
        yield "listing.first_seen >= ? AND listing.first_seen < ?", _moments(query)
    if query.health:
        yield f"listing.run IN ({_RUNS_OF_HEALTH})", [query.health]


def _as_counted(query: ListQuery) -> Iterator[Source]:
    """The conditions by which the month and the report count."""
    if query.leading:
        start = f";{query.leading};"
        none = " OR listing.species = ''" if query.leading == GENERAL else ""
        yield f"(substr(listing.species, 1, ?) = ?{none})", [len(start), start]
    if query.statuses:
        yield f"{_STATUS} IN ({', '.join('?' * len(query.statuses))})", list(query.statuses)


def _marks(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


_STATUS = (
    f"CASE WHEN listing.verdict IN ({_marks(JUDGED)}) THEN listing.verdict"
    f" WHEN listing.relevance IN ({_marks(RULED_OUT)}) THEN '{SET_ASIDE}'"
    f" WHEN listing.relevance = '{SECOND_READER}' THEN '{SECOND_READER}' ELSE '{WAITING}' END"
)
"""The status by which reports count; see `month_counts.status`."""


def _sources(query: ListQuery) -> Iterator[Source]:
    """The conditions of a search by which rows are found in an index other than that of the order.

    The index of a site has the rows in order of time too.
    """
    rows = "SELECT id FROM listing WHERE"
    if query.words:
        yield _with_words(query)
    if query.seller:
        # Each branch has an index of its own.
        yield f"{rows} seller = ? UNION {rows} seller_id = ?", [query.seller] * 2
    for kind, name in _named(query):
        yield "SELECT id FROM listing_words WHERE kind = ? AND word = ?", [kind, name]
    if query.health:
        yield f"{rows} run IN ({_RUNS_OF_HEALTH})", [query.health]
    for given, condition, values in (
        (query.removed, "removed = 1", []),
        (_prices(query), "usd BETWEEN ? AND ?", _prices(query)),
        (query.bounds, "first_seen >= ? AND first_seen < ?", _moments(query)),
    ):
        if given:
            yield f"{rows} {condition}", list(values)
    if len(query.sites) == 1:
        yield f"{rows} site = ?", list(query.sites)
    for words in (query.verdicts, query.statuses):
        if words and {*words} <= {*JUDGED}:
            marks = ", ".join("?" * len(words))
            judged = f"verdict NOT IN ('', 'pending') AND verdict IN ({marks})"
            yield f"{rows} {judged}", list(words)


def _named(query: ListQuery) -> Iterator[tuple[str, str]]:
    """Kind and word of each name that a search gives; those without a species have no word."""
    leading = "" if query.leading == GENERAL else query.leading
    names = (("species", query.species), ("species", leading), ("keyword", query.keyword))
    return ((kind, name) for kind, name in names if name)


def _with_words(query: ListQuery) -> Source:
    """The rows that may have the words of a search: those that match, and all that wait."""
    both = "SELECT rowid AS id FROM texts WHERE texts MATCH ? UNION ALL SELECT id FROM texts_due"
    return both, [match_of(query.words)]


_HAS_WORDS = (
    f"(SELECT wc_contains(?, {', '.join(TEXTS)}) FROM advertisements"
    " WHERE advertisements.site = listing.site AND advertisements.ad_id = listing.ad_id)"
)
_VERIFIED = (
    f"(NOT EXISTS (SELECT 1 FROM texts_due WHERE texts_due.id = listing.id) OR {_HAS_WORDS})"
)


def _is_exact(query: ListQuery) -> bool:
    """Whether all that the index finds has the words: those of one or two characters."""
    return all(len(word) <= PAIR for word in query.words)


def _least(connection: sqlite3.Connection, sources: Sequence[Source]) -> Source | None:
    """The source with the fewest rows; None if none has FEW or fewer."""
    sizes = []
    for found, values in sources:
        count = f"SELECT count(*) FROM (SELECT 1 FROM ({found}) LIMIT {FEW + 1})"
        sizes.append(connection.execute(count, values).fetchone()[0])
    least = min(sizes, default=FEW + 1)
    return sources[sizes.index(least)] if least <= FEW else None


def _prices(query: ListQuery) -> list[Any]:
    if query.least_usd is None and query.most_usd is None:
        return []
    most = 1e15 if query.most_usd is None else float(query.most_usd)
    return [float(query.least_usd or 0), most]


def _moments(query: ListQuery) -> list[Any]:
    return [to_ms(bound) for bound in query.bounds or ()]


def _index_of(query: ListQuery) -> str:
    """The index that has the rows of a search in their order."""
    if query.sort not in (Sort.NEWEST, Sort.OLDEST):
        return _INDEXES[query.sort]
    return "listing_site" if len(query.sites) == 1 else "listing_first_seen"


_RUNS_OF_HEALTH = "SELECT id FROM runs WHERE json_extract(document, '$.health') = ?"
_SORTS = {
    Sort.NEWEST: ("listing.first_seen", True),
    Sort.OLDEST: ("listing.first_seen", False),
    Sort.DEAREST: ("listing.usd", True),
    Sort.CHEAPEST: (CHEAPEST, False),
    Sort.LIKELIEST: ("listing.score", True),
}
_INDEXES = {
    Sort.DEAREST: "listing_usd",
    Sort.CHEAPEST: "listing_cheapest",
    Sort.LIKELIEST: "listing_score",
}
"""The index that has each order."""


def waiting(
    *, learned: bool, audit: bool, after: Sequence[Any], most: int
) -> tuple[str, list[Any]]:
    """The statement for one part of the queue in order, and its values.

    Its columns are those of the order, then site and ad_id, then score, reason and queue.
    """
    column = "learned" if learned else "score"
    if audit:
        where, order, start = "queue = 'audit'", "chance, site, ad_id", "chance, 0"
        beyond = "(chance, 0, site, ad_id) > (?, ?, ?, ?)"
    else:
        where, order = "queue = 'likely'", f"{column} DESC, first_seen DESC, site, ad_id"
        start = f"{column}, first_seen"
        beyond = (
            f"{column} <= ? AND ({column} < ? OR first_seen < ?"
            " OR (first_seen = ? AND (site, ad_id) > (?, ?)))"
        )
    values: list[Any] = []
    if after:
        where = f"{where} AND {beyond}"
        first, second, *key = after
        values = [*after] if audit else [first, first, second, second, *key]
    return (
        f"SELECT {start}, site, ad_id, {column}, raised FROM listing"
        f" WHERE {where} ORDER BY {order} LIMIT ?",
        [*values, most],
    )


def set_learned(connection: sqlite3.Connection, model: str, scores: Mapping[Key, float]) -> None:
    """Writes the scores of the model called `model`."""
    connection.executemany(
        f"UPDATE listing SET learned = CASE raised WHEN '' THEN ? ELSE max(?, {RAISED}) END,"
        " learned_by = ? WHERE site = ? AND ad_id = ?",
        ((score, score, model, *key) for key, score in scores.items()),
    )


_SCORE = _value("score", "advertisements")
_BASE = (
    f"(SELECT {_SCORE} FROM advertisements"
    " WHERE advertisements.site = listing.site AND advertisements.ad_id = listing.ad_id)"
)


def set_raised(connection: sqlite3.Connection, reasons: Mapping[Key, str]) -> None:
    """Raises advertisements for a reason, or no longer if it is ""."""
    for (site, ad_id), why in reasons.items():
        if why:
            connection.execute(
                f"UPDATE listing SET raised = ?, score = max(score, {RAISED}),"
                f" learned = max(learned, {RAISED}) WHERE site = ? AND ad_id = ?",
                (why, site, ad_id),
            )
        else:
            connection.execute(
                f"UPDATE listing SET raised = '', score = {_BASE}, learned = {_BASE},"
                " learned_by = '' WHERE site = ? AND ad_id = ? AND raised <> ''",
                (site, ad_id),
            )
