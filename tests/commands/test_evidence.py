"""`scrapy evidence`: the file that is written, what is said, and the exit code."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.helpers.captured import Photo, advertisement, capture, filled, jpeg
from tests.helpers.crawling import Result, scrapy
from wildcrawl.analysis.return_keys import return_key
from wildcrawl.commands.evidence import in_log
from wildcrawl.evidence import Evidence, open_evidence
from wildcrawl.evidence.bundle import verify_bundle
from wildcrawl.evidence.bundle.selection import Selection
from wildcrawl.evidence.handed_in import hand_in
from wildcrawl.evidence.imported import note_rows
from wildcrawl.items import RowOrigin, Verdict
from wildcrawl.review.notices.proofs import log_notice
from wildcrawl.store import Store, open_store
from wildcrawl.store.corrections import Decision
from wildcrawl.store.survey_entry import add_post, change_pictures
from wildcrawl.store.surveys import put_surveys
from wildcrawl.tabular.surveys import Account, Post, Survey

JUDGED = datetime(2016, 12, 4, tzinfo=UTC)


@dataclass
class Project:
    """A folder with a store and its evidence."""

    folder: Path
    store: Store
    evidence: Evidence

    def scrapy(self, *arguments: str, **settings: str) -> Result:
        return scrapy("evidence", *arguments, folder=self.folder, **settings)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three captured advertisements of one seller: two judged valid, one pending."""
    store = open_store(f"sqlite:///{tmp_path / 'wildcrawl.db'}")
    evidence = filled(store, tmp_path / "evidence")
    for ad_id in ("101", "102"):
        store.judge("mall", ad_id, Decision(Verdict.VALID, "anna", "", JUDGED))
    return Project(tmp_path, store, evidence)


def in_bundle(path: Path) -> list[str]:
    with ZipFile(path) as file:
        about = json.loads(file.read("report/collection.json"))
    return [each["ad_id"] for each in about["advertisements"]]


def test_a_bundle_is_written_verified_and_logged(project: Project) -> None:
    origin = RowOrigin("line 2")
    row = advertisement("103", verdict="fake", screened_by="li", origin=origin)
    note_rows(project.store, [row], "an import that was killed", "f" * 64)
    project.store.record([row], "an import that was killed")
    made = project.scrapy("mall:101", "-o", "e.zip", "--by", "anna")
    assert made.code == 0, made.err
    assert made.out.startswith("e.zip: 1 advertisement, 1 page, 2 pictures and 0 screenshots (")
    path = project.folder / "e.zip"
    assert in_bundle(path) == ["101"]
    *_, judged, _, link = project.evidence.custody.links()
    assert (judged.action, judged.who) == ("judged", "li")
    assert (link.action, link.who) == ("exported", "anna")
    (entry,) = map(json.loads, link.entries)
    assert re.search(rf"noted at the hand-over: {entry['file']}$", made.out, re.MULTILINE)
    assert len(entry["captures"]) == 3
    assert "藏友" not in link.entries[0]

    checked = project.scrapy("--verify", "e.zip")
    assert checked.code == 0, checked.out
    assert "3 captures and 5 links of the custody log agree with each other" in checked.out
    assert "are those that link 5 of the custody log names, by anna at 20" in checked.out
    assert "The custody log of this store has its export, by anna at" in checked.out

    data = path.read_bytes()
    at = data.index(b"report/index.html") + 200
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    changed = project.scrapy("--verify", "e.zip")
    assert changed.code == 1
    assert "report/index.html" in changed.out
    again = project.scrapy("mall:101", "-o", "e.zip")
    assert again.code == 2
    assert "e.zip exists already; choose another name with -o" in again.err


def test_letters_are_no_export_of_a_file_that_is_none(project: Project) -> None:
    log_notice(project.evidence, "anna", "2016-12", project.evidence.captures.all())
    path = project.folder / "other.zip"
    path.write_bytes(b"hi")
    verified = verify_bundle(path)
    faults = list(verified.faults)
    assert faults
    assert "does not have its export" in in_log(project.evidence, verified)
    assert verified.faults == faults


def test_the_evidence_of_the_store_is_verified(project: Project) -> None:
    whole = project.scrapy("--verify")
    assert whole.code == 0, whole.out
    assert "9 captures and 3 links of the custody log are whole" in whole.out
    page, picture, _ = project.evidence.captures.of("mall", "101")
    project.evidence.objects.delete(page.record)
    (path,) = (project.folder / "evidence").rglob(picture.record)
    path.write_bytes(path.read_bytes() + b"x")
    broken = project.scrapy("--verify")
    assert broken.code == 1
    assert page.record in broken.out
    assert picture.record in broken.out


