"""JSON answers in the forms in which sites send them, and texts that are none."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wildcrawl.analysis.answers import NotJson, parse_answer, value_at

DATA = {
    "data": [{"id": 1, "title": "老象牙手镯", "price": "3500"}, {"id": 2, "title": "(牙)[雕];"}]
}
JSON = json.dumps(DATA, ensure_ascii=False)


@pytest.mark.parametrize(
    "form",
    [
        "%s",
        "\ufeff%s",
        "\n %s\r\n",
        "jsonp123(%s)",
        "jsonp123(%s);",
        "/**/jQuery1102_77(%s);",
        "/**/ typeof cb === 'function' && cb(%s);",
        "try{cb(%s)}catch(e){}",
        "if(window.cb){cb(%s)}",
        "(%s)",
        "var x = %s;",
        "let x=%s",
        "window.__INITIAL_STATE__=%s;(function(){var s;(s=document.scripts[0]).remove()}());",
        'window["__DATA__"] = %s;\nwindow.other = {"a": 1};',
        "return %s;",
        ")]}'\n%s",
        ")]}',\n%s",
        "while(1);%s",
        "for (;;);%s",
        "throw 1; < don't be evil' >\n%s",
        "&&&START&&&%s",
        "{}&&%s",
        "/* goods **/ %s",
        "/*%s*/",
        "// generated\n%s",
        "%s<!-- 12 ms -->",
        "<html><body>%s</body></html>",
        "<html><head><meta name='x'></head><body><pre style='a'>%s</pre></body></html>",
        "<textarea>cb(%s)</textarea>",
    ],
)
def test_every_form_of_an_answer_is_read(form: str) -> None:
    assert parse_answer(form % JSON) == DATA


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "老象牙\n手镯\t带证书"}', {"a": "老象牙\n手镯\t带证书"}),
        ('{"a": "老\0象牙"}', {"a": "老象牙"}),
        ('{"a": "老\x01象牙"}', {"a": "老\x01象牙"}),
        (r'{"a": "it\x27s \x3cb\x3e"}', {"a": "it's <b>"}),
        (r'{"a": "it\'s \\x27"}', {"a": r"it's \x27"}),
        ('{"a": [1, 2, ], }', {"a": [1, 2]}),
        ('{"a": ",]", "b": ",}"}', {"a": ",]", "b": ",}"}),
        ('{"a": NaN, "b": undefined, "c": -Infinity}', {"a": None, "b": None, "c": None}),
        ('{"a": "NaN undefined"}', {"a": "NaN undefined"}),
        ("{a: 'b', c: [1, 2,]}", {"a": "b", "c": [1, 2]}),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('{"a": 1},\n{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('<pre>{"a": "&lt;b&gt;"}</pre>', {"a": "<b>"}),
        ('<body>{"a": "<em>象牙</em>"}</body>', {"a": "象牙"}),
        ("null", None),
        ("[]", []),
    ],
)
def test_what_browsers_or_the_sites_own_scripts_read_is_read(text: str, value: Any) -> None:
    assert parse_answer(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \0\n",
        "403 Forbidden",
        '{"a": 1',
        'cb({"a": 1',
        '{"a": "老象牙',
        '{"a": 1}{"b"',
        '{"a": 1} and more',
        'see {"a": 1}',
        '<html><title>登录</title><script>var a = {"b": 1};</script>请登录</html>',
        '<p>例如 {"a": 1}</p>',
        "body{color:red}",
        "function(){return {}}",
        "[" * 100_000,
    ],
)
def test_a_text_without_data_is_refused(text: str) -> None:
    with pytest.raises(NotJson):
        parse_answer(text)


def test_an_error_shows_the_first_sixty_characters() -> None:
    with pytest.raises(NotJson, match=r"it begins with '系统繁忙 (请稍后再试。){9}请'"):
        parse_answer("系统繁忙\n  " + "请稍后再试。" * 100)


def test_a_value_within_a_script_is_read_from_its_position() -> None:
    script = 'var a = {"title": "象牙", "list": [1, undefined,]}; go();'
    assert value_at(script, script.index("{")) == {"title": "象牙", "list": [1, None]}
    assert value_at('x = {"a": "b\\x27c"}; more', 4) == {"a": "b'c"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), JSON_VALUES) | st.lists(JSON_VALUES), st.booleans())
def test_json_of_any_content_is_read_as_python_does(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    if "\0" not in text:
        assert parse_answer(text) == value
        assert parse_answer(f"cb({text});") == value


@settings(max_examples=60)
@given(st.text(alphabet="{}[]()\"'\\,:;=/*<>ax1 \n"))
def test_any_text_is_data_or_refused(text: str) -> None:
    with contextlib.suppress(NotJson):
        parse_answer(text)


@pytest.mark.parametrize(
    "unit",
    ["[", '{"a":', '"', '"\\', '"\\x27",', "/*", ", ", '{"a":1}\n', "a(", "=[", "<b>", "a={"],
)
def test_reading_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = '{"a":' + unit * (length // len(unit))
        start = time.process_time()
        with contextlib.suppress(NotJson):
            parse_answer(text)
        return time.process_time() - start

    short = min(seconds(5_000) for _ in range(3))
    assert seconds(50_000) < 40 * short + 1
