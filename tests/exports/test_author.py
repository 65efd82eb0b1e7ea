"""A report with an author, its figure files and its data package."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import lxml.html  # type: ignore[import-untyped]
import pytest
from PIL import Image

from exports import Exported, ExportError, export
from exports.author import AuthorError, load_author, markdown
from exports.report import put_in_place
from tests.helpers.exports_data import ad, context, frame

ENTRIES = """
organisation: Example Monitoring
authors: [A. Li, B. Wang]
contact: report@example.org
licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
cite: Li, A. and Wang, B. (2016). doi:10.5281/zenodo.12345678, tel 13812345678.
introduction: |
  This report covers **two** months. <script>alert(1)</script> Seen: wx_made_up_77 13812345678.

  # Ours
recommendations: |
  1. [Filter](https://example.org) code words, not [this](javascript:1) ![x](http://seller.example/x)
  2. Block 加微信 **made_up_77**, ask report@example.org.
captions:
  figure-monthly: A peak in *May*. 13812345678
  monthly: By month. [He](mailto:made_up_77@qq.com)
"""


def copied(page: Path, pdf: Path) -> None:
    """A printer that copies the page."""
    pdf.write_bytes(page.read_bytes())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A report of two months with an author, in all formats; the PDF is a copy of its page."""
    folder = tmp_path_factory.mktemp("report")
    (folder / "report.yaml").write_text(ENTRIES, encoding="utf-8")
    author = load_author(folder / "report.yaml")
    rows = frame(
        ad("2016-04-05", ad_id="1"), ad("2016-05-05", ad_id="2"),
        ad("2016-05-05", ad_id="3", site="<b>&\x0b"),
    )  # fmt: skip
    given = replace(context("2016-04", "2016-05"), author=author)
    return export(
        rows,
        given,
        folder / "out",
        formats=("html", "csv", "figures", "pdf"),
        print_pdf=copied,
    )


def test_the_page_has_the_authors_words_and_no_markup_of_their_own(made: Exported) -> None:
    text = made.index.read_text(encoding="utf-8")
    page = lxml.html.fromstring(text)
    words = " ".join(page.text_content().split())
    for part in (
        "Example Monitoring", "A. Li, B. Wang", "This report covers two months.",
        "Recommendations",
        "How to cite: Li, A. and Wang, B. (2016). doi:10.5281/zenodo.12345678, tel ▒▒▒.",
        "Licence: CC BY 4.0", "Contact: report@example.org",
        "A peak in May.", "By month.",
    ):  # fmt: skip
        assert part in words
    for seller in ("made_up_77", "13812345678"):
        assert seller not in text
    assert "ask report@example.org" in words
    assert '@top-right { content: "Example Monitoring"' in text
    assert "<script" not in text
    assert page.xpath("//@src") == []
    assert page.xpath("//div[@id='introduction']//h3/text()") == ["Ours"]
    assert "javascript" not in " ".join(page.xpath("//@href"))
    for month in made.months.values():
        assert "This report covers" not in month.read_text(encoding="utf-8")


def test_the_imprint_is_on_the_cover_on_paper_and_last_on_a_screen(made: Exported) -> None:
    page = lxml.html.fromstring(made.index.read_text(encoding="utf-8"))
    paper, screen = page.xpath("//*[contains(@class, 'imprint')]")
    assert (paper.get("class"), screen.get("class")) == ("imprint paper", "imprint on-screen")
    assert paper.text_content().split() == screen.text_content().split()
    assert paper.getprevious().get("class") == "contents"
    assert page.xpath("//main")[0][-1] is screen


def test_each_figure_and_table_has_an_address_and_files(made: Exported) -> None:
    page = lxml.html.fromstring(made.index.read_text(encoding="utf-8"))
    figures = page.xpath("//figure/@id")
    assert "figure-monthly" in figures
    for name in (each.removeprefix("figure-") for each in figures):
        drawn = (made.folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        assert lxml.html.fromstring(drawn).tag == "svg"
        picture = (made.folder / "figures" / f"{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
    assert len(saved_files(made.index)) == 3 * len(figures)
    assert all(path.is_file() for path in saved_files(made.index))
    contents = page.xpath("//nav[@class='contents']//@href")
    assert len(contents) == 15
    assert contents[-2:] == ["#recommendations", "#notes"]
    assert all(page.xpath(f"//section[@id='{link[1:]}']") for link in contents)


def saved_files(page: Path) -> list[Path]:
    """Files that the figures of a page link to, besides their own addresses."""
    links = lxml.html.fromstring(page.read_text(encoding="utf-8")).xpath(
        "//p[@class='saved']//@href"
    )
    return [page.parent / link for link in links if not link.startswith("#")]


def test_the_page_of_a_month_has_figures_with_their_files(made: Exported) -> None:
    page = lxml.html.fromstring(made.months["2016-05"].read_text(encoding="utf-8"))
    assert page.xpath("//figure/@id") == ["figure-monthly", "figure-sites"]
    titles = page.xpath("//figure[@id='figure-monthly']/figcaption/text()")
    assert titles == ["Advertisements in May 2016, by species"]
    files = saved_files(made.months["2016-05"])
    assert [path.name for path in files] == [
        "monthly.svg", "monthly.png", "monthly.csv", "sites.svg", "sites.png", "site_share.csv",
    ]  # fmt: skip
    with files[-1].open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["advertisements", "1", "1"]
    assert "<b>&" in [each.text for each in ET.fromstring(files[3].read_bytes()).iter()]
    assert files[4].read_bytes().startswith(b"\x89PNG")
    assert not page.xpath("//b")
    # Without a second site there is nothing to compare.
    april = lxml.html.fromstring(made.months["2016-04"].read_text(encoding="utf-8"))
    assert "figure-monthly" in april.xpath("//figure/@id")


def test_files_of_months_that_a_later_report_lacks_are_removed(tmp_path: Path) -> None:
    made, folder = tmp_path / "made", tmp_path / "report"
    old = ("months/2016-04.html", "months/2016-04/sites.png", "months/2016-05/monthly.csv",
           "months/2016-05/notes.txt", "csv/monthly.csv", "report.pdf")  # fmt: skip
    for name in (*(f"report/{each}" for each in old), "made/months/2016-06/sites.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    placed = put_in_place(made, folder, ("html", "csv", "figures"))
    assert placed == {"months/2016-06/sites.svg": folder / "months/2016-06/sites.svg"}
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert left == {*placed, "months/2016-05/notes.txt", "report.pdf"}
    assert not (folder / "months/2016-04").exists()


def test_the_pdf_is_printed_from_the_finished_page(made: Exported) -> None:
    assert made.pdf == made.folder / "report.pdf"
    assert made.pdf.read_bytes() == made.index.read_bytes()


def test_the_data_package_describes_every_file(made: Exported) -> None:
    package = json.loads((made.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["name"] == "wildlife-advertisements-2016-04_2016-05"
    licence = {"title": "CC BY 4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
    assert package["licenses"] == [licence]
    assert "description" not in package, "nothing waits, and every month was searched"
    assert [each["title"] for each in package["contributors"]][-1] == "Example Monitoring"
    assert {each["name"] for each in package["resources"]} == made.csv.keys()
    for resource in package["resources"]:
        path = made.folder / resource["path"]
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
        fields = resource["schema"]["fields"]
        assert [each["name"] for each in fields] == header, path
        for row in rows:
            for field, cell in zip(fields, row, strict=True):
                if cell and field["type"] in PATTERNS:
                    assert re.fullmatch(PATTERNS[field["type"]], cell), (path.name, field, cell)


PATTERNS = {
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?",
    "yearmonth": r"\d{4}-\d{2}",
    "date": r"\d{4}-\d{2}-\d{2}",
    "datetime": r"\d{4}-\d{2}-\d{2}T.*\+08:00",
}


PHOTOGRAPH = "photographs:\n  - advertisement: demo:1\n    checked_by: A\n"
MORE = "\n  - {advertisement: a, checked_by: b}"


def test_what_is_wrong_in_the_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    for text, message in (
        (
            "cite: x\norganization: x",
            "line 2: organization is not a valid entry (did",
        ),
        ("authors: A. Li", "line 1: authors is not a list; write one, such as [first, second]"),
        ("cite: x\nlicence: 2016-05-01", "line 2: licence is not a text; write one, a number or"),
        ("cite: x\nlogo: a\ncite: y", "line 3: 'cite' stands here a second time; keep one of them"),
        ("captions:\n  - a: x", "line 1: captions has no entries; write each as name: text"),
        ("photographs:\n\n  - picture: 1\n", "line 3: photographs.1.advertisement is missing"),
        (f"{PHOTOGRAPH}  - 5", "line 4: photographs.2 has no entries; write each as name: text"),
        (f"{PHOTOGRAPH}    cover: [[1, 2, 3]]", "line 4: photographs.1.cover.1.4 is missing"),
        (f"{PHOTOGRAPH}    colour: 1", "line 4: photographs.1.colour is not a valid entry (did"),
        (f"photographs:{' [' * 2000}", "its entries are nested too deep; check its brackets"),
        (
            f"{PHOTOGRAPH[:-1]}{MORE * 12}",
            "line 1: photographs has too many entries; keep at most 12",
        ),
        ("cite: x\nauthors: [", "line 2: while parsing a flow node: expected the node content"),
        (
            "a: x\ncite: Li: a report",
            "line 2: mapping values are not allowed here; put a",
        ),
        (
            'a: x\ncite: "Li\nlogo: x',
            "line 2: while scanning a quoted scalar: found",
        ),
        (
            "cite: x\n\tlogo: y",
            "line 2: while scanning for the next token: found",
        ),
        ("cite: x\n---\ncite: y", "line 2: expected a single document in the stream: but found an"),
        ("name: x\ncaptions:\n  a: * see", "line 3: while scanning an alias"),
        ("name: *note", "put a text that begins with such a sign in quotes"),
        ("name: @note", "put a text that begins with such a sign in quotes"),
        ("[]", "line 1: the file has no entries; write each as name: text"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(AuthorError, match=re.escape(message)):
            load_author(path)
    path.write_text("logo: logo.png", encoding="utf-8")
    author = load_author(path)
    assert author
    with pytest.raises(AuthorError, match=r"the logo .*logo.png cannot be read: No such file"):
        _ = author.source
    path.write_bytes("organisation: 示例".encode("gbk"))
    with pytest.raises(AuthorError, match="bytes of another encoding; save it as UTF-8"):
        load_author(path)
    (tmp_path / "logo.png").write_bytes(b"<svg><script>alert(1)</script></svg>")
    with pytest.raises(AuthorError, match="is not a PNG or JPEG picture"):
        _ = author.source
    with pytest.raises(AuthorError, match=r"none\.yaml cannot be read: No such file"):
        load_author(tmp_path / "none.yaml")
    path.write_text("captions: {monthyl: x}", encoding="utf-8")
    with pytest.raises(AuthorError, match="'monthyl' is not a valid table or figure; choose one"):
        load_author(path, ["monthly", "prices"])
    path.write_text("organisation: x", encoding="utf-8")
    author = load_author(path)
    assert author
    assert author.source == ""
    path.write_text("logo: logo.png\nauthors:\ncaptions:\n  figure-monthly:\n", encoding="utf-8")
    author = load_author(path)
    assert author
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(AuthorError, match="cannot be read as a picture; save it anew"):
        _ = author.source
    Image.new("1", (4001, 1)).save(tmp_path / "logo.png")
    with pytest.raises(AuthorError, match="is too large; save it with at most 500 kB and 4000 pix"):
        _ = author.source
    Image.new("1", (40, 10)).save(tmp_path / "logo.png")
    assert author.source.startswith("data:image/png;base64,iVBORw0KGgo")
    assert load_author(None) is None
    assert markdown("") == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("加微信 **made_up_77**, *2016*", "<p>加微信 ▒▒▒, 2016</p>"),
        ("微信：*made*up77", "<p>微信：▒▒▒</p>"),
        ("[b](mailto:a77@qq.com) a@b.example", '<p><a href="mailto:▒▒▒">b</a> a@b.example</p>'),
        ("<mailto:a77@qq.com>", '<p><a href="mailto:▒▒▒">mailto:▒▒▒</a></p>'),
        ("[b](mailto:a@b.example)", '<p><a href="mailto:a@b.example">b</a></p>'),
        ("138&#48;0138000", "<p>▒▒▒</p>"),
        ("```\n微信 made77\n```", "<pre><code>微信 ▒▒▒\n</code></pre>"),
        ("[a](https://x.example/138?tel=13800138000)",
         '<p><a href="https://x.example/138?tel=▒▒▒">a</a></p>'),
        ("**3** of 1949, ¥12,800 `a_b`",
         "<p><strong>3</strong> of 1949, ¥12,800 <code>a_b</code></p>"),
    ],
)  # fmt: skip
def test_contacts_in_the_authors_words_are_hidden_but_the_organisations(
    text: str, html: str
) -> None:
    assert markdown(text, "A, a@b.example").strip() == html


def test_figures_and_a_pdf_need_a_page(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="choose html as well"):
        export(frame(ad()), context(), tmp_path, formats=("csv", "figures"))
    with pytest.raises(ExportError, match="a PDF needs a browser"):
        export(frame(ad()), context(), tmp_path, formats=("html", "pdf"))
