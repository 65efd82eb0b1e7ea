"""Scheduling rules: which sites get a job, on which node, and the status of a month."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wildcrawl.commands.sites import health
from wildcrawl.crawl.heartbeat import close_killed, gives_signs, is_over, still_alive
from wildcrawl.crawl.scheduling import jobs as claiming
from wildcrawl.crawl.scheduling.api import (
    Client,
    Job,
    NodeAwayError,
    NodeError,
    NodeRefusal,
    NodeSilentError,
)
from wildcrawl.crawl.scheduling.jobs import Claim, parse_id, unit_of_job
from wildcrawl.crawl.scheduling.lock import scheduler_lease
from wildcrawl.crawl.scheduling.nodes import Node, NodesError, find_nodes
from wildcrawl.crawl.scheduling.plan import (
    by_unit,
    is_done,
    left_alone,
    minutes,
    spread,
    surely_over,
    unfinished,
    without_end,
)
from wildcrawl.crawl.scheduling.status import Month, Standing
from wildcrawl.items import Run
from wildcrawl.processes import own_process
from wildcrawl.store import Store

MONTH = "2026-11"
START = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
GOOD = Run("r1", "mall", START, START + timedelta(hours=1), health="ok", complete=True)


def decide(
    *runs: Run, again: bool = False, alive: tuple[str, ...] = (), jobs: tuple[Job, ...] = ()
) -> str:
    return left_alone("mall", MONTH, jobs, runs, alive, again=again)


# Who gets a job


def test_a_whole_good_search_of_the_month_is_not_repeated() -> None:
    assert decide(GOOD) == "done 2026-11-03 12:00 (ok)"
    assert decide(replace(GOOD, health="quiet"))
    assert decide(GOOD, again=True) == ""
    assert decide(GOOD, replace(GOOD, id="r2", health="broken")).startswith("done")


@pytest.mark.parametrize(
    "run",
    [
        replace(GOOD, health="thin"),
        replace(GOOD, health="broken"),
        replace(GOOD, health="blocked"),
        replace(GOOD, finished=None, health=""),
        replace(GOOD, complete=False),
        replace(GOOD, site="market"),
        # In China it was October still.
        replace(GOOD, started=datetime(2026, 10, 31, 15, 59, tzinfo=UTC)),
    ],
)
def test_anything_less_is_searched_again(run: Run) -> None:
    assert decide(run) == ""


def test_a_month_begins_in_china() -> None:
    assert decide(replace(GOOD, started=datetime(2026, 10, 31, 16, 0, tzinfo=UTC)))


@pytest.mark.parametrize("again", [False, True])
def test_what_runs_or_waits_is_left_alone_even_to_search_again(again: bool) -> None:
    for state in ("pending", "running"):
        job = Job("mall-2026-11-1", "mall", "node1", state)
        assert decide(jobs=(job,), again=again) == f"{state} on node1 (mall-2026-11-1)"
    killed = replace(GOOD, finished=None, health="")
    assert decide(killed, alive=("r1",), again=again).startswith("running, by hand")
    assert decide(jobs=(Job("mall-2026-11-1", "mall", "node1", "finished"),), again=again) == ""


def test_only_what_no_node_runs_is_asked_for_a_sign_of_life() -> None:
    open_run = replace(GOOD, finished=None)
    assert unfinished(["mall"], [], [open_run, GOOD]) == [open_run]
    assert not unfinished(["mall"], [Job("j", "mall", "node1", "running")], [open_run])
    assert not unfinished(["market"], [], [open_run])
    later = replace(GOOD, id="r2", started=open_run.started + timedelta(hours=1))
    assert not unfinished(["mall"], [], [open_run, later]), "its site was searched since"
    heard = replace(open_run, heard_of=later.started.isoformat())
    assert unfinished(["mall"], [], [heard, later]) == [heard]


# Where


def test_sites_are_spread_by_how_long_they_take() -> None:
    able = {"node1": {"a", "b", "c", "d"}, "node2": {"a", "b", "c", "d"}}
    assert spread("abcd", able, [], {"a": 60.0, "b": 20, "c": 20, "d": 20}) == {
        "a": "node1",
        "b": "node2",
        "c": "node2",
        "d": "node2",
    }
    assert sorted(spread("abcd", able, [], {}).values()) == ["node1", "node1", "node2", "node2"]


def test_what_a_node_has_to_do_already_counts_and_what_has_finished_does_not() -> None:
    able = {"node1": {"a", "b"}, "node2": {"a", "b"}}
    assert spread("a", able, [Job("j", "b", "node1", "running")], {}) == {"a": "node2"}
    assert spread("a", able, [Job("j", "b", "node1", "finished")], {}) == {"a": "node1"}


def test_a_site_goes_only_where_its_spider_is() -> None:
    assert spread("ab", {"node1": {"a"}, "node2": {"b"}}, [], {}) == {"a": "node1", "b": "node2"}
    assert spread("ab", {"node1": {"a"}}, [], {}) == {"a": "node1"}
    assert spread("a", {}, [], {}) == {}


def test_how_long_a_site_takes_is_given_by_its_last_whole_search() -> None:
    short = replace(GOOD, finished=START + timedelta(minutes=3), complete=False)
    assert minutes([GOOD, short, replace(GOOD, finished=None)]) == {"mall": 60}


# Claims, turns and signs of life, on both stores


def test_a_later_job_of_a_site_stands_in_for_an_earlier_one(store: Store) -> None:
    first = claiming.next_claim({}, "my-mall", MONTH, "node1")
    claiming.keep(store, first)
    assert claiming.superseded_by(store, first.id) == ""
    found = claiming.newest(claiming.claims(store), MONTH)
    assert found == {"my-mall": first}
    second = claiming.next_claim(found, "my-mall", MONTH, "node2")
    claiming.keep(store, second)
    assert (first.id, second.id) == ("my-mall-2026-11-1", "my-mall-2026-11-2")
    assert claiming.superseded_by(store, first.id) == second.id
    assert claiming.superseded_by(store, second.id) == ""
    assert claiming.superseded_by(store, "my-mall-2026-10-7") == second.id
    assert claiming.superseded_by(store, "mall-2026-11-1") == ""
    assert claiming.superseded_by(store, "an-id-of-scrapyds-own") == ""


def test_the_claims_of_a_site_are_not_those_of_one_whose_name_goes_on(store: Store) -> None:
    mine = Claim("mall", MONTH, 1, "node1", "2026-11-01T00:00:00+00:00")
    for claim in (mine, replace(mine, site="mall-2"), replace(mine, site="my-mall")):
        claiming.keep(store, claim)
    assert claiming.claims(store, "mall") == [mine]
    assert len(claiming.claims(store)) == 3


def test_the_tenth_attempt_is_later_than_the_ninth(store: Store) -> None:
    for attempt in (9, 10):
        claiming.keep(store, Claim("mall", MONTH, attempt, "node1", "2026-11-01T00:00:00+00:00"))
    assert claiming.newest(claiming.claims(store), MONTH)["mall"].attempt == 10
    assert claiming.superseded_by(store, "mall-2026-11-9") == "mall-2026-11-10"


def test_schedulers_take_turns(store: Store) -> None:
    inside: list[str] = []
    ran = []

    def work(name: str) -> None:
        with scheduler_lease(store) as mine:
            inside.append(name)
            mine.renew()
            assert inside == [name]
            inside.remove(name)
            ran.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(ran) == ["a", "b", "c"]


def test_a_scheduler_that_was_killed_holds_nobody_up_for_ever(store: Store) -> None:
    said: list[str] = []
    held = scheduler_lease(store)
    held.__enter__()
    with scheduler_lease(store, expires_after=0.6, say=said.append):
        pass
    assert said == ["another 'scrapy schedule' is running; waiting for it ..."]


def test_a_run_that_says_so_goes_on(store: Store) -> None:
    now = datetime.now(UTC)
    alive, killed, old, mute = (
        Run(f"r{number}", "mall", now, heard_of=heard.isoformat() if heard else "")
        for number, heard in enumerate([now, now, now - timedelta(hours=2), None])
    )
    for run in (alive, killed, old, mute):
        store.save_run(run)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            store.save_run(replace(alive, heard_of=datetime.now(UTC).isoformat()))

    assert still_alive(store, [alive, killed, old, mute], wait) == {"r0"}
    waits.clear()
    assert still_alive(store, [old, mute], wait) == set()
    assert not waits


def test_a_run_whose_process_has_ended_here_is_not_waited_for(store: Store) -> None:
    now = datetime.now(UTC)
    with subprocess.Popen(["true"]) as ended:
        own = own_process().split("/")
        gone = "/".join([*own[:2], str(ended.pid), "1"])
    heard = now.isoformat()
    killed = Run("r1", "mall", now, heard_of=heard, process=gone)
    elsewhere = Run("r2", "mall", now, heard_of=heard, process="other:x/boot/1/1")
    mine = Run("r3", "mall", now, heard_of=heard, process=own_process())
    rebooted = Run("r4", "mall", now, heard_of=heard, process="/".join([own[0], "b", *own[2:]]))
    runs = [killed, elsewhere, mine, rebooted]
    assert [run.id for run in runs if is_over(run, now)] == ["r1", "r4"]
    assert still_alive(store, [killed, rebooted], lambda _: pytest.fail("waited")) == set()


def test_whoever_comes_next_closes_a_killed_run_unless_it_has_changed(store: Store) -> None:
    now = START
    ended = replace(GOOD, id="ended")
    runs = [
        Run(name, "mall", now, heard_of=now.isoformat(), complete=True)
        for name in ("killed", "alive", "late")
    ]
    for run in (*runs, ended):
        store.save_run(run)
    store.save_run(replace(runs[2], heard_of=(now + timedelta(seconds=5)).isoformat()))
    assert [run.id for run in close_killed(store, [*runs, ended], {"alive"})] == ["killed"]
    closed = store.get_run("killed")
    assert closed is not None
    assert (closed.health, closed.complete, bool(closed.finished)) == ("killed", False, True)
    assert "its numbers are unknown" in closed.reason
    assert [run.id for run in store.runs("mall") if not run.finished] == ["alive", "late"]
    assert stands(closed).state == "killed"
    assert stands(closed).wrong


def test_a_killed_run_that_a_later_one_replaced_is_not_doubtful() -> None:
    killed = Run("r0", "mall", START, heard_of=START.isoformat())
    later = replace(GOOD, started=START + timedelta(minutes=15))
    assert unfinished(["mall"], [], [killed, later]) == []
    at_once = replace(GOOD, started=START + timedelta(seconds=5))
    assert unfinished(["mall"], [], [killed, at_once]) == [killed]


# Status of a month


def stands(
    *runs: Run,
    claim: Claim | None = None,
    alive: str = "",
    away: str = "",
    jobs: tuple[Job, ...] = (),
) -> Standing:
    claims = {"mall": claim} if claim else {}
    month = Month(MONTH, jobs, runs, claims, {alive}, {away: f"{away} does not answer"})
    return month.standing("mall", lambda each: f"why {each.id} failed")


CLAIM = Claim("mall", MONTH, 1, "node1", START.isoformat())
JOB = replace(GOOD, job=CLAIM.id)


def test_a_finished_job_stands_with_its_health_and_node() -> None:
    good = stands(JOB, claim=CLAIM)
    assert (good.state, good.node, good.wrong) == ("finished", "node1", False)
    bad = stands(replace(JOB, health="broken", reason="no price", complete=False), claim=CLAIM)
    assert (bad.state, bad.note, bad.wrong) == ("finished", "no price", True)
    assert not stands(GOOD).wrong


def test_jobs_that_came_to_no_good_end_are_wrong() -> None:
    killed = stands(replace(JOB, finished=None, health=""), claim=CLAIM)
    assert (killed.state, killed.wrong) == ("killed", True)
    mute = stands(claim=CLAIM)
    assert (mute.state, mute.note, mute.wrong) == ("did not run", "why mall-2026-11-1 failed", True)
    away = stands(claim=CLAIM, away="node1")
    assert (away.state, away.wrong) == ("unknown", True)
    assert "node1 does not answer" in away.note


def test_tries_and_other_months_are_not_the_months_search() -> None:
    attempt = replace(GOOD, complete=False)
    other = replace(GOOD, started=START - timedelta(days=30))
    assert stands(attempt, other).state == "not scheduled"
    assert not stands(attempt).wrong
    assert stands(attempt, alive="r1").state == "running"


def test_a_site_in_parts_is_one_line_once_they_are_put_together() -> None:
    part = replace(GOOD, site="mall", part="1/2", complete=False, limited=True)
    other = replace(part, id="r2", part="2/2", health="killed")
    whole = replace(GOOD, id="r3", started=START + timedelta(hours=2))

    def shown(*runs: Run) -> list[tuple[str, str, bool]]:
        month = Month(MONTH, (), by_unit(runs), {}, (), {})
        lines = month.standings("mall", 2, lambda _: "")
        return [(each.site, each.state, each.wrong) for each in lines]

    in_parts = [("mall", "in parts", False), ("mall.1of2", "finished", False)]
    assert shown(part) == [*in_parts, ("mall.2of2", "not scheduled", False)]
    assert shown(part, other) == [*in_parts, ("mall.2of2", "killed", True)]
    assert shown(part, replace(other, health="ok"))[0] == ("mall", "in parts", True)
    assert shown(part, other, whole) == [("mall", "finished", False)]
    assert is_done(by_unit([part])[0], MONTH)
    assert not is_done(by_unit([other])[0], MONTH)


def test_the_parts_of_a_site_go_to_different_nodes() -> None:
    able = {"node1": {"mall"}, "node2": {"mall"}, "node3": {"shop"}}
    units = ["mall.1of3", "mall.2of3", "mall.3of3"]
    placed = spread(units, able, [], {})
    assert sorted(placed.values()) == ["node1", "node1", "node2"]
    busy = [Job("j", "mall.1of3", "node1", "running")]
    assert spread(units[1:2], able, busy, {}) == {"mall.2of3": "node2"}
    assert parse_id("mall.2of3-2026-11-2") == Claim("mall.2of3", MONTH, 2)
    assert unit_of_job("mall.2of3-2026-11-2", "mall") == "mall.2of3"
    assert unit_of_job("mall.2of3-2026-11-2", "shop") == "shop"


def test_a_run_without_a_sign_of_life_is_not_shown_as_running_or_killed() -> None:
    mute = replace(JOB, finished=None, health="", heard_of=START.isoformat())
    month = Month(MONTH, (), [mute], {"mall": CLAIM}, (), {}, {mute.id})
    standing = month.standing("mall", lambda _: "")
    assert (standing.state, standing.node, standing.wrong) == ("silent", "node1", True)
    assert "last sign of life 11-03 12:00" in standing.note
    assert gives_signs(mute, START + timedelta(seconds=40))
    assert not gives_signs(mute, START + timedelta(minutes=2))
    assert not gives_signs(replace(mute, finished=START), START)


def test_a_node_that_saw_a_process_end_settles_whether_its_run_goes_on() -> None:
    mute = replace(JOB, finished=None, health="", heard_of=START.isoformat())
    listed = Job(CLAIM.id, "mall", "node1", "finished")
    other = Job("mall-2026-11-2", "mall", "node1", "finished")
    assert surely_over([mute], [other, listed]) == [mute]
    assert without_end([mute], [other, listed]) == []
    # A node that was restarted lists no job, while its crawl may go on.
    assert surely_over([mute], [other]) == []
    assert without_end([mute], [other]) == [mute]


# scrapy.cfg, and what answers there


def config(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "scrapy.cfg").write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(folder / "nothing-here"))


def test_nodes_are_read_as_scrapyd_deploy_reads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        "[deploy]\nproject = ours\nusername = $NODE_USER\npassword = $NODE_PASSWORD\n"
        "[deploy:one]\nurl = http://one.example:6800/\n"
        "[deploy:two]\nurl = https://two.example\nproject = other\nusername = li\n"
    )
    config(tmp_path, text, monkeypatch)
    monkeypatch.setenv("NODE_PASSWORD", "secret")
    monkeypatch.delenv("NODE_USER", raising=False)
    one, two = find_nodes()
    assert one == Node("one", "http://one.example:6800", "ours", "", "secret")
    assert two == Node("two", "https://two.example", "other", "li", "secret")
    assert "secret" not in repr(one) + str(one)
    assert find_nodes(["two"]) == [two]
    with pytest.raises(NodesError, match=r"no \[deploy:tow\]; did you mean two"):
        find_nodes(["tow"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[settings]\n", r"has no \[deploy:NAME\] section"),
        ("[deploy:a]\nproject = x\n", "'' is not a valid url"),
        ("[deploy:a]\nurl = a.example:6800\n", "is not a valid url"),
        ("[deploy:a]\nurl = http://li:secret@a.example:6800\n", "holds a username or password"),
    ],
)
def test_a_faulty_section_is_named_with_its_fix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    config(tmp_path, text, monkeypatch)
    with pytest.raises(NodesError, match=said) as caught:
        find_nodes()
    assert "secret" not in str(caught.value)


def asked(port: int) -> NodeError:
    with pytest.raises(NodeError) as caught:
        Client(Node("n", f"http://127.0.0.1:{port}", "wildcrawl")).projects()
    return caught.value


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_node_that_is_not_there_has_done_nothing(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    listening.close()
    assert isinstance(asked(port), NodeAwayError)


def test_of_a_node_that_hangs_up_nobody_knows_what_it_has_done(listening: socket.socket) -> None:
    threading.Thread(target=lambda: listening.accept()[0].close()).start()
    assert isinstance(asked(listening.getsockname()[1]), NodeSilentError)


def test_something_else_at_the_nodes_address_is_reported(tmp_path: Path) -> None:
    class Files(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            missing = asked(server.server_port)
            (tmp_path / "listprojects.json").write_text("<p>Hello</p>")
            other = asked(server.server_port)
        finally:
            server.shutdown()
    assert isinstance(missing, NodeRefusal)
    assert "answers with status 404 to /listprojects.json; fix its url" in str(missing)
    assert "does not answer like scrapyd" in str(other)


def test_a_job_that_ended_after_its_node_was_asked_is_shown_as_ended() -> None:
    job = Job("mall-2026-11-1", "mall", "node1", "pending")
    claim = Claim("mall", MONTH, 1, "node1", START.isoformat())
    ended = replace(GOOD, job=job.id, new=20)
    shown = stands(ended, claim=claim, jobs=(job,))
    assert (shown.state, shown.cells()[2], shown.node) == ("finished", "ok", "node1")
    begun = replace(ended, finished=None, health="")
    assert stands(begun, claim=claim, jobs=(job,)).state == "running"
    assert stands(claim=claim, jobs=(job,)).state == "pending"


def test_a_job_that_a_scheduler_is_placing_is_not_one_that_did_not_run() -> None:
    def state(after: int, away: str = "", jobs: tuple[Job, ...] = ()) -> str:
        asked = START + timedelta(seconds=after)
        month = Month(MONTH, jobs, (), {"mall": CLAIM}, (), {away: "away"}, asked=asked)
        return month.standing("mall", lambda _: "it failed").state

    # The claim may also be stored once the nodes have answered.
    assert state(-5) == state(20) == "pending"
    assert state(40) == "did not run"
    assert state(20, away="node1") == "unknown"
    assert state(20, jobs=(Job(CLAIM.id, "mall", "node1", "finished"),)) == "did not run"


def test_the_list_of_sites_names_each_part_that_is_not_searched() -> None:
    parts = [
        replace(GOOD, id=f"r{number}", part=f"{number}/4", complete=False) for number in range(1, 5)
    ]
    done, killed, begun = parts[:2], replace(parts[2], health="killed"), parts[3]
    begun = replace(begun, finished=None, health="")
    words = health([*done, killed, begun])
    assert words == "2 of 4 parts are searched; 3/4 killed; 4/4 not finished"
    assert health([*done, killed, begun, parts[2]]).startswith("3 of 4 parts are searched; 4/4")
    whole = replace(GOOD, id="r9", started=START - timedelta(hours=1))
    assert health([parts[3], whole, *done][1:]) == "2 of 4 parts are searched"
    assert health([*parts, replace(GOOD, id="r5")]) == "ok"
