"""Looking at captured pictures: text to advertisements, links, stock photographs, the queue."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from PIL import Image

from tests.helpers.picture_files import (
    cropped,
    encoded,
    mirrored,
    qr_code,
    scene,
    screenshot,
    with_text,
)
from tests.helpers.queue_oracle import queue_order
from wildcrawl.analysis.tagging import Tagger
from wildcrawl.analysis.tagging.apply import apply_tagging
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.commands.look import lines_of
from wildcrawl.demo.pictures.photograph import photograph
from wildcrawl.demo.pictures.served import encoded as demo_picture
from wildcrawl.evidence import Capture, CaptureKind, Evidence, View, open_evidence
from wildcrawl.evidence.handed_in import hand_in
from wildcrawl.evidence.loss import declare_lost
from wildcrawl.evidence.records import Exchange, Origin
from wildcrawl.items import Advertisement, Verdict
from wildcrawl.pictures.features import ENOUGH, agreement
from wildcrawl.pictures.reading import Reading, Task
from wildcrawl.pictures.workers import Done
from wildcrawl.review.looking import look as looking
from wildcrawl.review.looking.after_removal import PICTURE, Reposts, reposts_of
from wildcrawl.review.looking.after_removal import TEXT as SAME_TEXT
from wildcrawl.review.looking.links import REPOST, SAME_PICTURE, Link, links_of, save_links
from wildcrawl.review.looking.look import CONTACT, Looked, Options, look
from wildcrawl.review.looking.raising import raised_because
from wildcrawl.review.looking.seen import contact_key, features_of, readings
from wildcrawl.review.notices.model import Recheck, State, keep_checks
from wildcrawl.review.notices.removals import RemovalOutcome
from wildcrawl.store import Store
from wildcrawl.store.corrections import Decision

MAY = datetime(2016, 5, 1, 8, tzinfo=UTC)
JUNE = MAY + timedelta(days=31)


@cache
def tagger() -> Tagger:
    return Tagger(load_vocabulary())


class Market:
    """A store and its evidence, with advertisements and captured pictures."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.evidence: Evidence = open_evidence(store, folder)

    def add(
        self,
        ad_id: str,
        *pictures: bytes,
        title: str = "",
        description: str = "",
        site: str = "mall",
        at: datetime = MAY,
    ) -> None:
        """Records an advertisement found by 象牙, with its pictures captured."""
        ad = Advertisement(
            site, ad_id, title=title, description=description, found_at=at, found_by=["象牙"]
        )
        apply_tagging(ad, tagger().tag(title, description, "", ["象牙"]), tagger().fingerprint)
        self.store.record([ad], "run-1")
        captures = []
        for number, data in enumerate(pictures):
            url = f"http://{site}.example/{ad_id}/{number}.jpg"
            seen = Exchange(url, at, 200, [("Content-Type", "image/jpeg")], data)
            kept = self.evidence.keep(seen, data, Origin("run-1", site, [ad_id]))
            when = at + timedelta(seconds=number)
            captures.append(
                Capture(
                    site, ad_id, when, "run-1", CaptureKind.PICTURE, url, 200, "image/jpeg", *kept
                )
            )
        self.evidence.add(captures, "run run-1")

    def look(self, **given: object) -> Looked:
        options = Options(**given)  # type: ignore[arg-type]
        return look(self.store, self.evidence, tagger(), JUNE, options)

    def get(self, ad_id: str, site: str = "mall") -> Advertisement:
        ad = self.store.get(site, ad_id)
        assert ad is not None
        return ad

    def others(self, ad_id: str, kind: str = SAME_PICTURE) -> set[str]:
        return {link.other[1] for link in links_of(self.store, ("mall", ad_id), kind)}


