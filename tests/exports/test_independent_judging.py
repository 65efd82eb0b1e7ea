"""What persons and operators did, beside sums by other means: surveys, notices, looks, reasons.

A store is filled at random and exported. Every number of the files is then added up from the lists
that filled it, by definitions written here, and the page has to show the same.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import sqrt
from pathlib import Path
from statistics import median

import pytest

from exports import Exported
from tests.helpers.made_reports import grid, page_of
from tests.helpers.settings import settings_in
from wildcrawl.commands.export import ReportOptions, export_report
from wildcrawl.items import Advertisement
from wildcrawl.months import CHINA
from wildcrawl.review.agreement import ask, record
from wildcrawl.review.agreement.second_looks import look
from wildcrawl.review.notices import (
    Letter,
    Notified,
    Recheck,
    State,
    keep_checks,
    keep_letters,
    mark_sent,
    notify,
)
from wildcrawl.review.verdict_reasons import REASONS, give_reason
from wildcrawl.store import Store, open_store
from wildcrawl.store.surveys import put_surveys
from wildcrawl.tabular.surveys import Account, Post, Survey

MONTHS = ["2016-04", "2016-05"]
TODAY = date(2016, 6, 20)
WRITTEN = (date(2016, 5, 19), date(2016, 6, 12))
"""Days of the letters: those sent on one of the next two days are at the end of a term."""
SITES = ("fair", "mall", "shop")
Row = dict[str, str]


@dataclass
class World:
    """What was done at random, as it was handed to the store."""

    ads: list[Advertisement] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    looks: list[tuple[str, str, str, str]] = field(default_factory=list)
    sent: dict[tuple[str, str], date | None] = field(default_factory=dict)
    checks: dict[str, list[tuple[date, State]]] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)

    def judged(self, verdict: str) -> list[Advertisement]:
        return [ad for ad in self.ads if ad.verdict == verdict]


def moment(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA).astimezone(UTC)


def made(seed: int, path: Path) -> World:
    """Fills the store at `path`."""
    chance, world = random.Random(seed), World()
    store = open_store(f"sqlite:///{path}")
    for number in range(160):
        seen = moment(date(2016, chance.choice((4, 5)), chance.randrange(1, 28)))
        relevance = chance.choice(("likely", "likely", "second_reader"))
        verdict = chance.choice(("valid", "valid", "valid", "irrelevant", "fake"))
        world.ads.append(
            Advertisement(
                chance.choice(SITES), str(number), url=f"http://mall.example/{number}",
                title="牙雕", species=["ivory"], verdict=verdict, relevance=relevance,
                found_at=seen, first_seen=seen, last_seen=seen, screened_by="anna",
            )
        )  # fmt: skip
    store.record(world.ads, "run")
    for ad in world.ads:
        if ad.verdict != "valid" and chance.random() < 0.7:
            world.reasons[ad.ad_id] = chance.choice([*REASONS][:4])
            give_reason(store, ad, world.reasons[ad.ad_id], "anna", moment(TODAY))
        if chance.random() < 0.4:
            second = ad.verdict if chance.random() < 0.7 else chance.choice(("valid", "fake"))
            ask(store, ad, look("anna", ad.verdict, at=ad.first_seen))
            record(store, (ad.site, ad.ad_id), look("bo", second, at=ad.first_seen))
            world.looks.append(("anna", ad.verdict, "bo", second))
    for month, written in zip(MONTHS, WRITTEN, strict=True):
        send(world, store, month, written, chance)
    survey(world, chance)
    put_surveys(store, [*world.accounts, *world.surveys, *world.posts])
    store.close()
    return world


def send(world: World, store: Store, month: str, written: date, chance: random.Random) -> None:
    """A letter to each site, which may not have been sent, and rechecks on other days."""
    for site in SITES:
        own = [ad for ad in world.judged("valid")
               if (ad.site, f"{ad.first_seen:%Y-%m}") == (site, month)]  # fmt: skip
        notify(
            store, [Notified(site, ad.ad_id, ad.url, "牙雕", month, moment(written)) for ad in own]
        )
        letter = Letter(site, month, 1, f"WC-{month}-{site}", moment(written),
                        written + timedelta(days=15), [ad.ad_id for ad in own])  # fmt: skip
        keep_letters(store, [letter])
        sent = None if chance.random() < 0.3 else written + timedelta(days=chance.randrange(3))
        world.sent[site, month] = sent
        if sent:
            mark_sent(store, month, sent, TODAY, [site])
        results = []
        for ad in own:
            days = sorted(chance.sample(range(35), chance.randrange(7)))
            for day in (written + timedelta(days=each) for each in days):
                if day <= TODAY:
                    state = chance.choice(list(State))
                    world.checks.setdefault(ad.ad_id, []).append((day, state))
                    results.append(Recheck(site, ad.ad_id, moment(day), state))
        keep_checks(store, results)


def survey(world: World, chance: random.Random) -> None:
    """Two years of surveys over the same accounts, some of which are gone in the second."""
    names = [f"account{number}" for number in range(6)]
    for year in (2015, 2016):
        for name in names:
            status = "active" if year == 2015 else chance.choice(("active", "active", "quit"))
            world.accounts.append(Account(name, year, status))
        for month in (4, 5):
            title = f"{year}-{month}"
            world.surveys.append(Survey(title, date(year, month, 10)))
            active = [each.account for each in world.accounts
                      if (each.year, each.status) == (year, "active")]  # fmt: skip
            for number in range(chance.randrange(4, 15)):
                world.posts.append(
                    Post(title, chance.choice(active), str(number), "ivory",
                         chance.choice(("raw", "worked_carved", "")), chance.randrange(9),
                         chance.randrange(2), advertisements=chance.choice((1, 1, 3)))
                )  # fmt: skip


@dataclass(frozen=True)
class Case:
    world: World
    done: Exported

    def rows(self, name: str) -> list[Row]:
        with self.done.csv[name].open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def page(self, name: str) -> list[list[str]]:
        return grid(page_of(self.done.index), name)


@pytest.fixture(scope="module", params=[1, 2])
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("judging")
    world = made(request.param, folder / "store.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exports.charts.vega.vega_svg", lambda *_: EMPTY)
        patch.setattr("wildcrawl.commands.export.datetime", Noon)
        done = export_report(settings_in(folder), MONTHS, folder / "out", ReportOptions())
    return Case(world, done)


EMPTY = '<svg width="9" height="9" viewBox="0 0 9 9"></svg>'


class Noon(datetime):
    """A clock that stands still on TODAY."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        return moment(TODAY).astimezone(tz)  # type: ignore[arg-type]


