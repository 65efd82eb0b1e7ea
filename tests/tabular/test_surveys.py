"""Surveys of social media accounts: from a filled file to the frames of the report."""

from __future__ import annotations

import csv
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook

from tests.briefing import social
from tests.helpers.crawling import scrapy
from tests.helpers.store_fixtures import SQLITE_DAILY
from wildcrawl.analysis.vocabulary import load_vocabulary
from wildcrawl.desk.messages import in_chinese
from wildcrawl.store import open_store
from wildcrawl.store.incomplete_imports import incomplete_surveys
from wildcrawl.store.surveys import load_surveys, put_surveys, survey_frames
from wildcrawl.tabular.surveys import (
    Account,
    Known,
    Post,
    Survey,
    SurveyError,
    SurveyReading,
    read_surveys,
    write_template,
)
from wildcrawl.tabular.tables import RecordsError
from wildcrawl.tabular.words import ColumnWords

Rows = list[list[Any]]
SPECIES = ("ivory", "rhino_horn", "tiger")
ACCOUNTS: Rows = [["account", "year", "status"], ["ah", 2015, "active"], ["ah", 2016, "Suspended"]]
SURVEYS: Rows = [["survey", "date", "start"], ["2016-1", date(2016, 5, 12), "9:00"]]
POSTS: Rows = [
    ["survey", "account", "post", "species", "product_type", "images", "videos"],
    ["2016-1", "ah", 1, "ivory", "raw", 3, None],
    ["2016-1", "ah", 2, "tiger", None, None, 1],
]


def workbook(path: Path, **sheets: Rows) -> Path:
    """A workbook of the given sheets, by default the three valid ones."""
    book = Workbook()
    book.remove(book.worksheets[0])
    usual = {"Accounts": ACCOUNTS, "Surveys": SURVEYS, "Posts": POSTS}
    for name, rows in (usual | sheets).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_filled_workbook_is_read(tmp_path: Path) -> None:
    reading = read_surveys(workbook(tmp_path / "s.xlsx"), SPECIES)
    assert reading.items == [
        Account("ah", 2015, "active"),
        Account("ah", 2016, "suspended"),
        Survey("2016-1", date(2016, 5, 12), "09:00"),
        Post("2016-1", "ah", "1", "ivory", "raw", images=3),
        Post("2016-1", "ah", "2", "tiger", videos=1),
    ]
    assert reading.rejections == {"accounts": [], "surveys": [], "posts": []}


def test_a_former_name_of_two_accounts_of_one_year_is_rejected(tmp_path: Path) -> None:
    header = ["account", "year", "status", "formerly"]
    rows: Rows = [["新甲", 2016, "active", "甲"], ["新乙", 2016, "active", "甲"]]
    accepted: Rows = [["丙", 2016, "quit", "甲;新甲"], ["丁", 2017, "active", "甲"]]
    path = workbook(tmp_path / "s.xlsx", Accounts=[header, *rows, *accepted], Posts=POSTS[:1])
    (rejection,) = read_surveys(path, SPECIES, today=date(2017, 5, 1)).rejections["accounts"]
    assert rejection.reason == (
        "Accounts!D3: '甲' is a former name of '新甲' in line 2 already; add that name here if all "
        "are one account, or remove the former one"
    )
    of_csv = rejection.reason.replace("Accounts!D3", "line 3, formerly")
    assert "已是第 2 行“新甲”的曾用名" in in_chinese(of_csv)


def test_posts_under_both_names_of_an_account_are_not_taken_for_one(tmp_path: Path) -> None:
    accounts: Rows = [["account", "year", "status", "formerly"], ["新甲", 2016, "active", "甲"]]
    posts = [POSTS[0][:4], *(["2016-1", name, 1, "ivory"] for name in ("甲", "新甲", "甲"))]
    path = workbook(tmp_path / "s.xlsx", Accounts=accounts, Posts=posts)
    reading = read_surveys(path, SPECIES)
    assert reading.count("posts") == 1
    (rejection,) = reading.rejections["posts"]
    assert "is already in line 2 of the posts" in rejection.reason
    assert reading.repeated == {"posts": [4]}


