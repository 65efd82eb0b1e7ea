"""Screening order of the desk: what it knows of advertisements that others judge meanwhile."""

from wildcrawl.desk.queue import COUNTED, SOON, SPARED, Queue


def test_what_is_pending_is_counted_again_after_some_seconds() -> None:
    pending, now = [156], [1000.0]
    queue = Queue(list, lambda: pending[0], clock=lambda: now[0])
    assert queue.number == 156
    pending[0] = 1
    now[0] += COUNTED
    assert queue.number == 156, "one question for many cards"
    now[0] += 1
    assert queue.number == 1


def test_a_worker_counts_between_cards_and_not_beside_a_verdict() -> None:
    pending, now = [156], [1000.0]
    queue = Queue(list, lambda: pending[0], clock=lambda: now[0])
    assert queue.number == 156
    queue.recount(lambda: 7)
    assert queue.number == 156, "it was counted just now"
    now[0] += SOON + 1

    def beside_a_verdict() -> int:
        queue.put_first(("fair", "1"))
        queue.drop(("fair", "1"))
        return 8

    queue._why = {("fair", "1"): ""}
    queue.recount(beside_a_verdict)
    assert queue.number == 155
    queue.recount(lambda: 9)
    now[0] += COUNTED
    assert queue.number == 9


def test_counting_takes_a_small_part_of_the_time_of_a_slow_server() -> None:
    now, counts = [1000.0], [0]

    def count() -> int:
        now[0] += 2.0
        counts[0] += 1
        return 5

    queue = Queue(list, count, clock=lambda: now[0])
    for _ in range(600):
        queue.recount(count)
        assert queue.number == 5
        now[0] += 1.0
    assert counts[0] <= 600 / (2.0 * SPARED) + 2
