"""View cache: bounds, reuse, threads."""

from __future__ import annotations

import threading
import time

import pytest

from wildcrawl.desk.view_cache import ViewCache


def test_a_view_is_made_once_and_those_not_used_for_longest_are_dropped() -> None:
    cache = ViewCache(most=25)
    made: list[str] = []

    def view(name: str) -> bytes:
        def make() -> bytes:
            made.append(name)
            return name.encode() * 10

        return cache.get((name, "view"), make)

    assert view("a") == view("a") == b"a" * 10
    assert made == ["a"]
    view("b")
    view("a")
    view("c")
    assert made == ["a", "b", "c"]
    view("a")
    view("b")
    assert made == ["a", "b", "c", "b"], "b was used least recently"


def test_a_view_larger_than_the_cache_is_returned_and_not_kept() -> None:
    cache = ViewCache(most=5)
    assert cache.get(("a", "view"), lambda: b"123456") == b"123456"
    assert cache.get(("a", "view"), lambda: b"again") == b"again"


def test_a_failure_is_passed_on_and_the_next_try_makes_the_view() -> None:
    cache = ViewCache(workers=1)

    def fail() -> bytes:
        raise ValueError("not a picture")

    for _ in range(3):
        with pytest.raises(ValueError, match="not a picture"):
            cache.get(("a", "view"), fail)
    assert cache.get(("a", "view"), lambda: b"a") == b"a"


def test_threads_make_a_view_once_and_few_at_a_time() -> None:
    cache = ViewCache(workers=2)
    lock = threading.Lock()
    running, most, made = 0, 0, 0

    def make() -> bytes:
        nonlocal running, most, made
        with lock:
            running, made = running + 1, made + 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return b"x"

    threads = [
        threading.Thread(target=cache.get, args=((str(number % 8), "view"), make))
        for number in range(32)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most <= 2
    assert 8 <= made <= 16, "at most two threads make the same view at once"
