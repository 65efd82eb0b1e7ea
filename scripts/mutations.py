"""Mutation check: plants ten faults in core rules, one at a time, and checks that tests fail.

Each fault is planted in a copy of the project, in which only the tests of its rule are run. Prints
a line for each fault; the exit code is 1 if the tests missed one.

Usage: python -m scripts.mutations
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Mutation(NamedTuple):
    """A fault: the code `old` of a file, which occurs there once, becomes `new`."""

    rule: str
    file: str
    old: str
    new: str
    tests: str


MUTATIONS = (
    Mutation(
        "a month begins at midnight in China",
        "wildcrawl/months.py",
        "return moment.astimezone(CHINA).strftime",
        "return moment.strftime",
        "tests/test_months.py",
    ),
    Mutation(
        "a price by weight is that of a gram",
        "wildcrawl/analysis/prices/parser.py",
        "rounded(value / figure.grams",
        "rounded(value",
        "tests/analysis/test_prices.py",
    ),
    Mutation(
        "a negated objection rules nothing out",
        "wildcrawl/analysis/tagging/relevance.py",
        "(denied if negated(scan, hit, rules) else kept).append(hit)",
        "kept.append(hit)",
        "tests/analysis/test_tagging.py",
    ),
    Mutation(
        "an older sighting leaves the last one",
        "wildcrawl/store/merge.py",
        "max(last_seen, found_at)",
        "found_at",
        "tests/store/test_merge.py",
    ),
    Mutation(
        "only a stated moment moves the first sighting of another run",
        "wildcrawl/store/merge.py",
        "if found_at < earliest and (stored.first_run == run or sighting.found_at_given):",
        "if found_at < earliest:",
        "tests/store/test_merge.py",
    ),
    Mutation(
        "what is set aside waits only as part of the audit",
        "wildcrawl/store/listing.py",
        "if relevance == Relevance.SET_ASIDE and audit",
        "if relevance == Relevance.SET_ASIDE",
        "tests/review/test_queue.py",
    ),
    Mutation(
        "a run in part is not a baseline",
        "wildcrawl/crawl/health.py",
        "return run.complete and (run.accepted or run.health in GOOD_HEALTH)",
        "return run.accepted or run.health in GOOD_HEALTH",
        "tests/crawl/test_health.py",
    ),
    Mutation(
        "halves are rounded up",
        "exports/rounding.py",
        "10**places + bottom) // (2 * bottom)",
        "10**places + bottom - 1) // (2 * bottom)",
        "tests/exports/test_counting.py",
    ),
    Mutation(
        "months without a search are hatched",
        "exports/charts/vega.py",
        """if f'fill="{GAP}"' in body:""",
        "if not body:",
        "tests/exports/test_gaps.py",
    ),
    Mutation(
        "texts of sellers are escaped",
        "exports/page.py",
        "autoescape=True",
        "autoescape=False",
        "tests/exports/test_page.py",
    ),
)


_ERRORS = re.compile(r"\d errors? in ")
"""End of a run of which a test could not be set up, which is no sign of the fault."""


def copy(folder: Path) -> None:
    """Copies the files of the project that git knows to `folder`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # With its permissions, without which no test starts a server.
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT / ".cache").is_dir():
        (folder / ".cache").symlink_to(ROOT / ".cache")


def caught(mutation: Mutation, folder: Path) -> bool:
    """Whether the tests fail in the project in `folder` with the fault; it is taken out again.

    ValueError if the code to change is not there once; RuntimeError if no test ran, or one could
    not be set up.
    """
    path = folder / mutation.file
    right = path.read_text(encoding="utf-8")
    if right.count(mutation.old) != 1:
        raise ValueError(f"{mutation.file} has not once '{mutation.old}'; correct the mutation")
    path.write_text(right.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        ran = subprocess.run(
            [*command, mutation.tests], cwd=folder, capture_output=True, text=True, check=False
        )
    finally:
        path.write_text(right, encoding="utf-8")
    if ran.returncode not in (0, 1) or _ERRORS.search(ran.stdout[-200:]):
        raise RuntimeError(f"{mutation.tests} did not run: {ran.stdout[-500:]}{ran.stderr[-500:]}")
    return ran.returncode == 1


def main() -> int:
    missed = 0
    with TemporaryDirectory() as name:
        folder = Path(name)
        copy(folder)
        for mutation in MUTATIONS:
            found = caught(mutation, folder)
            missed += not found
            print(f"{'caught' if found else 'MISSED'}  {mutation.rule}", flush=True)
    print(f"{len(MUTATIONS) - missed} of {len(MUTATIONS)} caught")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