def test_lost_objects_are_declared_and_named_in_a_bundle(project: Project) -> None:
    page = project.evidence.captures.of("mall", "101")[0]
    project.evidence.objects.delete(page.record)
    assert project.scrapy("2016-12", "-o", "before.zip").code == 1
    declared = project.scrapy("--lost", "--by", "anna")
    assert declared.code == 0, declared.err
    assert declared.out.startswith("1 object of 1 capture declared lost. The custody log names")
    written = project.scrapy("2016-12", "-o", "after.zip")
    assert written.code == 0, written.out
    assert "Lost: the page of " in written.out
    assert re.search("it was declared lost on [0-9-]{10} by anna", written.out)
    with ZipFile(project.folder / "after.zip") as file:
        (line,) = json.loads(file.read("report/collection.json"))["missing"]
        assert "by anna" in line
        assert line in file.read("report/index.html").decode()
    assert verify_bundle(project.folder / "after.zip").faults == []
    whole = project.scrapy("--verify")
    assert whole.code == 0, whole.out
    assert "1 object of them was declared lost" in whole.out


def test_sizes_are_shown_by_month_and_pruned(project: Project) -> None:
    shown = project.scrapy("--stats").out
    assert re.search(r"^2016-12 +mall +3 +6 +0 +0 +0\.\d MB$", shown, re.MULTILINE), shown
    sites = scrapy("sites", folder=project.folder).out
    assert re.search(r"^Evidence: 0\.\d MB in 2016-12; 0\.\d MB in all", sites, re.MULTILINE)
    keeping = project.scrapy("--prune")
    assert keeping.code == 0
    assert "WILDCRAWL_EVIDENCE_KEEP is empty" in keeping.out
    limits = {"WILDCRAWL_EVIDENCE_KEEP": "pending=1"}
    planned = project.scrapy("--prune", "--dry-run", **limits)
    assert "3 captures would be erased (pending 3), with 3 objects" in planned.out
    assert len(project.evidence.captures.of("mall", "103")) == 3
    erased = project.scrapy("--prune", "--by", "anna", **limits)
    assert "3 captures erased (pending 3), with 3 objects" in erased.out
    assert project.evidence.captures.of("mall", "103") == []
    assert project.scrapy("--verify").code == 0
    wrong = project.scrapy("--prune", WILDCRAWL_EVIDENCE_KEEP="sometimes=1")
    assert wrong.code == 2
    assert "'sometimes' is not a valid verdict" in wrong.err
    assert "Traceback" not in wrong.err


def test_what_cannot_be_written_is_said(project: Project, tmp_path: Path) -> None:
    unknown = project.scrapy("mall:999")
    assert unknown.code == 2
    assert "'mall:999' is not a stored advertisement; name it as site:ad_id" in unknown.err
    nothing = project.scrapy("2015-01")
    assert nothing.code == 1
    assert (
        "No advertisement of 2015-01 has been judged valid; with --include-pending" in nothing.out
    )
    project.store.record([advertisement("104")], "run2")
    bare = project.scrapy("mall:104")
    assert bare.code == 1
    assert "Nothing was captured of the advertisement, so that no file was written" in bare.out
    assert not list(tmp_path.glob("*.zip"))
    both = project.scrapy("mall:101", "mall:104", "-o", "both.zip")
    assert both.code == 0
    assert "Without any capture: 1 advertisement (mall:104)." in both.out
    page = project.evidence.captures.of("mall", "101")[0]
    project.evidence.objects.delete(page.record)
    missing = project.scrapy("mall:101", "-o", "missing.zip")
    assert missing.code == 1
    assert "Fault: the page of http://mall.example/item-101.html" in missing.out
    usage = project.scrapy()
    assert usage.code == 2
    assert "name advertisements (site:ad_id, key or address)" in usage.err
    gone = project.scrapy("--verify", "nothing.zip")
    assert gone.code == 2
    assert "nothing.zip does not exist" in gone.err


def names(store: Store, *, include_pending: bool = False) -> Selection:
    return Selection(store, include_pending=include_pending)


def ids(selection: Selection) -> list[str]:
    return [ad.ad_id for ad in selection.advertisements()]


@pytest.mark.parametrize(
    "name",
    [
        "mall:102",
        " mall:102 ",
        return_key("mall", "102"),
        return_key("mall", "102").lower(),
        "http://mall.example/item-102.html",
        "https://mall.example/item-102.html/",
    ],
)
def test_an_advertisement_has_several_names(name: str, project: Project) -> None:
    selection = names(project.store)
    selection.add_named([name])
    assert ids(selection) == ["102"]


def test_an_advertisement_named_twice_is_selected_once(project: Project) -> None:
    selection = names(project.store)
    selection.add_named(["mall:102", return_key("mall", "102"), "mall:101"])
    selection.add_month("2016-12")
    assert ids(selection) == ["101", "102"]


def test_a_month_and_a_seller_mean_what_was_judged_valid(project: Project) -> None:
    project.store.judge("mall", "102", Decision(Verdict.FAKE, "anna", "", JUDGED))
    for include, expected in ((False, ["101"]), (True, ["101", "103"])):
        of_month = names(project.store, include_pending=include)
        of_month.add_month("2016-12")
        of_seller = names(project.store, include_pending=include)
        of_seller.add_seller("藏友A17")
        assert ids(of_month) == ids(of_seller) == expected
        left = [ad.ad_id for ad in of_seller.left_out()]
        assert sorted([*expected, *left]) == ["101", "102", "103"]
        assert of_month.left_out() == []
    by_id = names(project.store)
    by_id.add_seller("3017")
    assert ids(by_id) == ["101"]


