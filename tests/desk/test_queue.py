"""Screening order of the desk: what it knows of advertisements that others judge meanwhile."""

from wildcrawl.desk.queue import COUNTED, Queue


def test_what_is_pending_is_counted_again_after_some_seconds() -> None:
    pending, now = [156], [1000.0]
    queue = Queue(list, lambda: pending[0], clock=lambda: now[0])
    assert queue.number == 156
    pending[0] = 1
    now[0] += COUNTED
    assert queue.number == 156, "one question for many cards"
    now[0] += 1
    assert queue.number == 1
