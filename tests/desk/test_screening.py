"""Screening pages: verdicts, corrections, undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.helpers.desk_cards import FOUND, HOSTILE, ad, judge, keep, kept
from tests.helpers.desk_data import REUSED_FOUND, client_of, desk_in, keep_reused_id, let_in
from tests.helpers.evidence_data import keep_capture
from wildcrawl.commands.desk import rules_note
from wildcrawl.desk import close_app, create_app
from wildcrawl.desk.accounts import Access
from wildcrawl.desk.accounts.access import OneTimeToken
from wildcrawl.store import Store


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return client_of(desk_in(tmp_path))


def corrected(was: str, species: list[str], **words: tuple[str, str]) -> dict[str, str | list[str]]:
    """Form fields of corrections: the values when rendered, and the current ones."""
    form: dict[str, str | list[str]] = {"was_species": was, "species": species}
    for name, (before, now) in words.items():
        form |= {f"was_{name}": before, name: now}
    return form


def test_the_likeliest_comes_first_with_all_that_a_person_needs(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(
        tmp_path,
        ad("1", "牙雕", terms=["牙雕"]),
        ad(
            "22",
            "老象牙手镯 一只",
            terms=["象牙", "象牙手镯"],
            description="包浆好",
            price="￥1200",
            price_kind="amount",
            price_cny=Decimal(1200),
            price_usd=Decimal("174.17"),
            url="https://fair.example/22",
            image_urls=["https://fair.example/22.jpg"],
            seller="某某",
            found_by=["象牙"],
        ),
    )
    page = client.get("/screen/").text
    for shown in ("老象牙手镯 一只", "包浆好", "￥1200", "CNY 1,200", "某某", "ivory", "象牙手镯"):
        assert shown in page
    assert 'href="https://fair.example/22" target="_blank" rel="noreferrer noopener"' in page
    assert "2 pending" in page
    assert "<img" not in page


def test_a_verdict_is_saved_with_its_author_and_the_next_is_shown(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"))
    assert "牙雕 乙" in client.get("/screen/").text
    code, page = judge(client, "22", "valid", note="clear")
    assert code == 200
    assert '<strong>valid</strong>: <span lang="zh">牙雕 乙</span>' in page
    assert '<h1 lang="zh">牙雕 甲</h1>' in page
    assert 'name="by" value="Li"' in page
    stored = kept(tmp_path, "22")
    assert (stored.verdict, stored.screened_by, stored.note) == ("valid", "Li", "clear")
    assert [(each.field, each.new) for each in stored.history] == [("verdict", "valid")]
    _, page = judge(client, "1", "irrelevant")
    assert "No advertisements are pending" in page


def test_a_name_is_one_line_that_turns_no_text(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"), ad("22"))
    judge(client, "1", "valid", by="\u202eLi\n\x1b[31m 李")
    assert kept(tmp_path, "1").screened_by == "Li [31m 李"
    client.set_cookie("by", "\u202e")
    answer, _ = judge(client, "22", "valid", by="\u200b")
    assert (answer, kept(tmp_path, "22").verdict) == (400, "pending")


def test_a_verdict_can_be_undone(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"))
    client.get("/screen/")
    judge(client, "22", "fake", note="kept")
    undone = client.post(
        "/screen/undo", data={"site": "fair", "ad_id": "22"}, follow_redirects=True
    )
    assert '<h1 lang="zh">牙雕 乙</h1>' in undone.text
    stored = kept(tmp_path, "22")
    assert (stored.verdict, stored.screened_by, stored.note) == ("pending", "", "kept")
    assert '<h1 lang="zh">牙雕 乙</h1>' in client.get("/screen/").text


def test_tags_can_be_corrected(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", species=["rhino_horn", "gone"], product_type="raw"))
    page = client.get("/screen/").text
    for shown in (
        '<option value="ivory">Ivory</option>',
        '<option value="rhino_horn" selected>Rhino horn</option>',
        'value="gone" form="judge" autocomplete="off" checked> gone',
        '<option value="raw" selected>raw</option>',
        '<option value="" selected>none</option>',
        'name="was_species" value="rhino_horn;gone" form="judge"',
    ):
        assert page.count(shown) == 1, shown
    assert "set by a person" not in page


def test_corrections_are_saved_and_shown(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕", product_type="raw", age_claim="old"))
    given = corrected("ivory", ["rhino_horn", "", "ivory"], age_claim=("old", "old"))
    code, page = judge(client, "1", "valid", **given)
    assert code == 200
    assert "Species Ivory → Rhino horn; Ivory" in page
    stored = kept(tmp_path, "1")
    assert (stored.species, stored.product_type) == (["rhino_horn", "ivory"], "raw")
    assert (stored.age_claim, stored.by_person) == ("old", ["species"])
    page = client.get("/screen/ad?site=fair&ad_id=1").text
    assert page.count("set by a person") == 1
    assert page.count("Ivory → Rhino horn; Ivory") == 1
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.species, stored.by_person) == ("pending", ["ivory"], [])


@pytest.mark.parametrize(
    ("was", "chosen", "expected"),
    [
        ("ivory", ["ivory"], None),
        ("", [""], None),
        ("whale;tiger;ivory", ["whale", "ivory", "tiger"], None),
        ("whale;tiger;ivory", ["tiger", "ivory"], ["tiger", "ivory"]),
        ("whale;tiger;ivory", ["whale", "ivory", "rhino_horn", "tiger"],
         ["whale", "tiger", "ivory", "rhino_horn"]),
        ("ivory", ["", "rhino_horn"], ["rhino_horn"]),
        ("ivory", [""], []),
    ],
)  # fmt: skip
def test_the_primary_species_comes_first_and_an_order_is_no_change(
    client: FlaskClient,
    tmp_path: Path,
    was: str,
    chosen: list[str],
    expected: list[str] | None,
) -> None:
    before = [name for name in was.split(";") if name]
    keep(tmp_path, ad("1", species=before))
    judge(client, "1", "valid", **corrected(was, chosen))
    stored = kept(tmp_path, "1")
    assert stored.species == (before if expected is None else expected)
    assert stored.by_person == ([] if expected is None else ["species"])


def test_a_concurrent_retagging_is_not_a_correction(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", species=["rhino_horn"]))
    judge(client, "1", "valid", **corrected("ivory", ["ivory"], product_type=("", "raw")))
    stored = kept(tmp_path, "1")
    assert (stored.species, stored.product_type) == (["rhino_horn"], "raw")
    assert stored.by_person == ["product_type"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"species": ["ivroy"]}, "&#39;ivroy&#39; is not a valid species group (did you mean"),
        (
            {"species": ["ivory", "panda"]},
            "&#39;panda&#39; is not a valid species group; choose one of ivory",
        ),
        (
            {"was_product_type": "", "product_type": "vase"},
            "&#39;vase&#39; is not a valid product type; choose one of raw",
        ),
        (
            {"was_age_claim": "", "age_claim": "ancient"},
            "&#39;ancient&#39; is not a valid age claim; choose one of old, new",
        ),
    ],
)
def test_an_invalid_correction_is_reported_and_nothing_is_saved(
    client: FlaskClient, tmp_path: Path, given: dict[str, str | list[str]], message: str
) -> None:
    keep(tmp_path, ad("1"))
    code, page = judge(client, "1", "valid", **(corrected("ivory", ["ivory"]) | given))
    assert code == 400
    assert message in page
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.species, stored.history) == ("pending", ["ivory"], [])


def test_unsaved_input_remains_in_the_form(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", age_claim="old"))
    judge(
        client_of(desk_in(tmp_path)), "1", "fake", by="Wang", was_age_claim="old", age_claim="new"
    )
    given = corrected("ivory", ["rhino_horn", "ivory"], age_claim=("old", "old"))
    code, page = judge(client, "1", "valid", note="mine", **given)
    assert code == 409
    assert kept(tmp_path, "1").species == ["ivory"]
    again = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    page = client.post("/screen/again", data=MultiDict(again)).text
    assert '<option value="rhino_horn" selected>' in page
    assert 'value="ivory" form="judge" autocomplete="off" checked>' in page
    assert '<option value="new" selected>' in page, "unchanged fields have the stored value"
    assert 'name="note" value="mine"' in page
    assert kept(tmp_path, "1").species == ["ivory"]


def test_both_states_of_a_changed_advertisement_are_on_its_card(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep_reused_id(tmp_path, description=HOSTILE)
    page = client.get("/screen/").text
    before, now = page.split('<div class="state">')[1:3]
    now = now.partition("</section>")[0]
    assert "judge it again" in page
    assert "another advertisement under the same id, judged valid by Wang before" in page
    for shown in ("<strong>valid</strong> (Wang): lines seen", "民国老象牙手镯", "2800", "ivory"):
        assert shown in before
        assert shown not in now
    for shown in ("犀角雕荷叶杯", "56000", "rhino_horn", "5566aa77bb.jpg"):
        assert shown in now
        assert shown not in before
    assert "<script>alert" not in page
    assert "Another advertisement under the id 民国老象牙手镯 58圈口 → 犀角雕荷叶杯" in page
    judge(client, "1", "fake", by="Li")
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.first_seen) == ("fake", REUSED_FOUND)
    page = client.get("/screen/ad?site=fair&ad_id=1").text
    assert '<section class="states"' not in page, "it is judged"
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    assert '<section class="states"' in client.get("/screen/ad?site=fair&ad_id=1").text


def test_a_verdict_on_the_earlier_state_is_not_saved_on_the_new_one(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep_reused_id(tmp_path)
    code, page = judge(client, "1", "valid", reuse="")
    assert code == 409
    assert "another advertisement under this id meanwhile" in page
    assert kept(tmp_path, "1").verdict == "pending"
    shown = page.partition('name="reuse" value="')[2].partition('"')[0]
    assert shown.startswith("2026-12-03T04:00:00")
    assert judge(client, "1", "valid", reuse=shown)[0] == 200
    assert kept(tmp_path, "1").verdict == "valid"


def test_a_sold_advertisement_shows_its_last_asked_price(
    client: FlaskClient, tmp_path: Path
) -> None:
    offered = ad("1", price="2800", price_kind="amount", price_amount=Decimal(2800))
    later = {"price": "999999", "price_kind": "placeholder", "found_at": FOUND + timedelta(days=9)}
    keep(tmp_path, offered)
    assert "Marked as sold" not in client.get("/screen/").text
    keep(tmp_path, replace(offered, **later))  # type: ignore[arg-type]
    page = client.get("/screen/").text
    assert "Marked as sold (999999): the price is the last asked one." in page
    assert '<p class="price">2800' in page
    assert "Sold 2800 → 999999" in page


def test_other_rules_are_noted_when_the_queue_is_read(tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲", rules="old"))
    plain = desk_in(tmp_path)
    assert "other rules" not in client_of(plain).get("/screen/").text
    # The first browser has the only card, so that another one opens it by its address.
    card = "/screen/ad?site=fair&ad_id=1"
    client = client_of(replace(plain, rules_note=partial(rules_note, "new")))
    assert "Other persons have the last advertisements" in client.get("/screen/").text
    assert "other rules than those of the vocabulary: 1;" in client.get(card).text
    client = client_of(replace(plain, rules_note=partial(rules_note, "old")))
    assert "other rules" not in client.get(card).text


def test_later_moves_an_advertisement_to_the_end(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"), ad("333", "牙雕 丙"))
    order = []
    for _ in range(4):
        page = client.get("/screen/").text
        shown = page.partition('<h1 lang="zh">')[2].partition("<")[0]
        order.append(shown)
        ad_id = {"甲": "1", "乙": "22", "丙": "333"}[shown[-1]]
        client.post("/screen/later", data={"site": "fair", "ad_id": ad_id})
    assert set(order[:3]) == {"牙雕 甲", "牙雕 乙", "牙雕 丙"}
    assert order[3] == order[0]
    assert kept(tmp_path, "1").verdict == "pending"


def test_a_verdict_of_somebody_else_is_not_overwritten(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    client.get("/screen/")
    other = client_of(desk_in(tmp_path))
    judge(other, "1", "irrelevant", by="Wang")
    code, page = judge(client, "1", "valid")
    assert code == 409
    assert "Not saved: Wang judged it irrelevant meanwhile." in page
    assert kept(tmp_path, "1").verdict == "irrelevant"
    code, _ = judge(client, "1", "valid", was="irrelevant")
    assert (code, kept(tmp_path, "1").verdict) == (200, "valid")


def test_advertisements_judged_elsewhere_are_skipped(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"), ad("333", "牙雕 丙"))
    assert '<h1 lang="zh">牙雕 丙</h1>' in client.get("/screen/").text
    # The other person goes on with the second card, which this one then does not get.
    _, page = judge(client_of(desk_in(tmp_path)), "333", "valid", by="Wang")
    assert '<h1 lang="zh">牙雕 乙</h1>' in page
    assert '<h1 lang="zh">牙雕 甲</h1>' in client.get("/screen/").text


def test_reloading_the_queue_shows_new_advertisements(client: FlaskClient, tmp_path: Path) -> None:
    assert "No advertisements are pending" in client.get("/screen/").text
    keep(tmp_path, ad("1", "牙雕 甲"))
    assert "牙雕 甲" in client.post("/screen/anew", follow_redirects=True).text


def test_set_aside_ones_are_queued_only_as_a_sample(client: FlaskClient, tmp_path: Path) -> None:
    keep(
        tmp_path,
        ad("1", "仿象牙", relevance="set_aside", audit=True, reason="imitation"),
        ad("22", "猛犸牙", relevance="set_aside", reason="mammoth"),
    )
    page = client.get("/screen/").text
    assert "仿象牙" in page
    assert "audit of: imitation" in page
    assert "1 pending" in page


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"by": " "}, 400),
        ({"verdict": "maybe"}, 404),
        ({"verdict": "pending"}, 404),
        ({"ad_id": "none"}, 404),
    ],
)
def test_an_invalid_verdict_changes_nothing(
    client: FlaskClient, tmp_path: Path, given: dict[str, str], code: int
) -> None:
    keep(tmp_path, ad("1"))
    form = {"site": "fair", "ad_id": "1", "was": "pending", "by": "Li", "verdict": "valid"}
    assert client.post("/screen/verdict", data=form | given).status_code == code
    assert kept(tmp_path, "1").verdict == "pending"


def test_texts_of_sellers_are_escaped(client: FlaskClient, tmp_path: Path) -> None:
    hostile = ad(
        HOSTILE,
        HOSTILE,
        description=HOSTILE,
        price=HOSTILE,
        seller=HOSTILE,
        url="javascript:alert(1)",
        image_urls=["data:text/html,x", "https://seller.example/a.jpg"],
        original_title=HOSTILE,
        original_description=HOSTILE + "!",
    )
    keep(tmp_path, hostile)
    page = client.get("/screen/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert 'href="data:' not in page
    _, page = judge(client, HOSTILE, "valid")
    assert "<script>alert" not in page


def test_another_page_cannot_judge(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1"))
    form = {"site": "fair", "ad_id": "1", "was": "pending", "by": "x", "verdict": "valid"}
    for action in ("verdict", "undo", "later"):
        answer = client.post(
            f"/screen/{action}", data=form, headers={"Origin": "http://evil.example"}
        )
        assert answer.status_code == 403
    assert kept(tmp_path, "1").verdict == "pending"


def test_a_card_opened_from_a_list_counts_all_that_wait(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"), ad("22"), ad("333"))
    assert "<span>3 pending</span>" in client.get("/screen/ad?site=fair&ad_id=1").text


def test_a_request_uses_one_store_and_gives_it_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a store may be idle for long between two requests.
    monkeypatch.setattr("wildcrawl.desk.store_pool.StorePool.close_idle", lambda _: None)
    # Nor may the verdicts of the day be counted between two requests, in the background.
    monkeypatch.setattr("wildcrawl.desk.team._PAUSE", 1_000)
    monkeypatch.setattr("wildcrawl.desk.card_evidence._WAIT", 1_000)
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"), ad("333", "牙雕 丙"))
    plain = desk_in(tmp_path)
    events: list[str] = []

    @contextmanager
    def counted() -> Iterator[Store]:
        events.append("open")
        with plain.store() as store:
            yield store
        events.append("close")

    app = create_app(replace(plain, store=counted))
    client = let_in(app)
    form = {"site": "fair", "ad_id": "22", "was": "pending", "by": "Li", "verdict": "valid"}
    for address in ("/worksheets/fair/2026-11/", "/static/desk.css", "/nowhere"):
        client.get(address)
        assert events == [], address
    for method, address, code in (
        ("GET", "/", 200),
        ("GET", "/screen/", 200),
        ("GET", "/screen/?anew=1", 200),
        ("GET", "/screen/?site=fair&ad_id=22", 200),
        ("GET", "/screen/ad?site=fair&ad_id=none", 404),
        ("POST", "/screen/verdict", 302),
        ("POST", "/screen/undo", 302),
    ):
        assert client.open(address, method=method, data=form).status_code == code
        assert events == ["open"], address
    close_app(app)
    assert events == ["open", "close"]


def test_a_store_that_cannot_be_opened_is_a_one_line_error(tmp_path: Path) -> None:
    client = client_of(desk_in(tmp_path / "missing"))
    answer = client.get("/screen/")
    assert answer.status_code == 500
    assert f"the folder {tmp_path / 'missing'} of the store store.db is missing" in answer.text
    assert "of the store store.db is missing" in client.get("/").text


def test_a_link_of_another_website_gives_a_card_that_takes_no_keys_yet(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"))
    for sender, foreign in (("cross-site", True), ("same-site", True), ("none", False)):
        headers = {"Sec-Fetch-Site": sender, "Sec-Fetch-Dest": "document"}
        page = client.get("/screen/", headers=headers).text
        assert ('<html lang="en" data-foreign>' in page) is foreign
        assert ("Another website opened this page" in page) is foreign


def test_undo_gives_back_the_verdict_of_the_person_before(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"), ad("22"))
    judge(client_of(desk_in(tmp_path)), "1", "valid", by="Wang", note="seen")
    judge(client, "1", "fake", was="valid", note="resin after all")
    client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.screened_by, stored.note) == ("valid", "Wang", "seen")
    client.post("/screen/redo")
    stored = kept(tmp_path, "1")
    assert (stored.verdict, stored.screened_by, stored.note) == ("fake", "Li", "resin after all")
    judge(client_of(desk_in(tmp_path)), "1", "irrelevant", by="Wang", was="fake")
    answer = client.post("/screen/undo", data={"site": "fair", "ad_id": "1"})
    assert (answer.status_code, kept(tmp_path, "1").verdict) == (409, "irrelevant")
    assert "Nothing was changed: Wang judged it irrelevant meanwhile." in answer.text


def test_a_session_undoes_and_redoes_all_its_verdicts(client: FlaskClient, tmp_path: Path) -> None:
    ids = [str(number) for number in range(5)]
    keep(tmp_path, *(ad(each) for each in ids))
    for each in ids:
        judge(client, each, "valid", note=each)
    assert client.get("/screen/session").text.count("<li><strong>valid") == 5
    for each in reversed(ids):
        client.post("/screen/undo", data={"site": "fair", "ad_id": each})
    assert {kept(tmp_path, each).verdict for each in ids} == {"pending"}
    for _ in range(4):
        client.post("/screen/redo")
    assert [kept(tmp_path, each).verdict for each in ids] == ["valid"] * 4 + ["pending"]
    judge(client, "4", "fake")
    client.post("/screen/redo")
    assert kept(tmp_path, "4").verdict == "fake", "a new verdict leaves nothing to redo"
    other = client_of(desk_in(tmp_path))
    assert other.post("/screen/redo").status_code == 302
    assert "Nothing yet." in other.get("/screen/session").text


def test_a_reason_belongs_to_the_verdict_that_it_explains(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"), ad("22"))
    form = {"site": "fair", "ad_id": "1", "reason": "mammoth"}
    assert client.post("/screen/reason", data=form).status_code == 400, "it has no verdict"
    judge(client, "1", "irrelevant")
    assert client.post("/screen/reason", data=form | {"reason": "cheese"}).status_code == 400
    client.post("/screen/reason", data=form)
    page = client.get("/screen/ad?site=fair&ad_id=1").text
    assert "irrelevant (Li), mammoth" in page
    judge(client, "1", "fake", was="irrelevant")
    assert "mammoth</dd>" not in client.get("/screen/ad?site=fair&ad_id=1").text
    told = client.post("/screen/reason", data=form, headers={"Accept": "application/json"})
    assert told.json == {"reason": "mammoth", "name": "mammoth"}
    client.post("/screen/reason", data=form | {"reason": ""})
    assert "mammoth</dd>" not in client.get("/screen/ad?site=fair&ad_id=1").text


def test_an_unsure_card_waits_for_a_second_person(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", "牙雕 甲"), ad("22", "牙雕 乙"))
    form = {"site": "fair", "ad_id": "22", "by": "Li", "note": "纹路不清"}
    assert client.post("/screen/unsure", data=form | {"by": " "}).status_code == 400
    assert "牙雕 甲" in client.post("/screen/unsure", data=form, follow_redirects=True).text
    judge(client, "1", "valid")
    empty = client.get("/screen/").text
    assert "Li was unsure" in empty
    assert "纹路不清" in empty
    assert kept(tmp_path, "22").verdict == "pending"
    second = client_of(desk_in(tmp_path))
    page = second.get("/screen/").text
    assert "<strong>Li was unsure</strong>" in page
    judge(second, "22", "fake", by="Wang")
    assert "unsure<" not in second.get("/screen/").text
    assert client.post("/screen/unsure", data=form).status_code == 409


def test_matched_terms_are_marked_with_the_reason(client: FlaskClient, tmp_path: Path) -> None:
    keep(tmp_path, ad("1", '老象牙<b> 果冻料"', description=f"{HOSTILE} 犀角杯"))
    page = client.get("/screen/").text
    assert '<h1 lang="zh">老<mark title="Ivory, name">象牙</mark>&lt;b&gt; ' in page
    assert '<mark title="Rhino horn, name">犀角</mark>杯' in page
    assert '<span lang="zh">犀角</span> <span class="soft">Rhino horn, name</span>' in page
    assert "<script>alert" not in page


def test_what_the_second_reader_raised_is_explained_wherever_it_is_counted(
    client: FlaskClient, tmp_path: Path
) -> None:
    keep(tmp_path, ad("1"), ad("22", relevance="second_reader", terms=[]))
    said, no_page = "raised by a model", "No page of this one is kept"
    month = f"{FOUND:%Y-%m}"
    assert said in client.get(f"/?month={month}").text
    assert said in client.get("/advertisements?relevance=second_reader&verdicts=pending").text
    assert said not in client.get("/advertisements").text
    raised, other = (client.get(f"/screen/ad?site=fair&ad_id={each}").text for each in ("22", "1"))
    assert (said in raised, no_page in raised) == (True, True)
    assert (said in other, no_page in other) == (False, False)
    keep_capture(tmp_path, "page", b"<p>raised</p>", ad_id="22")
    raised = client.get("/screen/ad?site=fair&ad_id=22").text
    assert (said in raised, no_page in raised) == (True, False)


def test_the_picture_that_is_prepared_is_of_a_card_that_nobody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "wildcrawl.desk.card_evidence.CardEvidence.prepare",
        lambda _, keys, __: prepared.append(keys[0]),
    )
    keep(tmp_path, *(ad(str(number), f"牙雕 {number}") for number in range(4)))
    app = create_app(desk_in(tmp_path), Access(token=OneTimeToken(lambda _: None)))
    pages = [let_in(app).get("/screen/").text for _ in range(2)]
    shown = [page.partition('name="ad_id" value="')[2].partition('"')[0] for page in pages]
    assert len({*shown}) == 2
    # The first person's next card was the second person's: that of the second is a third one.
    assert prepared[0] == ("fair", shown[1])
    assert prepared[1][1] not in shown