def test_a_survey_over_fewer_dealers_than_have_posts_is_said(tmp_path: Path) -> None:
    accounts: Rows = [["account", "year", "status", "dealer"]]
    accounts += [["甲", 2016, "正常", ""], ["甲小号", 2016, "被平台封停", "甲"]]
    surveys: Rows = [["survey", "date", "accounts"], ["2016-1", "2016-05-12", 1]]
    posts: Rows = [POSTS[0][:4], ["2016-1", "甲", 1, "ivory"], ["2016-1", "甲小号", 1, "ivory"]]
    sheets: dict[str, Any] = {"Accounts": accounts, "Surveys": surveys, "Posts": posts}
    reading = read_surveys(workbook(tmp_path / "a.xlsx", **sheets), SPECIES)
    assert reading.notes() == [], "a backup account is its dealer's"
    states = [item.status for item in reading.items if isinstance(item, Account)]
    assert states == ["active", "suspended"]
    accounts.append(["乙", 2016, "active", ""])
    posts.append(["2016-1", "乙", 1, "ivory"])
    (note,) = read_surveys(workbook(tmp_path / "b.xlsx", **sheets), SPECIES).notes()
    assert note == "survey '2016-1' names 1 accounts, but has posts of 2; correct the number"
    assert "却有 2 个账号的帖子" in in_chinese(note)


def test_mistakes_are_named_by_cell_and_the_other_rows_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        Accounts=[*ACCOUNTS, ["ah", 2016, "quit"], ["", "216", "actve"]],
        Surveys=[*SURVEYS, ["2016-2", "May", "25:00"]],
        Posts=[
            *POSTS,
            ["2016-9", "ha", None, "ivroy", "carved", "many", 0],
            ["2016-1", "ah", 2, "ivory", None, 9, 9],
            ["2016-1", "ah", 1, "ivory", "raw", 3, 0],
        ],
    )
    reading = read_surveys(path, SPECIES)
    assert len(reading.items) == 5
    reasons = {
        kind: [rejection.reason for rejection in rejections]
        for kind, rejections in reading.rejections.items()
    }
    assert reasons["accounts"][0] == (
        "Accounts!B4: ah 2016 is already in line 3 of the accounts; remove one of the two rows"
    )
    assert "Accounts!A5: account is empty" in reasons["accounts"][1]
    assert "Accounts!B5: '216' is not a year from 1990 to 2099" in reasons["accounts"][1]
    assert (
        "Accounts!C5: 'actve' is not a valid status; did you mean 'active'?"
        in reasons["accounts"][1]
    )
    assert "Surveys!B3: 'May' is not a date" in reasons["surveys"][0]
    assert "Surveys!C3: '25:00' is not a time of day" in reasons["surveys"][0]
    faults, twice = reasons["posts"]
    assert "Posts!A4: '2016-9' is not in the sheet Surveys; add it there first" in faults
    assert "Posts!B4: 'ha' is not in the sheet Accounts; add it there first" in faults
    assert "Posts!C4: post is empty" in faults
    assert "Posts!D4: 'ivroy' is not a valid species; did you mean 'ivory'?" in faults
    assert "Posts!E4: 'carved' is not a valid product type" in faults
    assert "Posts!F4: 'many' is not a whole number" in faults
    assert "Posts!C5: 2016-1 ah 2 is already in line 3 of the posts" in twice


@pytest.mark.parametrize(
    ("sheets", "message"),
    [
        ({"Posts": [["survey", "account", "post"]]}, "the column 'species' of posts is missing"),
        ({"Posts": [[*POSTS[0], "pictures"]]}, "Posts: 'pictures' is not a known column"),
        ({"Surveys": [["survey", "date", "date"]]}, "column 'date' appears twice"),
    ],
)
def test_a_sheet_with_other_columns_is_refused(
    tmp_path: Path, sheets: dict[str, Rows], message: str
) -> None:
    with pytest.raises(SurveyError, match=message):
        read_surveys(workbook(tmp_path / "s.xlsx", **sheets), SPECIES)


