"""Desks under test: their templates are compiled once for all of them."""

from __future__ import annotations

from tests.helpers.desk_templates import keep_compiled_templates

keep_compiled_templates()
