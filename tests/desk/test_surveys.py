"""Survey pages: accounts, surveys and posts by form, with the figures of survey files."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from exports.context import Social
from exports.dataset import read_report_data
from exports.formats import Formats
from exports.narrative import social_sentences
from exports.tables.products import product_types
from exports.tables.social import social_accounts, social_summary, social_surveys
from exports.texts import texts_of
from tests.helpers.desk_data import client_of, desk_in
from tests.helpers.desk_entrance import served
from tests.helpers.evidence_data import photograph
from tests.helpers.exports_data import context, frame
from wildcrawl.desk import create_app
from wildcrawl.evidence import Custody
from wildcrawl.store import Store, open_store
from wildcrawl.store.survey_entry import DRAFTS, SurveyBook, unfinished
from wildcrawl.store.surveys import put_surveys, survey_frames
from wildcrawl.tabular.surveys import read_surveys

JSON = {"Accept": "application/json"}
SHEET = "/surveys/sheet?survey=2026-1&account=甲店"
PLACE = {"survey": "2026-1", "account": "甲店"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[FlaskClient, Path]:
    """A client of a desk, and the desk's folder."""
    folder = tmp_path_factory.mktemp("desk")
    return client_of(desk_in(folder)), folder


@pytest.fixture
def client(desk: tuple[FlaskClient, Path]) -> FlaskClient:
    """The client at a store with one account and one survey alone."""
    client, folder = desk
    for file in folder.glob("store.db*"):
        file.unlink()
    sent(client, "account", year="2026", account="甲店", status="active", seen="")
    sent(client, "survey", survey="2026-1", date="2026-05-12", start="09:00", seen="")
    return client


@pytest.fixture
def store(client: FlaskClient, desk: tuple[FlaskClient, Path]) -> Iterator[Store]:
    with closing(open_store(f"sqlite:///{desk[1] / 'store.db'}")) as opened:
        yield opened


def sent(client: FlaskClient, page: str, code: int = 302, /, **form: object) -> TestResponse:
    answer = client.post(f"/surveys/{page}", data=form)
    assert answer.status_code == code, answer.text
    return answer


def post(client: FlaskClient, code: int = 302, /, **form: object) -> str:
    token = str(form.pop("token", secrets.token_hex(16)))
    sent(client, "post", code, **{**PLACE, "token": token, "species": "ivory", **form})
    return token


def forms_of(page: str) -> list[dict[str, str]]:
    """The hidden fields and values of the forms of posts on a sheet."""
    parts = re.findall(r'<form class="row post".*?</form>', page, flags=re.DOTALL)
    fields = r'name="(\w+)"(?: type="\w+")?[^>]*? value="([^"]*)"'
    return [{name: unescape(text) for name, text in re.findall(fields, part)} for part in parts]