def test_a_survey_of_no_account_is_refused(tmp_path: Path) -> None:
    rows: Rows = [["survey", "date", "accounts", "advertisements"]]
    rows += [["2016-3", "2016-06-03", 0, 12], ["2016-4", "2016-07-03", 3, 12]]
    reading = read_surveys(workbook(tmp_path / "s.xlsx", Surveys=rows), SPECIES)
    (rejection,) = reading.rejections["surveys"]
    assert "Surveys!C2: '0' is a survey of no account" in rejection.reason
    assert reading.count("surveys") == 1


def test_files_that_are_not_surveys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SurveyError, match="no such file"):
        read_surveys(tmp_path / "absent.xlsx", SPECIES)
    with pytest.raises(SurveyError, match=r"has none of accounts.csv, surveys.csv, posts.csv"):
        read_surveys(tmp_path, SPECIES)
    (tmp_path / "s.pdf").write_text("x")
    with pytest.raises(SurveyError, match=r"an \.xlsx or \.csv file, or a folder"):
        read_surveys(tmp_path / "s.pdf", SPECIES)
    (tmp_path / "s.xlsx").write_text("x")
    with pytest.raises(RecordsError, match="is not an XLSX workbook"):
        read_surveys(tmp_path / "s.xlsx", SPECIES)
    book = Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(SurveyError, match="none of the sheets Accounts, Surveys, Posts"):
        read_surveys(tmp_path / "other.xlsx", SPECIES)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SurveyError, match="has none of the columns post"):
        read_surveys(tmp_path / "x.csv", SPECIES)


def test_the_template_is_a_file_that_can_be_filled_in_and_read(tmp_path: Path) -> None:
    book_path, folder = tmp_path / "t.xlsx", tmp_path / "t"
    write_template(book_path, SPECIES)
    write_template(folder, SPECIES)
    book = load_workbook(book_path)
    assert book.sheetnames == ["Accounts", "Surveys", "Posts", "Guide"]
    choices = {str(rule.formula1) for rule in book["Posts"].data_validations.dataValidation}
    assert '"ivory,rhino_horn,tiger"' in choices
    book["Accounts"].append(["ah", 2016, "active"])
    book.save(book_path)
    assert read_surveys(book_path, SPECIES).items == [Account("ah", 2016, "active")]
    with (folder / "accounts.csv").open("a", encoding="utf-8") as file:
        file.write("啊,2016,active,,,,\r\n")
    assert read_surveys(folder, SPECIES).items == [Account("啊", 2016, "active")]
    for path in (book_path, folder):
        with pytest.raises(SurveyError, match="already exists"):
            write_template(path, SPECIES)


@SQLITE_DAILY
def test_the_command_reads_a_year_of_surveys_once(store_url: str, tmp_path: Path) -> None:
    path = tmp_path / "survey.xlsx"
    social.write(path)
    for new, seen in ((1808, 0), (0, 1808)):
        done = scrapy(
            "crawl", "survey", "-a", f"file={path}", folder=tmp_path, WILDCRAWL_STORE=store_url
        )
        assert done.code == 0, done.err
        assert f"survey: {new} new, {seen} seen" in done.err
        assert "Traceback" not in done.err
    store = open_store(store_url)
    frames = survey_frames(store)
    store.close()
    assert frames.posts.height == 1808
    of_2016 = frames.surveys.filter(pl.col("date").dt.year() == 2016)
    assert of_2016["advertisements"].to_list() == [146, 107, 133, 102, 185]
    assert (of_2016["images"] + of_2016["videos"]).to_list() == [856, 517, 647, 487, 1014]
    assert of_2016["accounts"].to_list() == [58] * 5
    assert sorted(path.parent.glob("*.rejected.csv")) == []


