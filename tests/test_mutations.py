"""Mutation check: each fault that it plants is still one of the code, and its tests are there."""

from __future__ import annotations

import pytest

from scripts.mutations import MUTATIONS, ROOT, Mutation


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda each: each.rule)
def test_the_code_to_change_occurs_once(mutation: Mutation) -> None:
    code = (ROOT / mutation.file).read_text(encoding="utf-8")
    assert code.count(mutation.old) == 1
    assert mutation.new != mutation.old
    assert (ROOT / mutation.tests).exists()