def test_a_file_of_a_seller_names_what_is_not_in_it(project: Project) -> None:
    made = project.scrapy("--seller", "藏友A17", "-o", "s.zip")
    told = (
        "Not in the file, since not judged valid (未判为有效，故未收入): "
        "1 advertisement of the seller: mall:103 (pending)"
    )
    assert told in made.out
    assert in_bundle(project.folder / "s.zip") == ["101", "102"]
    with ZipFile(project.folder / "s.zip") as file:
        assert told in file.read("report/index.html").decode()
        assert told in json.loads(file.read("report/collection.json"))["selection"]
        assert told in json.loads(file.read("datapackage.json"))["title"]


def test_an_unknown_seller_is_an_error_with_the_closest_name(project: Project) -> None:
    with pytest.raises(ValueError, match=r"has the seller '藏友A18' \(did you mean '藏友A17'\?\)"):
        names(project.store).add_seller("藏友A18")


def test_all_advertisements_at_an_address_are_selected(project: Project) -> None:
    board = "http://fair.example/stall/1"
    more = [advertisement(ad_id, site="fair", url=board, title=f"牙 {ad_id}") for ad_id in "ab"]
    project.store.record(more, "run2")
    selection = names(project.store)
    selection.add_named([board])
    assert ids(selection) == ["a", "b"]


def test_ids_with_colons_are_found(project: Project) -> None:
    project.store.record([advertisement("a:b", url="")], "run2")
    selection = names(project.store)
    selection.add_named(["mall:a:b"])
    assert ids(selection) == ["a:b"]


def surveyed(store: Store, evidence: Evidence) -> None:
    """A survey of one account with two posts, of which the first has a screenshot."""
    listed: list[Account | Survey] = [
        Account("甲店", 2016, "active"),
        Survey("2016-1", date(2016, 5, 12)),
    ]
    put_surveys(store, listed)
    for number in (1, 2):
        post = Post(
            "2016-1", "甲店", "", "ivory", title=f"牙雕 {number}", url="http://moments.example/7"
        )
        token = f"{number:032x}"
        if number == 1:
            shot = hand_in(evidence, ("survey", token), jpeg(90), "anna", url=post.url)
            change_pictures(store, token, {"survey": "2016-1"}, [shot.payload], [])
        add_post(store, post, token, "anna", "2016-05-12T09:30:00+08:00")


def test_posts_of_a_survey_are_evidence_by_their_names(project: Project) -> None:
    surveyed(project.store, project.evidence)
    made = project.scrapy("survey:2016-1", "mall:101", "-o", "survey.zip")
    assert made.code == 0, made.err
    assert made.out.startswith("survey.zip: 2 advertisements, 1 page, 2 pictures and 1 screenshot")
    path = project.folder / "survey.zip"
    assert in_bundle(path) == ["101", "2016-1/甲店/1"]
    with ZipFile(path) as file:
        page = file.read("report/index.html").decode()
        (shot,) = [name for name in file.namelist() if name.startswith("screenshots/")]
        assert file.read(shot) == jpeg(90)
    for words in ("人工计入社交媒体调查", "牙雕 1", "2016-05-12 09:30:00", "handed in 1 of the"):
        assert words in page
    verified = verify_bundle(path)
    assert (verified.faults, verified.captures) == ([], 4)
    assert in_log(project.evidence, verified).startswith("The custody log of this store has its")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("survey:2016-1/甲店", ["2016-1/甲店/1"]),
        ("survey:2016-1/甲店/1", ["2016-1/甲店/1"]),
        ("survey:2016-1/甲店/2", "no post of 'survey:2016-1/甲店/2' has pictures"),
        ("survey:2016-2", "'survey:2016-2' is not a stored survey with posts"),
        ("survey:", "'survey:' is not a stored survey with posts"),
    ],
)
def test_a_post_of_a_survey_has_a_name(name: str, found: list[str] | str, project: Project) -> None:
    surveyed(project.store, project.evidence)
    selection = names(project.store)
    if isinstance(found, list):
        selection.add_named([name])
        assert ids(selection) == found
        return
    with pytest.raises(ValueError, match=re.escape(found)):
        selection.add_named([name])


def test_the_selection_is_the_same_on_both_stores(store: Store, tmp_path: Path) -> None:
    evidence = open_evidence(store, tmp_path / "evidence")
    ad = advertisement("1")
    store.record([ad], "run1")
    capture(evidence, ad, [Photo("http://img.example/1.jpg", jpeg(3))])
    selection = names(store, include_pending=True)
    selection.add_named([return_key("mall", "1")])
    selection.add_month("2016-12")
    selection.add_seller("3017")
    assert ids(selection) == ["1"]