def test_a_file_that_leaves_posts_without_an_account_is_refused_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    renamed = Account("new", 2016, "active", formerly="old")
    with closing(open_store(url)) as store:
        survey = Survey("2016-1", date(2016, 5, 12))
        put_surveys(store, [renamed, survey, Post("2016-1", "old", "1", "ivory")])
    accounts = "account,year,status,formerly\nother,2016,active,\nnew,2016,active,\n"
    (tmp_path / "accounts.csv").write_text(accounts, encoding="utf-8")
    done = scrapy("crawl", "survey", "-a", f"file={tmp_path}", folder=tmp_path, WILDCRAWL_STORE=url)
    assert "1 stored posts would have no account; keep 'old' in the column formerly" in done.err
    assert "broken" in done.err
    with closing(open_store(url)) as store:
        assert load_surveys(store).accounts == [renamed]


def test_rejected_rows_are_in_a_file_that_can_be_read_once_fixed(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    path = workbook(tmp_path / "s.xlsx", Posts=[*POSTS, ["2016-1", "ah", 3, "ivroy", "raw", 2, 0]])
    done = scrapy("crawl", "survey", "-a", f"file={path}", folder=tmp_path, WILDCRAWL_STORE=store)
    assert "Posts!D4: 'ivroy' is not a valid species" in done.err
    assert "survey: 2 new" in done.err
    rejected = tmp_path / "s.xlsx.posts.rejected.csv"
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["species"], row["line"]) == ("ivroy", "4")
    with closing(open_store(store)) as opened:
        assert incomplete_surveys(opened) == {"2016-1": 1}
    rejected.write_text(rejected.read_text(encoding="utf-8").replace(",ivroy,", ",ivory,"))
    fixed = tmp_path / "fixed.csv"
    rejected.rename(fixed)
    done = scrapy("crawl", "survey", "-a", f"file={fixed}", folder=tmp_path, WILDCRAWL_STORE=store)
    assert "survey: 1 new" in done.err, done.err
    with closing(open_store(store)) as opened:
        assert incomplete_surveys(opened) == {}


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    for arguments, words in (
        ([], "name the file of survey: scrapy crawl survey -a file=FILE"),
        (["-a", "file=absent.xlsx"], "absent.xlsx: no such file"),
        (["-a", "flie=x"], "survey has no argument 'flie'; choose one of file, charset"),
    ):
        done = scrapy("crawl", "survey", *arguments, folder=tmp_path)
        assert done.code == 2
        assert words in done.out + done.err
        assert "Traceback" not in done.err


def test_the_template_comes_from_a_command(tmp_path: Path) -> None:
    done = scrapy("survey-template", "-o", "mine.xlsx", folder=tmp_path)
    assert done.code == 0, done.err
    assert "scrapy crawl survey -a file=mine.xlsx" in done.out
    assert (tmp_path / "mine.xlsx").is_file()
    again = scrapy("survey-template", "-o", "mine.xlsx", folder=tmp_path)
    assert again.code == 2
    assert "mine.xlsx already exists" in again.out + again.err


def test_names_are_normalised(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        Accounts=[["account", "year", "status"], ["啊\u200b\u202e <b>\n商", 2016, "active"]],
        Posts=[POSTS[0], ["2016-1\ufeff", "啊 <b> 商", 1, "ivory", "", 1, 0]],
    )
    account, _, post = read_surveys(path, SPECIES).items
    assert isinstance(account, Account)
    assert isinstance(post, Post)
    assert account.account == post.account == "啊 <b> 商"
    assert post.survey == "2016-1"


def rejected(path: Path, kind: str, **sheets: Rows) -> list[str]:
    """Reasons of the rejected rows of one sheet, on 1 June 2016."""
    reading = read_surveys(workbook(path / "s.xlsx", **sheets), SPECIES, today=date(2016, 6, 1))
    return [rejection.reason for rejection in reading.rejections[kind]]