def test_a_survey_by_form_gives_the_tables_of_the_same_survey_by_file(
    client: FlaskClient, store: Store, tmp_path: Path
) -> None:
    sent(
        client,
        "account",
        year="2026",
        account="甲店二号",
        status="suspended",
        dealer="甲店",
        seen="",
    )
    sent(client, "account", year="2026", account="乙店", status="quit", formerly="老乙", seen="")
    sent(client, "account", year="2025", account="甲店", status="active", seen="")
    for name, day in (("2025-1", "2025-05-12"), ("2026-2", "2026-06-01"), ("2026-3", "2026-07-01")):
        totals = {"advertisements": "44", "images": "120"} if name == "2026-3" else {}
        sent(client, "survey", survey=name, date=day, seen="", **totals)
    post(client, images="3", product_type="raw", price="￥2800", title="老料")
    post(client, images="1", videos="2", advertisements="2", species="rhino_horn")
    post(client, account="甲店二号", product_type="worked_carved", images="5")
    post(client, survey="2026-2", account="老乙", images="7")
    post(client, survey="2025-1", product_type="raw", images="4")

    folder = tmp_path / "file"
    folder.mkdir()
    (folder / "accounts.csv").write_text(
        "account,year,status,formerly,dealer\n甲店,2025,active,,\n甲店,2026,active,,\n"
        "甲店二号,2026,suspended,,甲店\n乙店,2026,quit,老乙,\n"
    )
    (folder / "surveys.csv").write_text(
        "survey,date,start,advertisements,images\n2025-1,2025-05-12,,,\n2026-1,2026-05-12,09:00,,\n"
        "2026-2,2026-06-01,,,\n2026-3,2026-07-01,,44,120\n"
    )
    (folder / "posts.csv").write_text(
        "survey,account,post,species,product_type,images,videos,advertisements,price,title\n"
        "2026-1,甲店,1,ivory,raw,3,,,￥2800,老料\n2026-1,甲店,2,rhino_horn,,1,2,2,,\n"
        "2026-1,甲店二号,1,ivory,worked_carved,5,,,,\n2026-2,老乙,1,ivory,,7,,,,\n"
        "2025-1,甲店,1,ivory,raw,4,,,,\n"
    )
    reading = read_surveys(folder, ("ivory", "rhino_horn"), today=date(2026, 11, 24))
    assert not any(reading.rejections.values())
    months = [f"2026-{month:02d}" for month in range(1, 12)]
    tables = []
    with closing(open_store(f"sqlite:///{folder / 'store.db'}")) as by_file:
        put_surveys(by_file, reading.items)
        for each in (store, by_file):
            social = Social(*survey_frames(each))
            data = read_report_data(frame(), context(*months, social=social))
            makers = (social_surveys, social_summary, social_accounts, product_types)
            tables.append([make(data).rows.rows() for make in makers])
        assert {
            (item.survey, item.post, item.price) for item in SurveyBook(store).stored.posts
        } == {(item.survey, item.post, item.price) for item in SurveyBook(by_file).stored.posts}
    assert tables[0] == tables[1]
    assert tables[0][0][0] == ("2026", "2026-1", "2026-05-12", 2, 4, 11)
    assert tables[0][1][0][:2] == ("2026", 3)


def test_what_is_typed_is_a_draft_until_it_is_saved_and_counts_once(
    client: FlaskClient, store: Store
) -> None:
    token = secrets.token_hex(16)
    typed = {**PLACE, "token": token, "images": "2", "title": "新到"}
    saved = client.post("/surveys/post", data=typed, headers=JSON)
    assert saved.get_json()["mistakes"] == {}
    page = client.get(SHEET).text
    assert "Typed and not saved yet" in page
    assert {"token": token, "images": "2", "title": "新到"}.items() <= forms_of(page)[0].items()
    assert "1 not saved yet" in client.get("/surveys/?year=2026").text
    sent(client, "finished", 409, **PLACE, done="1")
    # Without a species nothing counts, and what was typed remains.
    assert "Choose the species." in sent(client, "post", 422, **typed).text
    for _ in range(2):
        post(client, token=token, images="2", title="新到")
    book = SurveyBook(store)
    assert [(each.post, each.images) for each in book.posts("2026-1", "甲店")] == [("1", 2)]
    assert store.documents(DRAFTS) == {}
    # A late autosave of the saved form does not bring the draft back.
    client.post("/surveys/post", data=typed, headers=JSON)
    assert store.documents(DRAFTS) == {}
    for wrong in ("-1", "1.5", "1000000", "两张"):
        assert (
            "whole number"
            in sent(
                client,
                "post",
                422,
                **{**typed, "species": "ivory", "token": "a" * 32, "images": wrong},
            ).text
        )
    sent(client, "draft/discard", **PLACE, token="a" * 32)
    assert len(SurveyBook(store).stored.posts) == 1


