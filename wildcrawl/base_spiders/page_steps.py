"""Page steps: finds out from the addresses of linked pages whether results were skipped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from wildcrawl.base_spiders.page_numbers import COUNTED, HIDDEN
from wildcrawl.base_spiders.paging import ROUND

_DIGITS = re.compile(r"\d{1,6}")
HIGHEST = 10_000
"""Numbers in an address up to which one may count pages or results; above it, it is an id."""
FULL_PAGES = 2
"""Full pages followed by another from which on their length is that of the site's pages."""
FEW = 9
"""Steps up to which a number counts pages and not results."""


@dataclass(frozen=True)
class PageStep:
    """What changes in the address from one page of a search to the next: a single number."""

    phrase: str
    address: str
    """The address that it leads to."""
    name: str
    before: int | None
    """None if the address of the first page lacks the number."""
    after: int
    results: int
    """Results on the page that leads to it."""


@dataclass
class PageSteps:
    """The steps of a run whose pages are reached by links, or by cursors in their addresses."""

    cursors: bool = False
    """Whether they are cursors, which may count anything."""
    steps: list[PageStep] = field(default_factory=list)
    longest: int = 0
    """Results on the longest page."""

    def add(self, phrase: str, before: str, after: str, sizes: Sequence[int]) -> None:
        """Records the addresses of two successive pages of a search, and their numbers of results.

        `sizes`: those of all pages of the search so far.
        """
        self.longest = max(self.longest, *sizes)
        old, new = _numbers(before), _numbers(after)
        changed = {name: new[name] for name in new if old.get(name) != new[name]}
        if len(changed) == 1:
            (name, number), *_ = changed.items()
            if number <= HIGHEST:
                self.steps.append(PageStep(phrase, after, name, old.get(name), number, sizes[-2]))

    def broken(self) -> str:
        """A sentence if some searches went on by more pages than others, else ""."""
        if self.cursors:
            return ""
        for name in dict.fromkeys(step.name for step in self.steps):
            steps = [step for step in self.steps if step.name == name]
            widths = {step: self._width(step, steps) for step in steps}
            least = min(widths.values())
            wide = [step for step in steps if widths[step] > least]
            if wide and (least == 1 or least in ROUND) and _are_multiples(widths, least):
                most = max(wide, key=lambda step: widths[step])
                searches = len({step.phrase for step in wide})
                return (
                    f"next_page skipped pages in {searches} of "
                    f"{len({step.phrase for step in steps})} searches with further pages: that "
                    f"for '{most.phrase}' went on to {_shown(most)}, others by {least}; check "
                    "next_page, which may select the link to the last page"
                )
        return ""

    def doubtful(self) -> tuple[PageStep, int] | None:
        """A step that may have skipped results, and the number at which they would be shown.

        All steps go on by more than 1 page, or by more results than a page shows. A site may number
        its pages 1, 3, 5; whether there is a page between shows on request.
        """
        step, width = self._alike()
        if step is None:
            return None
        if width >= COUNTED and self.longest < width:
            return step, step.after - width + self.longest
        return (step, step.after - 1) if 2 <= width <= FEW else None

    def thin(self) -> str:
        """A sentence if page after full page has far fewer results than the next one goes on by.

        Else "".
        """
        step, width = self._alike()
        full = [each for each in self.steps if each.results >= self.longest]
        if step is None or width < COUNTED or self.longest >= HIDDEN * width:
            return ""
        if len(full) < max(FULL_PAGES, len(self.steps) / 2):
            return ""
        return (
            f"a page shows at most {self.longest} results, but the next one begins {width} further "
            f"on ({_shown(step)}), so that some between may not have been read; check 'card' and "
            "next_page"
        )

    def results_apart(self) -> int:
        """By how many results the pages are apart, if all links say the same; else 0."""
        step, width = self._alike() if self.steps and not self.cursors else (None, 0)
        return width if step is not None and width >= COUNTED else 0

    def _alike(self) -> tuple[PageStep | None, int]:
        """A step and by how much all go on, if they go on by the same; else None and 0."""
        # A first page has the number 0 or 1, or none, whatever the others count.
        steps = [step for step in self.steps if (step.before or 0) > 1] or self.steps
        widths = {self._width(step, self.steps) for step in steps}
        if len(widths) != 1 or len({step.name for step in self.steps}) != 1:
            return None, 0
        return steps[0], widths.pop()

    def _width(self, step: PageStep, steps: list[PageStep]) -> int:
        """By how much the number grows; a first page without one has the usual 1, or 0."""
        if step.before is not None:
            return step.after - step.before
        counts_results = min(other.after for other in steps) > FEW
        return step.after - (0 if counts_results or step.after < 2 else 1)


def at_number(url: str, name: str, number: int) -> str:
    """The address with another number in the place `name`, as in a `PageStep`.

    >>> at_number("https://m.example/s?q=x&page=3", "page", 2)
    'https://m.example/s?q=x&page=2'
    """
    parts = urlsplit(url)
    if name.startswith("/"):
        wanted, count = int(name[1:]), iter(range(len(parts.path)))
        path = _DIGITS.sub(lambda m: str(number) if next(count) == wanted else m[0], parts.path)
        return parts._replace(path=path).geturl()
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    query = [(key, str(number) if key == name else value) for key, value in pairs]
    return parts._replace(query=urlencode(query, encoding="latin-1")).geturl()


def _numbers(url: str) -> Mapping[str, int]:
    """The numbers in an address: those of its path by their place, /0, and its parameters."""
    parts = urlsplit(url)
    found = {f"/{place}": int(match) for place, match in enumerate(_DIGITS.findall(parts.path))}
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    return found | {
        name: int(value) for name, value in pairs if value.isascii() and value.isdigit()
    }


def _are_multiples(widths: Mapping[PageStep, int], least: int) -> bool:
    return all(width % least == 0 for width in widths.values())


def _shown(step: PageStep) -> str:
    name = "page" if step.name.startswith("/") else step.name
    return f"{name} {step.after}" + ("" if step.before is None else f" after {step.before}")
