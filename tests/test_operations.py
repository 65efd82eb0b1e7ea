"""Scripts for operators: what the audit and the drills conclude from what they saw."""

from __future__ import annotations

from scripts import audit, drills


def package(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "version": "1.0", "vulns": [], **more}


def test_an_audit_without_data_says_that_nothing_was_checked() -> None:
    unknown = package("a", skip_reason="not found")
    for packages, fault in ([], "no route to host"), ([unknown], ""):
        (line,), code = audit.summary(packages, fault)
        assert code == 0
        assert line.startswith("Nothing was checked: pip-audit could not reach its data")
        assert fault in line


def test_an_audit_names_vulnerable_packages_and_those_not_checked() -> None:
    faults = [{"id": "PYSEC-1", "fix_versions": ["1.1", "2.0"]}, {"id": "X-2", "fix_versions": []}]
    packages = [package("a"), package("b", vulns=faults), package("c", skip_reason="not found")]
    lines, code = audit.summary(packages, "")
    assert code == 1
    assert lines == [
        "b 1.0: PYSEC-1, fixed in 1.1, 2.0",
        "b 1.0: X-2, fixed in no version yet",
        "2 packages checked, 1 with a known vulnerability; 1 were not found in its data and not "
        "checked.",
    ]
    assert audit.summary([package("a")], "") == (
        ["1 packages checked, 0 with a known vulnerability."], 0,
    )  # fmt: skip


def test_drills_that_were_not_done_are_no_good_ones() -> None:
    outcomes = [
        drills.Outcome("kept", "exit 1, 120 MB"),
        drills.Outcome("lost", lost=3),
        drills.Outcome("doubled", doubled=1),
        drills.Outcome("no server", skipped="no FerretDB"),
    ]
    assert drills.summary(outcomes) == {"done": 3, "bad": 2, "not done": 1}
    assert "not done: no FerretDB" in drills.line_of(outcomes[-1])
