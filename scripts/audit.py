"""Audit of the pinned packages: known vulnerabilities, by pip-audit.

Run: python -m scripts.audit

pip-audit is installed into .cache/pip-audit on first use, since it needs thirty packages of its
own. Without a connection to its data nothing is checked, which is reported, and is not a failure.
The exit code is 1 if a pinned package has a known vulnerability.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "constraints.txt"
PLACE = ROOT / ".cache" / "pip-audit"


def installed() -> Path | None:
    """The program, installed if it is not; None if it cannot be."""
    program = PLACE / "bin" / "pip-audit"
    if not program.exists():
        for command in (
            [sys.executable, "-m", "venv", str(PLACE)],
            [str(PLACE / "bin" / "python"), "-m", "pip", "install", "--quiet", "pip-audit"],
        ):
            if subprocess.run(command, check=False).returncode:
                return None
    return program


def report_of(program: Path) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit found of each package; [] and its last words if it found nothing out."""
    done = subprocess.run(
        [
            *(program, "--requirement", PINS, "--no-deps", "--disable-pip"),
            *("--format", "json", "--progress-spinner", "off", "--timeout", "20"),
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        lines = done.stderr.strip().splitlines()
        return [], lines[-1][:200] if lines else f"exit code {done.returncode}"


def summary(packages: list[dict[str, Any]], fault: str) -> tuple[list[str], int]:
    """Lines to print and the exit code, for what pip-audit says of each package."""
    checked = [package for package in packages if "skip_reason" not in package]
    if not checked:
        why = fault or "it found none of the packages"
        return [f"Nothing was checked: pip-audit could not reach its data ({why})."], 0
    lines = [
        f"{package['name']} {package['version']}: {fault['id']}, fixed in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}"
        for package in checked
        for fault in package["vulns"]
    ]
    left = len(packages) - len(checked)
    unknown = f"; {left} were not found in its data and not checked" if left else ""
    number = len({line.partition(":")[0] for line in lines})
    lines.append(f"{len(checked)} packages checked, {number} with a known vulnerability{unknown}.")
    return lines, 1 if number else 0


def main() -> int:
    program = installed()
    if program is None:
        print("Nothing was checked: pip-audit could not be installed.")
        return 0
    lines, code = summary(*report_of(program))
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