def test_spellings_of_an_account_are_read_as_the_first_one(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx",
        Accounts=[ACCOUNTS[0], ["A7", 2015, "active"], ["a7", 2016, "active"]],
        Posts=[POSTS[0], ["2016-1", "Ａ7", 1, "ivory", "raw", 3, None]],
    )
    reading = read_surveys(path, SPECIES)
    assert {item.account for item in reading.items if not isinstance(item, Survey)} == {"A7"}
    assert not any(reading.rejections.values())


def test_one_account_spelt_twice_in_a_year_is_told_if_the_rows_differ(tmp_path: Path) -> None:
    accounts = [ACCOUNTS[0], ["ah", 2016, "active"], ["AH", 2016, "quit"]]
    (reason,) = rejected(tmp_path, "accounts", Accounts=accounts)
    assert "ah 2016 is already in line 2" in reason


def test_a_post_on_an_account_that_the_list_of_its_year_lacks_is_told(tmp_path: Path) -> None:
    accounts = [ACCOUNTS[0], ["ah", 2015, "active"]]
    reasons = rejected(tmp_path, "posts", Accounts=accounts)
    assert reasons == [
        f"Posts!B{line}: 'ah' has no status in 2016 in the sheet Accounts; add its row of 2016"
        for line in (2, 3)
    ]


def test_species_and_product_types_may_be_chinese(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "s.xlsx", Posts=[POSTS[0], ["2016-1", "ah", 1, "象牙", "原料", 2, 0]]
    )
    words = ColumnWords(load_vocabulary().groups)
    reading = read_surveys(path, SPECIES, words=words)
    assert reading.rejections["posts"] == []
    (post,) = (item for item in reading.items if isinstance(item, Post))
    assert (post.species, post.product_type) == ("ivory", "raw")


def test_a_post_that_is_in_the_file_twice_counts_once_and_is_said(tmp_path: Path) -> None:
    posts = [*POSTS, POSTS[1], ["2016-1", "AH", "01", "ivory", "raw", 3, None]]
    reading = read_surveys(workbook(tmp_path / "s.xlsx", Posts=posts), SPECIES)
    assert reading.count("posts") == 2
    (note,) = reading.notes()
    assert note.startswith("2 of the posts repeat an earlier row in all columns (lines 4, 5)")


def test_a_former_name_stands_for_the_account(tmp_path: Path) -> None:
    accounts: Rows = [
        ["account", "year", "status", "formerly"],
        ["new", 2016, "active", "ah; older"],
    ]
    posts = [*POSTS, ["2016-1", "OLDER", 3, "ivory", "", 1, 0], ["2016-1", "new", 1, "tiger"]]
    reading = read_surveys(workbook(tmp_path / "s.xlsx", Accounts=accounts, Posts=posts), SPECIES)
    assert reading.count("posts") == 3
    (rejection,) = reading.rejections["posts"]
    assert "is already in line 2 of the posts" in rejection.reason


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2016, 6, 2), "is a day to come; write the day of the survey, up to 2016-06-01"),
        (date(2061, 5, 12), "2061"),
    ],
)
def test_a_day_to_come_is_refused(tmp_path: Path, day: date, says: str) -> None:
    (reason,) = rejected(tmp_path, "surveys", Surveys=[SURVEYS[0], ["2016-1", day, ""]])
    assert says in reason


def test_a_year_to_come_is_refused(tmp_path: Path) -> None:
    accounts = [*ACCOUNTS, ["ha", 2017, "active"]]
    (reason,) = rejected(tmp_path, "accounts", Accounts=accounts)
    assert "'2017' is not a year from 1990 to 2016" in reason


def test_a_survey_has_totals_or_posts(tmp_path: Path) -> None:
    surveys: Rows = [
        ["survey", "date", "advertisements", "images", "videos"],
        ["2016-1", date(2016, 5, 12), 40, 100, 3],
        ["2016-2", date(2016, 5, 13), None, 100, None],
    ]
    reasons = rejected(tmp_path, "posts", Surveys=surveys)
    assert all("has totals in the sheet Surveys" in reason for reason in reasons)
    assert len(reasons) == 2
    (reason,) = rejected(tmp_path, "surveys", Surveys=surveys)
    assert "give it with the totals of images and videos" in reason
    reading = read_surveys(workbook(tmp_path / "t.xlsx", Surveys=surveys[:2]), SPECIES)
    assert reading.items[2] == Survey(
        "2016-1", date(2016, 5, 12), advertisements=40, images=100, videos=3
    )