@pytest.fixture(params=["sqlite"])
def store_url(request: pytest.FixtureRequest) -> str:
    """A SQLite file: reading and comparing pictures is the same on both stores."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def texts(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Market:
    """An empty market whose pictures are read in this process."""
    monkeypatch.setattr(looking, "work_through", in_process)
    return Market(store, tmp_path / "evidence")


@pytest.fixture
def market(texts: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """The same without the reader of text, which takes most of the time."""
    monkeypatch.setattr("wildcrawl.pictures.text.reader_name", lambda: "")
    return texts


def in_process(
    work: Callable[[Task], Reading | str],
    tasks: Iterable[tuple[str, Callable[[], Task]]],
    processes: int,
    patience: float,
) -> Iterator[Done[Reading | str]]:
    for key, make in tasks:
        try:
            task = make()
        except Exception as error:
            yield Done(key, fault=str(error), lost=True)
            continue
        yield Done(key, work(task))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def photo(seed: int, change: Callable[[Image.Image], Image.Image] = lambda image: image) -> bytes:
    return encoded(change(scene(seed)), quality=80)


def test_an_image_only_post_is_tagged_by_the_text_in_its_pictures(texts: Market) -> None:
    words = with_text(scene(1), ["虎骨 手串", "加微信：made_up_77"])
    texts.add("1", photo(2), encoded(words))
    texts.add("2", encoded(with_text(scene(3), ["玳瑁手镯"])), title="象牙手镯")
    texts.add("3", photo(4))
    before = {ad_id: texts.get(ad_id) for ad_id in "123"}
    done = texts.look()
    assert (done.pictures, done.read, done.texts, done.tagged) == (4, 4, 2, 1)
    assert (done.changed, done.contacts, done.unread) == (2, 1, {})
    first = texts.get("1")
    assert first.species == ["tiger"]
    assert (first.relevance, first.strength) == ("likely", "name")
    assert first.reason.startswith("in picture: 虎骨")
    assert "made_up" not in first.picture_text
    assert first.history[-1].field == "tags"
    titled = texts.get("2")
    assert titled.picture_text == "玳瑁手镯"
    assert (titled.species, titled.reason) == (before["2"].species, before["2"].reason)
    assert texts.get("3") == before["3"]


@pytest.mark.parametrize("store_url", ["sqlite", "mongodb"], indirect=True)
def test_text_in_pictures_outlasts_a_sighting_without_it(texts: Market) -> None:
    texts.add("1", encoded(with_text(scene(1), ["虎骨手串"])))
    texts.look()
    texts.add("1", at=JUNE)
    assert texts.get("1").species == ["tiger"]
    assert texts.look().read == 0
    assert texts.get("1").picture_text == "虎骨手串"


def test_text_that_a_better_reader_does_not_find_is_taken_back(texts: Market) -> None:
    texts.add("1", photo(2))

    def misread(ad: Advertisement) -> None:
        ad.picture_text = "C"

    texts.store.revise([("mall", "1")], misread)
    assert texts.look().changed == 1
    assert texts.get("1").picture_text == ""


def test_lost_pictures_are_said_and_read_from_a_later_capture(texts: Market) -> None:
    texts.add("1", photo(2))
    texts.add("2", photo(3))
    [lost] = texts.evidence.captures.of("mall", "1")
    texts.evidence.objects.delete(lost.record)
    declare_lost(texts.evidence, "anna", JUNE)
    done = texts.look()
    assert (done.read, done.unread) == (1, {"its capture was declared lost": 1})
    assert texts.look().unread == done.unread
    texts.add("1", photo(2), at=JUNE)
    later = texts.look()
    assert (later.read, later.unread, later.absent) == (1, {}, "")


def test_a_judged_post_keeps_its_tags(texts: Market) -> None:
    texts.add("1", encoded(with_text(scene(1), ["虎骨手串"])))
    texts.store.judge("mall", "1", Decision(Verdict.VALID, "li", "", MAY))
    assert texts.look().tagged == 0
    assert texts.get("1").species == ["ivory"]
    assert texts.get("1").picture_text == "虎骨手串"


def test_contacts_are_kept_as_keyed_hashes(texts: Market) -> None:
    code = scene(1).copy()
    code.paste(qr_code("https://u.wechat.com/made-up", 5), (40, 40))
    texts.add("1", encoded(with_text(scene(2), ["微信：made_up_77"])))
    texts.add("2", encoded(with_text(scene(3), ["加薇 Made_Up_77"])), encoded(code))
    assert texts.look().contacts == 2
    kept = texts.store.documents(CONTACT)
    assert len(kept) == 3
    contacts = [key.split("\n")[0] for key in kept]
    assert all(contact.startswith("wechat:") for contact in contacts)
    assert len(set(contacts)) == 2, "one contact in two advertisements, and one in a code"
    assert "made_up" not in str(kept).lower() + str(texts.store.documents("picture")).lower()
    assert len(contact_key(texts.store)) == 32
    assert contact_key(texts.store) == contact_key(texts.store)


def test_a_screenshot_that_a_person_handed_in_is_read_and_one_of_a_crawl_is_counted(
    texts: Market,
) -> None:
    texts.add("1", photo(1))
    texts.add("2", title="象牙手镯")
    shown = scene(1).copy()
    shown.paste(qr_code("https://u.wechat.com/made-up", 5), (40, 40))
    shot = encoded(with_text(shown, ["加薇", "made_up_77"], top=500))
    for key in (("mall", "2"), ("survey", "1" * 32)):
        hand_in(texts.evidence, key, shot, "anna")
    crawled = replace(
        texts.evidence.captures.of("mall", "1")[0],
        kind=CaptureKind.SCREENSHOT,
        view=View.CARD,
        payload=sha(b"another"),
    )
    texts.evidence.add([crawled], "run run-1")
    done = texts.look()
    assert (done.pictures, done.read, done.codes, done.screenshots) == (2, 2, 1, 1)
    assert "made_up" not in texts.get("2").picture_text
    assert "[wechat]" in texts.get("2").picture_text
    assert texts.others("1") == {"2"}, "the pictures of a survey are of no advertisement"
    named = {key.split("\n")[0] for key in texts.store.documents(CONTACT)}
    assert len(named) == 2, "the account in the text, and that in the code"
    assert any(line.startswith("Not read, 1 screenshots that crawls") for line in lines_of(done))
    texts.store.put_documents("text_reader", {"contacts": {"version": 1}})
    texts.store.remove_documents(CONTACT, list(texts.store.documents(CONTACT)))
    texts.add("3", title="象牙手镯 加微信 made_up_77")
    texts.look()
    assert {key.split("\n")[0] for key in texts.store.documents(CONTACT)} == named


def test_objects_on_one_cloth_are_not_linked(market: Market) -> None:
    """Their keypoints agree in the cloth; one laid upon the other does not look like it."""
    market.add("1", demo_picture(photograph("9", 1, "ivory", "象牙筷子")))
    market.add("2", demo_picture(photograph("19", 1, "ivory", "象牙手镯")))
    done = market.look()
    assert (done.links, done.alike) == (0, 0)
    one, other = (features_of(market.store, sha) for sha in readings(market.store))
    assert one is not None
    assert other is not None
    assert agreement(one, other).points >= ENOUGH


def test_pictures_that_were_read_and_are_gone_since_are_said(market: Market) -> None:
    market.add("1", demo_picture(photograph("9", 1, "ivory", "象牙筷子")))
    assert market.look().absent == ""
    shutil.rmtree(market.evidence.objects.address)
    done = market.look()
    assert done.read == 0
    assert next(lines_of(done)).startswith("Missing: 1 of 1 objects of earlier captures that were")


def test_the_same_photograph_links_advertisements_sites_and_back(market: Market) -> None:
    market.add("1", photo(1), title="象牙手镯")
    market.add("1", photo(1), site="fair", title="虎骨")
    market.add("2", photo(1, partial(cropped, share=0.15)))
    market.add("3", photo(1, mirrored))
    market.add("4", photo(1, screenshot))
    market.add("5", photo(9))
    done = market.look()
    assert market.others("1") == {"1", "2", "3", "4"}
    assert market.others("2") >= {"1", "3"}
    assert market.others("5") == set()
    how = {link.other[1]: link.how for link in links_of(market.store, ("mall", "1"))}
    assert how["1"] == "same file"
    assert "mirrored" in how["3"]
    assert how["4"].startswith("picture in a frame")
    assert done.links > 0
    again = market.look()
    assert (again.read, again.links) == (0, 0)
    market.add("6", photo(1), at=JUNE)
    later = market.look()
    assert (later.read, market.others("6") >= {"1", "2", "3", "4"}) == (0, True)


@pytest.mark.parametrize("store_url", ["sqlite", "mongodb"], indirect=True)
def test_a_reused_photograph_of_a_confirmed_advertisement_raises_an_image_only_post(
    market: Market,
) -> None:
    market.add("1", photo(1), title="象牙手镯")
    market.add("2", photo(1, partial(cropped, share=0.1)))
    market.add("3", photo(5))
    market.add("4", title="象牙印章")
    market.look()

    def order() -> list[str]:
        raised = partial(raised_because, market.store)
        return [queued.ad.ad_id for queued in queue_order(market.store.pending(), raised=raised)]

    assert order().index("2") > order().index("4")
    market.store.judge("mall", "1", Decision(Verdict.VALID, "li", "", MAY))
    assert order()[0] == "2"
    why = raised_because(market.store, market.get("2"))
    assert why.startswith("photograph of a confirmed advertisement: mall 1 (crop, ")
    assert raised_because(market.store, market.get("3")) == ""
    market.store.judge("mall", "1", Decision(Verdict.FAKE, "li", "", MAY))
    assert raised_because(market.store, market.get("2")) == ""


def test_stock_photographs_link_nothing(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "COPIES", 4)
    for ad_id in "123":
        market.add(ad_id, photo(1))
    assert market.look().stock == 0
    assert market.others("1") == {"2", "3"}
    market.add("4", photo(1, lambda image: image.resize((300, 300))), photo(7))
    market.add("5", photo(7))
    done = market.look()
    assert done.stock == 2
    assert market.others("1") == set(), "earlier links end"
    assert market.others("4") == {"5"}


def test_what_cannot_be_read_is_counted_and_the_rest_is_read(market: Market) -> None:
    market.add("1", b"<html>404</html>", b"<svg/>", photo(1)[:3000], photo(2))
    market.add("2", b"<svg/>")
    done = market.look()
    assert (done.pictures, done.read) == (4, 1)
    assert done.unread == {
        "a page in place of a picture": 1, "SVG, which is not read": 1, "truncated JPEG": 1,
    }  # fmt: skip
    again = market.look()
    assert (again.read, again.unread) == (0, done.unread), "counted each time, read once"


def test_a_lost_object_is_counted_and_tried_again(market: Market) -> None:
    data = photo(1)
    market.add("1", data)
    record = market.evidence.captures.of("mall", "1")[0].record
    kept = market.evidence.objects.get(record)
    market.evidence.objects.delete(record)
    assert market.look().unread == {"its capture cannot be read": 1}
    market.evidence.objects.put(kept)
    assert market.look().read == 1


def test_it_is_bounded_and_goes_on(market: Market) -> None:
    market.add("1", photo(1), photo(2), photo(3))
    first = market.look(most=2)
    assert (first.read, first.remaining) == (2, 1)
    second = market.look(most=2)
    assert (second.read, second.remaining) == (1, 0)
    assert len(readings(market.store)) == 3


def test_other_readers_read_again(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    market.add("1", photo(1))
    market.look()
    monkeypatch.setattr(looking, "readers", lambda _model: "a later reader")
    assert market.look().read == 1
    assert readings(market.store)[sha(photo(1))].seen_by == "a later reader"


@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.parametrize("changed", ["READING_VERSION", "RULES"])
def test_links_of_other_rules_are_decided_anew(
    market: Market, monkeypatch: pytest.MonkeyPatch, changed: str, *, sure: bool
) -> None:
    market.add("1", photo(1))
    market.add("2", photo(1, mirrored))
    market.add("5", photo(9))
    market.look()
    shas = sha(photo(1)), sha(photo(9))
    wrong = Link(SAME_PICTURE, ("mall", "1"), ("mall", "5"), "a watermark", *shas, sure=sure)
    # The picture of this one is kept no longer, so that nothing could make the link again.
    old = Link(SAME_PICTURE, ("mall", "1"), ("mall", "9"), "crop", shas[0], "0" * 64)
    save_links(market.store, [wrong, old])
    assert (market.look().alike, market.others("1")) == (0, {"2", "5", "9"})
    monkeypatch.setattr(looking, changed, 99)
    done = market.look()
    assert (done.read, done.links, done.alike, done.undone) == (0, 0, 0, 1)
    assert market.others("1") == {"2", "9"}
    assert "1 link by pictures is not made any longer" in "\n".join(lines_of(done))
    assert market.look().undone == 0


def test_a_month_limits_what_is_read_and_links_to_all(market: Market) -> None:
    market.add("1", photo(1))
    market.look()
    market.add("2", photo(1, mirrored), at=JUNE)
    market.add("3", photo(3), at=JUNE)
    done = look(market.store, market.evidence, tagger(), JUNE, ads={("mall", "2")})
    assert (done.pictures, done.read) == (1, 1)
    assert market.others("1") == {"2"}


TEXT = "老象牙手镯 包浆浓郁 内径58"


def test_reposts_are_linked_to_the_earlier_and_to_what_was_removed(market: Market) -> None:
    market.add("1", title=TEXT, description="家传老物件，支持鉴定，假一赔十")
    market.add("2", title="虎骨手串 十八子 佛珠")
    market.add("3", title=f"{TEXT}圈", description="家传老物件，支持鉴定，假一赔十！", at=JUNE)
    market.add("4", title=TEXT, description="全新定制，当天发货，量大从优，欢迎来图", at=JUNE)
    keep_checks(market.store, [Recheck("mall", "1", MAY + timedelta(days=3), State.REMOVED)])
    done = market.look()
    assert (done.reposts, done.after_removal) == (1, 1)
    (link,) = links_of(market.store, ("mall", "3"), REPOST)
    assert (link.other, link.removed[:10]) == (("mall", "1"), "2016-05-04")
    assert link.how.startswith("title 9")
    assert market.others("1", REPOST) == set()
    assert market.look().reposts == 0


def test_reposts_after_a_removal_are_listed_with_what_was_not_compared(market: Market) -> None:
    seen = "家传老物件，支持鉴定，假一赔十"
    gone = MAY + timedelta(days=3)
    market.add("1", photo(1), title=TEXT, description=seen)
    market.add("before", title=f"{TEXT}圈", description=seen, at=MAY + timedelta(days=1))
    removed = RemovalOutcome(
        "mall", "1", "", "2016-05", MAY.date(), None, State.REMOVED, gone.date(), None
    )
    up = replace(removed, ad_id="before", state=State.UP)
    keep_checks(market.store, [Recheck("mall", "1", gone, State.REMOVED)])
    market.add("3", title=f"{TEXT}圈", description=f"{seen}！", at=JUNE)
    assert reposts_of(market.store, [removed, up]) == Reposts((), checked=1, compared=0)
    assert not reposts_of(market.store, [removed]).known
    market.look()
    market.add("4", photo(1, mirrored), site="forum", at=JUNE)
    market.add("5", title="虎骨手串 十八子 佛珠", at=JUNE)
    market.store.judge("mall", "3", Decision(Verdict.FAKE, "Li", "", JUNE))
    look(market.store, market.evidence, tagger(), JUNE, ads={("forum", "4")})
    found = reposts_of(market.store, [removed, up])
    assert [(each.site, each.ad_id, each.how, each.verdict) for each in found.found] == [
        ("forum", "4", (PICTURE,), "pending"), ("mall", "3", (SAME_TEXT,), "fake"),
    ]  # fmt: skip
    assert {(each.original_id, str(each.removed)) for each in found.found} == {("1", "2016-05-04")}
    assert (found.checked, found.compared, found.by_site()) == (3, 2, {"mall": 1})
    assert reposts_of(market.store, [up]) == Reposts()


def test_short_and_everyday_titles_are_no_reposts(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wildcrawl.review.looking.reposts.COPIES", 5)
    for number in range(3):
        market.add(f"short{number}", title="象牙手镯")
    for number in range(7):
        market.add(f"everyday{number}", title="精品收藏 象牙雕刻摆件一个")
    assert market.look().reposts == 0