def tenths(value: Fraction) -> str:
    return str(
        (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP)
    )


def test_reasons_of_what_was_ruled_out(case: Case) -> None:
    wanted = Counter(
        (ad.verdict, case.world.reasons.get(ad.ad_id, ""))
        for verdict in ("fake", "irrelevant")
        for ad in case.world.judged(verdict)
    )
    rows = {(row["verdict"], row["reason"]): int(row["advertisements"])
            for row in case.rows("ruled_out")}  # fmt: skip
    assert rows == wanted
    assert sorted(int(row[2]) for row in case.page("ruled_out")) == sorted(wanted.values())


def test_agreement_of_two_persons(case: Case) -> None:
    (row,) = case.rows("agreement")
    pairs = Counter((first, second) for _, first, _, second in case.world.looks)
    number, agreed = pairs.total(), sum(n for (a, b), n in pairs.items() if a == b)
    first, second = Counter[str](), Counter[str]()
    for (one, other), times in pairs.items():
        first[one] += times
        second[other] += times
    p = {pair: times / number for pair, times in pairs.items()}
    observed = agreed / number
    chance = sum(first[name] * second[name] for name in first) / number**2
    kappa = (observed - chance) / (1 - chance)
    # Fleiss, Cohen and Everitt 1969, equation 13.
    rows = {name: first[name] / number for name in first | second}
    columns = {name: second[name] / number for name in first | second}
    alike = sum(p.get((n, n), 0) * (1 - (rows[n] + columns[n]) * (1 - kappa)) ** 2 for n in rows)
    unlike = (1 - kappa) ** 2 * sum(
        times * (columns[a] + rows[b]) ** 2 for (a, b), times in p.items() if a != b
    )
    spread = (alike + unlike - (kappa - chance * (1 - kappa)) ** 2) / (number * (1 - chance) ** 2)
    half = 1.959964 * sqrt(spread)
    assert int(row["sample"]) == number
    assert int(row["agreed"]) == agreed
    assert row["agreed_percent"] == tenths(Fraction(100 * agreed, number))
    assert int(row["unsettled"]) == number - agreed
    for column, value in (
        ("kappa", kappa),
        ("kappa_low", kappa - half),
        ("kappa_high", kappa + half),
    ):
        assert abs(float(row[column]) - max(-1, min(1, value))) <= 0.0051, column
    assert case.page("agreement")[0][:2] == [str(number), str(agreed)]


def test_what_the_second_reader_raised(case: Case) -> None:
    raised = [ad for ad in case.world.ads if ad.relevance == "second_reader"]
    valid = sum(ad.verdict == "valid" for ad in raised)
    text = page_of(case.done.index).text_content()
    assert f"put {len(raised)} advertisements up for review" in text
    assert f"{len(raised)} were judged, {valid} of them valid" in text


@dataclass(frozen=True)
class Reaction:
    """How one advertisement fared: its days from the letter to its removal, and its last day up."""

    state: State
    days: int | None
    up: int | None
    sent: date | None


