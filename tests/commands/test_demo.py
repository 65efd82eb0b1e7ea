"""`scrapy demo`: where its marketplaces listen, so that a later recheck finds them."""

from __future__ import annotations

from urllib.request import urlopen

import pytest

from tests.helpers.ports import free_port
from wildcrawl.commands.demo import marketplaces


def test_the_marketplaces_have_the_usual_port_or_say_that_it_is_in_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = free_port()
    with marketplaces(1, port) as base:
        assert base == f"http://127.0.0.1:{port}"
        assert capsys.readouterr().out == ""
        with marketplaces(1, port) as other:
            assert other != base
            assert urlopen(f"{other}/robots.txt").status == 200
    assert f"Port {port} is in use" in capsys.readouterr().out
