"""Run, tagging and store messages: each sentence of the sources has its Chinese at the desk."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import wildcrawl
from wildcrawl.desk import match_words, message_catalogue, run_messages, store_messages
from wildcrawl.desk.messages import in_chinese
from wildcrawl.utils import bundled_keywords

ROOM = Path(wildcrawl.__file__).parent
SOURCES = (
    *("crawl/health.py", "crawl/run_recorder.py", "crawl/due_pages.py", "crawl/addresses.py"),
    *("crawl/robots.py", "crawl/clock.py", "crawl/heartbeat.py", "crawl/skips.py"),
    *("crawl/certificates.py", "crawl/cut_pages.py", "evidence/presence.py"),
    *("crawl/picture_requests.py", "crawl/middlewares.py", "base_spiders", "pictures"),
    *("review/looking", "review/queue.py", "review/second_reader/raising.py"),
    *("analysis/tagging/relevance.py", "analysis/tagging/apply.py", "review/retagging.py"),
)
"""Modules that give the reasons of a run, a tagging or a picture."""
LEFT_OUT = {
    *("declarations.py", "block_detection.py", "snapshot.py", "recheck.py", "login.py"),
    *("structured_data", "model.py", "page_advice.py"),
}
"""Modules whose sentences are for who writes a spider, or are words of websites."""
PARTS = {
    *(
        "accepted; it was 7: 7",
        "7 advertisements, where 7 are usual ",
        "7, so no page was requested",
    ),
    *("pages that the site reports as missing", "pages that could not be fetched"),
    *("pages that show neither results nor 'nothing found'", "failed writes to the store"),
    *("errors in the code", "errors, as logged", " (7 sold)", "read %(site)s %(ad_id)s"),
    *("none of 7 pictures could be kept (7)", "no site may be crawled", "Forbidden by robots.txt"),
    *("7 is not requested: 7", "the site shows the", "a board shows the", "exit code 7"),
    *(" and 7 more", "wildcrawl/7 (wildlife trade monitoring; 7)", " or ", "first_page = 7"),
    *("page_step = 7", " after 7", "7 (read from line 7)", "part of it", "part of it, mirrored"),
    *("picture in a frame", "mirrored picture in a frame"),
    *("7, 7 of 64 bits", "7, 7 points", "7, description 7%", " with 7", "most often: 7"),
    *("nothing else is named", "found by a keyword of its group", "the moment of looking:"),
    *(
        "7 the 7 results on first pages 7 its keyword",
        "'7': 7 of 7",
        "'7': 7 of 7+",
        "'7': 7 of 7 pages",
    ),
    *("'7': 7 of 7 missing", "from wildcrawl.pictures.apart import main; main()"),
    *("'7' page 7: 7", "wildcrawl charset: ", "wildcrawl codec: ", "the moment of retagging:"),
    *("it is 7, which nothing names", "crops, mirror images and screenshots"),
    "photograph of a confirmed advertisement",
    "picture like one of a confirmed advertisement",
    "the page shows neither advertisements nor an empty result",
    "Chromium runs without its sandbox, which this machine does not allow; a page that breaks into "
    "the browser has the rights of this program",
    "it is read with a person's own sign-in, which needs that person's consent and the site's "
    "terms to allow it",
    "7 without a verdict ('scrapy retag --dry-run' shows what would change)",
    "7 judged, which keep their tags",
    "7 → 7",
    *("(?:first|second)_7", "7: 7; 7", "the site found nothing"),
    *("unreadable pages", "status 7", "7 of", "none of", "declare ", "7 row", "a row"),
    *("certificate verify failed", "while verifying certificate"),
    *("cut page", "exceeded DOWNLOAD_MAXSIZE", "answered 7", "%(reason)s: %(exception)s"),
    *("no cookies", "led back", "QR codes", "not tagged", r"\[err\] (.+)"),
    *("data not answered", "no answer", "an answer that is empty or cut short"),
    "ended by the page itself",
    *("zxing-cpp 7", "rapidocr 7", "reading 7", "model 7"),
    *("whole picture", "mirrored picture", "mirrored crop"),
    "没有更多|沒有更多|暂无更多|无更多|no more",
}
"""Texts that are a part of a sentence, a line of the log, or for the terminal alone."""
CALLS_APART = {
    *("warning", "info", "error", "debug", "exception", "log", "compile", "add_argument"),
    *("xpath", "css", "XPath", "select", "evaluate"),
}
NO_SENTENCE = re.compile(
    r"//|::|\(\?|@|contains\(|=>|\bself::|window\.|[#.\[]\w+[*,\]-]|^\s|\{$|scrollY|\[src"
)


def filled(text: ast.expr) -> str:
    """A string of a source, with a 7 for each part that differs."""
    if isinstance(text, ast.Constant):
        return text.value if isinstance(text.value, str) else ""
    parts = []
    for part in text.values if isinstance(text, ast.JoinedStr) else ():
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            orelse = part.value.orelse if isinstance(part.value, ast.IfExp) else None
            parts.append(str(orelse.value) if isinstance(orelse, ast.Constant) else "7")
    return "".join(parts)


class Sentences(ast.NodeVisitor):
    """The strings of a module that read as sentences, without docstrings, errors and log lines."""

    def __init__(self, path: Path) -> None:
        self.found: set[str] = set()
        self.visit(ast.parse(path.read_text(encoding="utf-8")))

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        """Leaves out errors, which end a run and are no reason of its health, but for pictures'.

        A picture's error is kept as why it was not read.
        """
        raised = getattr(node.exc, "func", None)
        if getattr(raised, "id", "") == "PictureError":
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if getattr(node.func, "attr", getattr(node.func, "id", "")) not in CALLS_APART:
            self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.add(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        self.add(node)

    def add(self, node: ast.expr) -> None:
        """Adds a string, if it reads as a sentence."""
        text = filled(node)
        if " " in text and re.search(r"[a-z]{2}", text) and not NO_SENTENCE.search(text):
            self.found.add(text)


def modules() -> Iterator[Path]:
    """The modules of SOURCES."""
    for name in SOURCES:
        path = ROOM / name
        for each in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            if not LEFT_OUT & {each.name, each.parent.name}:
                yield each


def test_every_reason_of_a_run_or_a_tagging_has_its_chinese() -> None:
    sentences = {text for path in modules() for text in Sentences(path).found} - PARTS
    assert len(sentences) > 150, "the sentences are no longer found"
    without = {text for text in sentences if not in_chinese(text)}
    assert without == set(), "add them to desk/run_messages.py or desk/match_words.py"


def test_a_template_and_its_chinese_have_the_same_parts() -> None:
    parts = (
        *(run_messages.REASONS, match_words.TAGGING, store_messages.STORES),
        *(store_messages.EVIDENCE, store_messages.PICTURES, store_messages.LETTERS),
        message_catalogue.RUNS,
    )
    for english, chinese in (pair for part in parts for pair in part.items()):
        names, kept = (set(re.findall(r"\{(\w+)\}", text)) for text in (english, chinese))
        assert kept == names, english


def test_each_reason_of_the_vocabulary_has_its_chinese() -> None:
    reasons = yaml.safe_load(bundled_keywords().read_text(encoding="utf-8"))["reasons"]
    labels = {reason["label"] for reason in reasons.values()}
    assert len(labels) > 30
    assert labels - {*match_words.OBJECTIONS} == set()


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "3 errors in the code, price on 2 of 40 advertisements, expected 90%; 1 search met the "
            "page limit with more to read ('象牙': 12 of 16, '牙雕': 3 of 9 and 4 more)",
            "3 处程序错误，40 条广告中 2 条有原文标价，预期 90%；"
            "1 次搜索达到页数上限，还有更多未读（“象牙”：12/16、“牙雕”：3/9，另有 4 项）",
        ),
        (
            "page after page mostly repeats the one before in 3 of 4 boards ('x; y': 5); check "
            "page_step, or {page} in board_path",
            "4 个板块中，3 个各页大多重复前一页（“x; y”：5）；"
            "请检查 page_step，或 board_path 中的 {page}",
        ),
        (
            "accepted; it was broken: 3 unreadable pages; stopped early (shutdown)",
            "已由人工认可；原为出错：3 页无法读取；提前结束（shutdown）",
        ),
        ("a sentence of a plugin; 3 unreadable pages", "a sentence of a plugin；3 页无法读取"),
        ("audit of: wanted, not offered: 求购", "抽查：求购，不是出售：求购"),
        (
            "photograph of a confirmed advertisement: mall 3 (whole picture, nearly unchanged); 吉 "
            "(code) with 老料, nothing else is named",
            "与已确认广告的照片相同：mall 3（整张图片，几乎未改动）；"
            "吉（暗语），旁有老料、没有写其他物品",
        ),
        ("; ; , , " * 400, ""),
    ],
)
def test_a_row_of_sentences_is_translated_each_on_its_own(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("1 page that could not be fetched", "1 页无法获取"),
        (
            "1 advertisement is stored as the search shows it and waits for its own page",
            "1 条广告已按搜索页存入，等待读取其自己的页面",
        ),
        (
            "m: 3 new, 1 seen, 0 set aside, 2 irrelevant; 1 search page, 1 request: ok",
            "m：新增 3 条，再次看到 1 条，自动排除 0 条，无关 2 条；搜索页 1 页，请求 1 次：正常",
        ),
    ],
)
def test_a_sentence_about_one_has_its_chinese_too(reason: str, chinese: str) -> None:
    assert in_chinese(reason) == chinese


def test_the_documented_messages_are_those_of_runs() -> None:
    text = (ROOM.parent / "docs" / "health.md").read_text(encoding="utf-8")
    table = text.partition("## Messages, and what to do")[2].partition("\n## ")[0]
    messages = [line.split(" | ")[1] for line in table.splitlines() if line.startswith("| *")]
    assert len(messages) > 30
    assert [each for each in messages if not in_chinese(each)] == []