@pytest.mark.slow
@pytest.mark.xdist_group("desk")
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("zh", 390)])
def test_a_half_typed_post_survives_a_reload_and_is_saved_by_enter(
    desk: tuple[FlaskClient, Path], store: Store, chromium: Browser, lang: str, width: int
) -> None:
    said = "已填写但未保存" if lang == "zh" else "Typed and not saved yet"
    with served(create_app(desk_in(desk[1]))) as address:
        page = chromium.new_page(
            viewport={"width": width, "height": 800}, extra_http_headers={"Accept-Language": lang}
        )
        page.goto(f"{address.rstrip('/')}{SHEET}")
        form = page.locator("form.post").first
        form.locator("[name=images]").fill("3")
        form.locator("[name=price]").fill("面议")
        # It says so once all that was typed is saved.
        expect(form.locator(".status")).to_contain_text("已保存" if lang == "zh" else "Saved")
        page.reload()
        form = page.locator("form.post").first
        expect(form).to_contain_text(said)
        expect(form.locator("[name=images]")).to_have_value("3")
        expect(form.locator("[name=price]")).to_have_value("面议")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        form.locator("[name=species]").select_option("ivory")
        form.locator("[name=images]").press("Enter")
        expect(page.locator("details.written")).to_have_count(1)
        page.close()
    (kept,) = SurveyBook(store).posts("2026-1", "甲店")
    assert (kept.images, kept.price, kept.species) == (3, "面议", "ivory")
    assert store.documents(DRAFTS) == {}


def test_two_persons_change_one_post_and_neither_is_overwritten(
    client: FlaskClient, store: Store
) -> None:
    post(client, images="2")
    shown = forms_of(client.get(SHEET).text)[-1]
    change = {**PLACE, "post": shown["post"], "seen": shown["seen"], "species": "ivory"}
    sent(client, "post", **change, token="a" * 32, images="5", by="Li")
    answer = sent(client, "post", 409, **change, token="b" * 32, images="9", by="Wang")
    said = unescape(answer.text)
    assert re.search(r"Li 2\d{3}-.* changed it meanwhile to: .*Images: 5, Advertisements: 1", said)
    again = forms_of(answer.text)[-1]
    assert again["images"] == "9"
    assert SurveyBook(store).posts("2026-1", "甲店")[0].images == 5
    # Having seen it, Wang may replace it.
    sent(client, "post", **{**change, "seen": again["seen"]}, token="b" * 32, images="9", by="Wang")
    assert SurveyBook(store).posts("2026-1", "甲店")[0].images == 9
    sent(client, "post/remove", 409, **change, token="c" * 32)
    shown = forms_of(client.get(SHEET).text)[-1]
    place = {**PLACE, "post": shown["post"]}
    sent(client, "post/remove", **place, seen=shown["seen"], token="c" * 32)
    assert SurveyBook(store).stored.posts == []
    assert "Undo the removal" in client.get(SHEET).text
    sent(client, "post/restore", **place)
    assert SurveyBook(store).posts("2026-1", "甲店")[0].images == 9


def test_accounts_are_renamed_closed_and_belong_to_dealers(
    client: FlaskClient, store: Store
) -> None:
    post(client)
    page = client.get("/surveys/account?account=甲店&year=2026").text
    before, seen = (
        unescape(re.findall(f'name="{name}" value="([^"]*)"', page)[0])
        for name in ("before", "seen")
    )
    form = {"before": before, "seen": seen, "year": "2026", "status": "moved"}
    sent(client, "account", **form, account="甲店新号")
    (account,) = SurveyBook(store).accounts(2026)
    assert (account.account, account.formerly, account.status) == ("甲店新号", "甲店", "moved")
    assert "1. 1 ad." in client.get(SHEET).text, "the old name leads to the account"
    # A second person with the old page changes nothing.
    sent(client, "account", 409, **form, account="另一个")
    sent(client, "account", 422, year="2026", account="甲店新号", status="active", seen="")
    wrong = sent(client, "account", 422, year="2026", account="", status="open", seen="").text
    assert "Write the account&#39;s name." in wrong
    assert "Choose the account&#39;s state." in wrong
    sent(
        client, "account", year="2026", account="备用", status="active", dealer="甲店新号", seen=""
    )
    year = client.get("/surveys/?year=2026").text
    assert re.search(r"backup of <span lang=\"zh\">甲店新号", year)
    new = client.get("/surveys/account?account=甲店新号&year=2026").text
    before, seen = (
        unescape(re.findall(f'name="{name}" value="([^"]*)"', new)[0])
        for name in ("before", "seen")
    )
    sent(client, "account/remove", 409, before=before, seen=seen, year="2026")


