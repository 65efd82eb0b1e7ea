"""Messages of files, worksheets and imports: complete in Chinese, and in English as they are."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

import wildcrawl.tabular
from tests.helpers.desk_data import SHEET, client_of, desk_in
from tests.helpers.page_words import words_of
from wildcrawl.desk import ReadIn, message_catalogue
from wildcrawl.desk.messages import in_chinese
from wildcrawl.tabular.tables import suggestion

ROOM = Path(wildcrawl.tabular.__file__).parent
FILLED = "7"
"""What stands in a message for a part that differs."""
NO_MESSAGES = {"template.py", "guide.py", "writer.py", "model.py"}
"""Modules whose texts are of files and forms, or are for commands only."""
PARTS = {
    "module wildcrawl.tabular.worksheet has no attribute 7",
    "module wildcrawl.tabular.surveys has no attribute 7",
    "ad_id, url, title",
    "price as written",
    "a formula without a result",
    "7.7 is no value of a cell",
    "from wildcrawl.tabular.worksheet.uploads import main; main()",
    # Their fault has them as its end.
    "write the address of its own page, or give an ad_id or a title",
    "format the column as text and export it again, or give the advertisement's own address in url",
    # `suggestion` and the names of cells put these together.
    "7 one of 7",
    "did you mean '7'? Choose",
    "did you mean 7? Choose",
    "line 7: 7",
    "7 line 7",
    "7 line 7: ",
    "7: '7' 7",
    "7: 7 7",
}
"""Texts that are no message, or only a part of one."""


def filled(text: ast.AST, module: ModuleType) -> str:
    """The text of a string, with a constant of its module or FILLED for each part that differs."""
    if isinstance(text, ast.Constant):
        return text.value if isinstance(text.value, str) else ""
    parts = []
    for part in text.values if isinstance(text, ast.JoinedStr) else ():
        if isinstance(part, ast.FormattedValue):
            constant = getattr(module, ast.unparse(part.value), None)
            parts.append(constant if isinstance(constant, str) else FILLED)
        elif isinstance(part, ast.Constant):
            parts.append(str(part.value))
    return "".join(parts)


def messages_of(path: Path) -> Iterator[str]:
    """The strings of a module that read as sentences, without its docstrings."""
    name = ".".join(("wildcrawl.tabular", *path.relative_to(ROOM).with_suffix("").parts))
    module = importlib.import_module(name.removesuffix(".__init__"))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        id(part)
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for part in ast.walk(text)
        if part is not text
    }
    inside |= {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for text in ast.walk(tree):
        if id(text) not in inside and isinstance(text, ast.Constant | ast.JoinedStr):
            message = filled(text, module)
            if message.count(" ") > 1 and re.search(r"[a-z]{2}", message):
                yield message


def test_every_message_of_reading_files_has_its_chinese() -> None:
    messages = {
        message
        for path in ROOM.rglob("*.py")
        if path.name not in NO_MESSAGES
        for message in messages_of(path)
    }
    assert len(messages) > 90, "the messages are no longer found"
    without = {each for each in messages - PARTS if not in_chinese(each)}
    assert without == set()
    english = {each: in_chinese(each) for each in messages - PARTS}
    left = {
        each: said
        for each, said in english.items()
        if re.search(r"\b(?:is|are|has|the|with|choose|write|give|line|row)\b", said)
    }
    assert left == {}


def test_a_template_and_its_chinese_have_the_same_parts() -> None:
    for part in ("FAULTS", "ROWS", "FILES", "RUNS", "WORDS"):
        for english, chinese in getattr(message_catalogue, part).items():
            names, kept = (set(re.findall(r"\{(\w+)\}", text)) for text in (english, chinese))
            assert kept <= names, english
            assert names - kept <= {"verb", "other"}, english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "Advertisements!H12: 'ancient' is not a valid age claim; "
            f"{suggestion('ancient', ['old', 'new'])}, or leave it empty; "
            "Advertisements!B12: ad_id, url, title are all empty; give one of them",
            "Advertisements!H12：“ancient”不是有效的卖家所称年代；"
            "请选择其中之一：old 老、new 新，或留空；"
            "Advertisements!B12：广告编号、网址、标题都为空；请至少填写一项",
        ),
        (
            "my; file.csv, line 3: has 4 cells where the header has 5; add the missing separators, "
            "and put a cell that holds a line break in quotes",
            "my; file.csv，第 3 行：有 4 个单元格，"
            "而表头有 5 个；请补上缺少的分隔符，含有换行的单元格请加引号",
        ),
        (
            "fair: 1 new, 2 seen (1 sold), 0 set aside, 3 irrelevant; 0 search pages, 0 requests: "
            "thin (2 keywords of the worksheet were not searched; 1 of 4 rows were rejected; the "
            "log gives the reasons)",
            "fair：新增 1 条，再次看到 2 条（已售 1 条），"
            "自动排除 0 条，无关 3 条；搜索页 0 页，请求 0 次：搜索不全"
            "（工作表中有 2 个关键词没有搜索；4 行中有 1 行没有导入，原因见说明）",
        ),
        (
            "line 4, title: 'line 9: it is empty; choose' is a list; give one text",
            "第 4 行，标题：“line 9: it is empty; choose”是列表；请只填写一段文字",
        ),
        ("what no catalogue has", ""),
        ("x" * 5_000 + ": no such file", ""),
    ],
)
def test_values_are_kept_and_the_rest_is_translated(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


IN_CHINESE = {"Accept-Language": "zh-CN"}
ENGLISH = re.compile(
    r"\b(?:is|are|not|with|choose|write|give|row|keywords|request|seen|page|found|the)\b",
    re.IGNORECASE,
)


def test_pages_of_a_faulty_worksheet_are_in_chinese(tmp_path: Path) -> None:
    line = "fair: 0 new, 0 seen, 0 set aside, 0 irrelevant; 0 search pages, 0 requests: thin"
    said = ("Advertisements!B2: ad_id, url, title are all empty; give one of them",)
    desk = replace(desk_in(tmp_path), read_in=lambda _site, _filled: ReadIn(line, said))
    client = client_of(desk)
    faulty = {"found_by": "象牙", "age_claim": "古", "images": "三", "found_at": "it' s"}
    answer = client.post(
        f"{SHEET}/row", data=faulty, headers={**IN_CHINESE, "Accept": "application/json"}
    )
    mistakes = answer.get_json()["mistakes"]
    assert set(mistakes) == {"age_claim", "images", "found_at", "ad_id", "url", "title"}
    assert mistakes["images"] == "图片数：“三”不是 0 以上的整数；请填写数目，如 3"
    assert mistakes["found_at"].startswith("发现时间：“it' s”不是 ")
    pages = [
        client.post(f"{SHEET}/read-in", headers=IN_CHINESE).text,
        client.get(f"{SHEET}/rows", headers=IN_CHINESE).text,
    ]
    for name, content in (
        ("a.xlsx", b""), ("a.xlsx", b"PK\x03\x04"), ("a.csv", b"site;colour\nfair;1\n"),
        ("a.csv", b"site,found_by,nothing_found\nshop,a,x\n"), ("a.txt", b"x"),
    ):  # fmt: skip
        given = {"file": (BytesIO(content), name)}
        refused = client.post(f"{SHEET}/take-in", data=given, headers=IN_CHINESE)
        assert refused.status_code == 400
        pages.append(refused.text)
    addresses = ("/nowhere", "/worksheets/none/2026-11/", f"{SHEET}/keyword?term=q", "/?month=1")
    pages += [client.get(address, headers=IN_CHINESE).text for address in addresses]
    for page in pages:
        shown = page.partition("<main")[2].partition("</main>")[0]
        assert shown
        assert not ENGLISH.search(words_of(shown)), words_of(shown)
    assert "2 seen" not in pages[0]
    english = client.get(f"{SHEET}/rows", headers={"Accept-Language": "en"}).text
    assert 'images: &#39;<span lang="zh">三</span>&#39; is not a whole number' in english