def test_totals_of_a_survey_with_posts_on_record_are_refused(tmp_path: Path) -> None:
    known = Known()
    for item in read_surveys(workbook(tmp_path / "s.xlsx"), SPECIES).items:
        known.add(item)
    surveys: Rows = [["survey", "date", "advertisements"], ["2016-1", date(2016, 5, 12), 40]]
    path = workbook(tmp_path / "t.xlsx", Surveys=surveys, Posts=POSTS[:1])
    (rejection,) = read_surveys(path, SPECIES, known).rejections["surveys"]
    assert "is a total of a survey that has posts" in rejection.reason


def test_a_survey_read_again_after_a_spreadsheet_saved_it_counts_once(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/a.db")
    first = tmp_path / "a.xlsx"
    posts = [["survey", "account", "post", "species"], ["Spring", "ah", "007", "ivory"]]
    put_surveys(store, read_surveys(workbook(first, **_spring(posts)), SPECIES).items)
    again = [posts[0], ["spring", "AH", "7.0", "ivory"]]
    reading = read_surveys(
        workbook(first, **_spring(again, "SPRING")), SPECIES, load_surveys(store).known
    )
    assert not any(reading.rejections.values())
    put_surveys(store, reading.items)
    stored = load_surveys(store)
    assert [survey.survey for survey in stored.surveys] == ["Spring"]
    assert [post.key for post in stored.posts] == [("Spring", "ah", "007")]


def test_posts_under_the_new_name_of_an_account_are_the_same_posts(tmp_path: Path) -> None:
    known = Known()
    for item in read_surveys(workbook(tmp_path / "a.xlsx"), SPECIES).items:
        known.add(item)
    path = workbook(
        tmp_path / "b.xlsx",
        Accounts=[["account", "year", "status", "formerly"], ["bh", 2016, "active", "ah"]],
        Posts=[POSTS[0], ["2016-1", "bh", 1, "ivory", "raw", 3, None]],
    )
    posts = [item for item in read_surveys(path, SPECIES, known).items if isinstance(item, Post)]
    assert [post.key for post in posts] == [("2016-1", "ah", "1")]


@pytest.mark.parametrize("name", ["Jan-16", "2016-01-01", "2016/1/1", "2016年1月", "1月-16"])
def test_a_survey_name_that_became_a_date_is_refused(tmp_path: Path, name: str) -> None:
    known = Known()
    known.add(Survey("2016-1", date(2016, 5, 12)))
    path = workbook(tmp_path / "a.xlsx", Surveys=[SURVEYS[0], [name, date(2016, 5, 12), "9:00"]])
    reading = read_surveys(path, SPECIES, known)
    assert "may be '2016-1', of which a spreadsheet made a date" in (
        reading.rejections["surveys"][0].reason
    )


def test_a_survey_name_that_is_another_date_is_refused_although_it_is_the_first(
    tmp_path: Path,
) -> None:
    damaged = ["Jan-16", "jan-16", "16-Jan", "16-Jan-26", "1月16日", "1月-16", "2016年1月",
               "2016/1/1", "2016年1月1日", date(2016, 1, 1), date(2026, 1, 16)]  # fmt: skip
    sound = ["2016-1", "2016-05-12", "2016年5月", "2016-05-11", "May 2017", "Jan", "第1月",
             "2016年第1次", "1-16"]  # fmt: skip
    rows = [[name, date(2016, 5, 12), f"{hour}:00"] for hour, name in enumerate(damaged + sound)]
    path = workbook(tmp_path / "a.xlsx", Surveys=[SURVEYS[0], *rows])
    rejected = read_surveys(path, SPECIES).rejections["surveys"]
    assert [rejection.line for rejection in rejected] == list(range(2, 2 + len(damaged)))
    assert all("is a date that a spreadsheet may have made" in each.reason for each in rejected)


def test_a_reading_counts_the_rows_of_all_sheets(tmp_path: Path) -> None:
    surveys = [*SURVEYS, SURVEYS[1], ["Jan-16", date(2016, 5, 12), "9:00"]]
    reading = read_surveys(workbook(tmp_path / "a.xlsx", Surveys=surveys), SPECIES)
    assert len(reading.rejections["surveys"]) == len(reading.repeated["surveys"]) == 1
    assert reading.rows == len(reading.items) + 2


def test_surveys_of_other_months_or_with_a_name_of_their_own_are_read(tmp_path: Path) -> None:
    names = ["2016-1", "2016-2", "Feb 2017", "first of May", "2016-05-12", "2016-1b"]
    rows = [[name, date(2016, 5, 12), "9:00"] for name in names]
    path = workbook(tmp_path / "a.xlsx", Surveys=[SURVEYS[0], *rows])
    reading = read_surveys(path, SPECIES)
    assert [item.survey for item in reading.items if isinstance(item, Survey)] == names


def _spring(posts: Rows, name: str = "Spring") -> dict[str, Rows]:
    return {"Surveys": [["survey", "date"], [name, date(2016, 5, 12)]], "Posts": posts}


def test_a_survey_entered_again_under_another_name_is_refused(tmp_path: Path) -> None:
    known = Known()
    read_surveys(workbook(tmp_path / "a.xlsx"), SPECIES, known)
    again: Rows = [["survey", "date", "start"], ["May", date(2016, 5, 12), ""]]
    posts = [POSTS[0], *([["May", *row[1:]] for row in POSTS[1:]])]
    new = ["May", "ah", 3, "ivory", "raw", 1, None]
    reading = read_surveys(
        workbook(tmp_path / "b.xlsx", Surveys=again, Posts=[*posts, new]), SPECIES, known
    )
    assert reading.count("posts") == 1
    assert ["in survey '2016-1' of the same day" in each for each in reasons_of(reading)] == [
        True,
        True,
    ]
    later: Rows = [*again[:1], ["evening", date(2016, 5, 12), "21:00"]]
    posts = [POSTS[0], ["evening", *POSTS[1][1:]]]
    path = workbook(tmp_path / "c.xlsx", Surveys=later, Posts=posts)
    assert reasons_of(read_surveys(path, SPECIES, Known(surveys=dict(known.surveys)))) == []


def test_totals_entered_again_under_another_name_are_refused(tmp_path: Path) -> None:
    head = ["survey", "date", "start", "advertisements", "images", "videos"]
    day = date(2016, 5, 12)
    surveys: Rows = [
        head,
        ["1", day, "", 9, 4, 1],
        ["2", day, "", 9, 4, 1],
        ["3", day, "", 8, 4, 1],
    ]
    reading = read_surveys(workbook(tmp_path / "s.xlsx", Surveys=surveys, Posts=POSTS[:1]), SPECIES)
    assert ["the day and the totals of '1'" in each for each in reasons_of(reading)] == [True]
    assert reading.count("surveys") == 2


def reasons_of(reading: SurveyReading) -> list[str]:
    """Reasons of the rejected rows of all kinds."""
    return [each.reason for rows in reading.rejections.values() for each in rows]


def test_a_row_that_a_workbook_hides_is_read_and_said(tmp_path: Path) -> None:
    listed: Rows = [["account", "year", "status"], ["doudou_a", 2016, "active"]]
    path = workbook(tmp_path / "s.xlsx", Accounts=listed)
    opened = load_workbook(path)
    opened["Accounts"].row_dimensions[2].hidden = True
    opened.save(path)
    reading = read_surveys(path, ["ivory"])
    assert reading.count("accounts") == 1
    (note,) = reading.notes()
    assert note.startswith("hidden rows of sheet 'Accounts' were read like the others (lines 2)")