def test_no_change_of_an_account_leaves_its_posts_without_one(
    client: FlaskClient, store: Store
) -> None:
    post(client)

    def shown(name: str) -> dict[str, str]:
        page = client.get(f"/surveys/account?account={name}&year=2026").text
        fields = ("before", "seen")
        return {f: unescape(re.findall(f'name="{f}" value="([^"]*)"', page)[0]) for f in fields}

    form = {"year": "2026", "status": "active"}
    sent(client, "account", **form, **shown("甲店"), account="甲店新号")
    refused = sent(
        client, "account", 422, **form, **shown("甲店新号"), account="甲店新号", formerly=""
    )
    assert "Keep 甲店: posts in surveys were entered under this name (1)." in refused.text
    # A second row under the name that a post was typed with does not hold those of the first.
    sent(client, "account", **form, seen="", account="第三名", formerly="甲店新号")
    sent(client, "account/remove", 302, **shown("第三名"), year="2026")
    sent(client, "account/remove", 409, **shown("甲店新号"), year="2026")
    book = SurveyBook(store)
    assert [each.account for each in book.accounts(2026)] == ["甲店新号"]
    assert [each.account for each in book.posts("2026-1", "甲店新号")] == ["甲店"]


def test_rounds_say_what_is_done_and_what_is_missing(client: FlaskClient, store: Store) -> None:
    sent(client, "account", year="2026", account="乙店", status="active", seen="")
    sent(client, "account", year="2026", account="丙店", status="suspended", seen="")
    post(client)
    page = client.get("/surveys/survey?survey=2026-1").text
    assert "Missing (1 active account)" in page
    answer = sent(client, "finished", **PLACE, done="1")
    assert "account=%E4%B9%99%E5%BA%97" in answer.headers["Location"], "the next account"
    sent(client, "finished", **{**PLACE, "account": "乙店"}, done="1")
    page = client.get("/surveys/survey?survey=2026-1").text
    assert "2 / 2" in page
    assert "Missing (" not in page
    assert unfinished(store) == {}
    sent(client, "finished", **PLACE)
    assert unfinished(store) == {"2026-1": (1, 2)}
    social = Social(*survey_frames(store), unfinished(store))
    given = context("2026-05", social=social)
    assert any(
        sentence.startswith("Survey 2026-1 is not complete: 1 of 2 active accounts are finished")
        for sentence in social_sentences(given, Formats(given, texts_of("en")))
    )
    assert "1 of 2 finished" in client.get("/surveys/?year=2026").text
    # Totals do not go with posts, by either way.
    seen = SurveyBook(store).state(SurveyBook(store).stored.surveys[0])
    fields = {"survey": "2026-1", "date": "2026-05-12", "start": "09:00", "seen": seen}
    text = sent(client, "survey", 422, **fields, advertisements="9").text
    assert "posts or totals, not both" in text
    sent(client, "survey", survey="2026-2", date="2026-06-01", advertisements="9", seen="")
    assert "The survey has totals" in post_text(client, survey="2026-2")
    sent(client, "survey", 422, survey="2026-2", date="2026-06-02", seen="")
    sent(client, "survey/remove", 409, survey="2026-1", seen=seen)
    sent(client, "survey", 422, survey="2026-9", date="2027-01-01", seen="", shown_year="2026")


def post_text(client: FlaskClient, **form: str) -> str:
    return client.post(
        "/surveys/post", data={**PLACE, "token": "a" * 32, "species": "ivory", **form}
    ).text