def reaction(world: World, ad: Advertisement) -> Reaction:
    """By the rechecks alone: what the last one that tells found, and since when it does."""
    sent = world.sent[ad.site, f"{ad.first_seen:%Y-%m}"]
    told = [each for each in world.checks.get(ad.ad_id, []) if each[1] != State.UNKNOWN]
    if not told:
        return Reaction(State.UNKNOWN, None, None, sent)
    state = told[-1][1]
    ups = [day for day, found in told if found == State.UP]
    gone = None
    if state == State.REMOVED:
        gone = min(day for day, _ in told if not ups or day > ups[-1])
    return Reaction(
        state,
        (gone - sent).days if gone and sent else None,
        (ups[-1] - sent).days if ups and sent else None,
        sent,
    )


def test_how_operators_reacted(case: Case) -> None:
    for row in case.rows("removals"):
        found = [reaction(case.world, ad) for ad in case.world.judged("valid")
                 if ad.site == row["site"]]  # fmt: skip
        after = [each.days for each in found if each.days is not None and each.days >= 0]
        wanted = {
            "notified": len(found),
            "removed": sum(each.state == State.REMOVED for each in found),
            "still_up": sum(each.state == State.UP for each in found),
            "unknown": sum(each.state == State.UNKNOWN for each in found),
            "not_sent": sum(each.sent is None for each in found),
            "removed_before_sent": sum(each.days is not None and each.days < 0 for each in found),
        }
        for term in (7, 30):
            within = sum(days <= term for days in after)
            others = [
                each for each in found if each.sent and (each.days is None or each.days > term)
            ]
            over = [each for each in others if each.sent and (TODAY - each.sent).days > term]
            up = sum(each.up is not None and each.up >= term for each in over)
            wanted[f"removed_within_{term}_days"] = within
            wanted[f"not_yet_{term}_days"] = len(others) - len(over)
            wanted[f"unclear_{term}_days"] = len(over) - up
        assert {name: int(row[name]) for name in wanted} == wanted, row["site"]
        middle = tenths(Fraction(median(after)).limit_denominator(2)) if after else ""
        assert row["median_days"] == middle
    listed = Counter(row["site"] for row in case.rows("notified"))
    assert listed == Counter(ad.site for ad in case.world.judged("valid"))
    days = {(row["site"], row["ad_id"]): row["days"] for row in case.rows("notified")}
    for ad in case.world.judged("valid"):
        found_days = reaction(case.world, ad).days
        assert days[ad.site, ad.ad_id] == ("" if found_days is None else str(found_days))


def test_surveys_of_accounts(case: Case) -> None:
    world = case.world
    sums = {
        each.survey: (
            sum(post.advertisements for post in world.posts if post.survey == each.survey),
            sum(post.images + post.videos for post in world.posts if post.survey == each.survey),
        )
        for each in world.surveys
    }
    rows = {row["survey"]: (int(row["advertisements"]), int(row["images_and_videos"]))
            for row in case.rows("social_surveys")}  # fmt: skip
    assert rows == {name: number for name, number in sums.items() if name.startswith("2016")}
    (row,) = case.rows("social_summary")
    now, then = (
        [Fraction(sum(sums[f"{year}-{month}"][place] for month in (4, 5)), 2) for place in (0, 1)]
        for year in (2016, 2015)
    )
    assert (row["average_advertisements"], row["average_images_and_videos"]) == (
        tenths(now[0]), tenths(now[1]),
    )  # fmt: skip
    assert row["change_percent"] == tenths(100 * (now[0] - then[0]) / then[0])
    assert row["images_and_videos_change_percent"] == tenths(100 * (now[1] - then[1]) / then[1])
    assert case.page("social_summary")[0][2:4] == [tenths(now[0]), tenths(now[1])]


def test_accounts_that_remain(case: Case) -> None:
    world = case.world
    statuses = Counter(each.status for each in world.accounts if each.year == 2016)
    rows = {row["status"]: row for row in case.rows("social_accounts")}
    assert {name: int(row["accounts"]) for name, row in rows.items()} == statuses
    active = {
        each.account for each in world.accounts if (each.year, each.status) == (2016, "active")
    }
    for year, column in ((2015, "before"), (2016, "now")):
        theirs = [post for post in world.posts
                  if post.account in active and post.survey.startswith(str(year))]  # fmt: skip
        ads = Fraction(sum(post.advertisements for post in theirs), 2)
        media = Fraction(sum(post.images + post.videos for post in theirs), 2)
        assert rows["active"][f"advertisements_{column}"] == tenths(ads)
        assert rows["active"][f"images_and_videos_{column}"] == tenths(media)


def test_product_types_of_both_channels(case: Case) -> None:
    posts = Counter[str]()
    for post in case.world.posts:
        if post.survey.startswith("2016"):
            posts[post.product_type or "unknown"] += post.advertisements
    rows = {row["product_type"]: (int(row["advertisements"]), row["share_percent"])
            for row in case.rows("product_types") if row["channel"] == "social"}  # fmt: skip
    whole = posts.total()
    assert rows == {name: (n, tenths(Fraction(100 * n, whole))) for name, n in posts.items()}
