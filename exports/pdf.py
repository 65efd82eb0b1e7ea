"""PDF of a report: on which page each section of its table of contents begins."""

from __future__ import annotations

from pathlib import Path

from pypdf import PdfReader


def page_numbers(pdf: Path) -> dict[str, int]:
    """The page, from 1 on, of each place of a PDF that links lead to, by the id of its element.

    Browsers do not know the number of a page before they have printed it.
    """
    reader = PdfReader(pdf)
    numbers = {
        name.removeprefix("/"): reader.get_destination_page_number(place)
        for name, place in reader.named_destinations.items()
    }
    return {name: number + 1 for name, number in numbers.items() if number is not None}