def test_pictures_of_a_post_are_kept_as_evidence_in_the_persons_name(
    client: FlaskClient, store: Store
) -> None:
    token = secrets.token_hex(16)
    files = [(BytesIO(photograph(1)), "a.jpg"), (BytesIO(b"<svg/>"), "b.png")]
    form = {**PLACE, "token": token, "by": "Wang", "pictures": files}
    answer = client.post("/surveys/pictures", data=form, headers=JSON).get_json()
    assert answer["number"] == 1
    assert answer["refused"] == ["b.png: not added: SVG, which is not read"]
    payload = re.findall(r'name="payload" value="(\w+)"', answer["html"])[0]
    assert client.get(f"/screen/evidence/{payload}/thumbnail").status_code == 200
    # Crash of the browser: the page has the picture; the same one again is kept once.
    assert client.get(SHEET).text.count("/thumbnail") == 1
    again = {**form, "pictures": (BytesIO(photograph(1)), "a.jpg")}
    post(client, token=token, by="Wang", pictures=again["pictures"])
    book = SurveyBook(store)
    assert book.document(book.posts("2026-1", "甲店")[0])["pictures"] == [payload]
    custody = Custody(store)
    assert [(link.action, link.who) for link in custody.links()] == [("captured", "Wang")]
    shown = forms_of(client.get(SHEET).text)[-1]
    removal = {**PLACE, "token": "b" * 32, "post": shown["post"], "payload": payload, "by": "Li"}
    sent(client, "pictures/remove", **removal)
    assert client.get(f"/screen/evidence/{payload}/thumbnail").status_code == 404
    assert [(link.action, link.who) for link in custody.links()][1:] == [("erased", "Li")]
    assert custody.check() == []


def test_accounts_of_an_earlier_year_are_taken_over_once(client: FlaskClient, store: Store) -> None:
    sent(client, "account", year="2025", account="乙店", status="private", dealer="甲店", seen="")
    sent(client, "account", year="2025", account="甲店", status="quit", seen="")
    for _ in range(2):
        sent(client, "accounts/take-over", year="2026", **{"from": "2025"})
    states = {(each.account, each.status, each.dealer) for each in SurveyBook(store).accounts(2026)}
    assert states == {("甲店", "active", ""), ("乙店", "private", "甲店")}


def test_hostile_names_are_text_and_unknown_places_are_refused(client: FlaskClient) -> None:
    name = '"><script>alert(1)</script>/?&#'
    sent(client, "account", year="2026", account=name, status="active", seen="")
    sent(client, "survey", survey=name, date="2026-06-01", seen="")
    page = client.get("/surveys/sheet", query_string={"survey": name, "account": name})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    post(client, survey=name, account=name, title=name)
    assert "<script>alert" not in client.get("/surveys/?year=2026").text
    for address in ("sheet?survey=x&account=甲店", "sheet?survey=2026-1&account=x", "survey",
                    "account?account=甲店&year=2020", "?year=9999", "?year=abc"):  # fmt: skip
        assert client.get(f"/surveys/{address}").status_code == 404, address
    post(client, 400, token="../../etc")
    post(client, 413, account="x" * 300)


def test_a_list_of_accounts_is_pasted_at_once_and_mistakes_stay_to_be_fixed(
    client: FlaskClient, store: Store
) -> None:
    names = [f"账号{number}" for number in range(56)]
    lines = "\r\n".join([*(f"{name}\t微博" for name in names), "", "乙店\t抖音\t甲店"])
    sent(client, "accounts", year="2026", lines=lines)
    accounts = {each.account: each for each in SurveyBook(store).accounts(2026)}
    assert len(accounts) == 58
    assert {accounts[name].platform for name in names} == {"微博"}
    backup = accounts["乙店"]
    assert (backup.status, backup.platform, backup.dealer) == ("active", "抖音", "甲店")
    page = sent(client, "accounts", 422, year="2026", lines="甲店\n丙;店\n丁店").text
    assert "丁店" in {each.account for each in SurveyBook(store).accounts(2026)}
    left = unescape(
        re.findall(r'<textarea id="account-lines"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)[0]
    )
    assert left.split("\n") == ["甲店", "丙;店"]
    assert "甲店: 2026 has an account of this name already." in unescape(page)
    assert "丙;店: Write the name without semicolons" in unescape(page)


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("账号名\t平台\t所属卖家", "heading of a column"),
        ("乙店\t微信\t老王\t停用", "what follows the dealer"),
        ("乙店，微信，老王", "tabs between name"),
    ],
)
def test_a_pasted_line_that_is_no_account_is_shown_again(
    client: FlaskClient, store: Store, line: str, mistake: str
) -> None:
    page = sent(client, "accounts", 422, year="2026", lines=f"丁店\t微信\n{line}").text
    assert mistake in page
    names = {each.account for each in SurveyBook(store).accounts(2026)}
    assert "丁店" in names
    assert not names & {"乙店", "账号名", line}
