"""Data frames of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl

from wildcrawl.store.documents import MOMENTS, Document
from wildcrawl.store.frame import CHUNK, JOINED, raw_dtype


def chunks(documents: Iterable[Document], read: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Frames of CHUNK documents each, with the columns `read` in their raw types."""
    rows = iter(documents)
    while batch := list(islice(rows, CHUNK)):
        yield pl.DataFrame(
            [pl.Series(name, _column(batch, name), dtype=raw_dtype(name)) for name in read]
        )


def _column(documents: Sequence[Document], name: str) -> list[Any]:
    if name in JOINED:
        return [";".join(document[name]) for document in documents]
    if name in MOMENTS:
        return [int(document[name]) for document in documents]
    return [document[name] for document in documents]
