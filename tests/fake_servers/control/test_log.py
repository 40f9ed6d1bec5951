"""The log by itself: numbers without gaps, bounded rings, and what is lost is known to be lost."""

from __future__ import annotations

from fake_servers.control.log import DEPARTED, Log
from fake_servers.journal import ListenerChanged

EVENT = ListenerChanged(service="license", listening=True)


def numbers(log: Log, after: int = 0, session: str | None = None) -> list[int]:
    return [entry.number for entry in log.after(after, session)]


def test_events_of_several_sessions_come_in_the_order_in_which_they_happened() -> None:
    log = Log()
    one, two = log.open("one"), log.open("two")
    for ring, name in ((one, "one"), (two, "two"), (one, "one")):
        log.add(ring, name, 1, 0.0, EVENT)
    assert numbers(log) == [1, 2, 3]
    assert numbers(log, session="one") == [1, 3]
    assert numbers(log, after=1) == [2, 3]


def test_a_busy_session_drops_no_event_of_a_quiet_one() -> None:
    log = Log(limit=2)
    busy, quiet = log.open("busy"), log.open("quiet")
    log.add(quiet, "quiet", 1, 0.0, EVENT)
    for _ in range(5):
        log.add(busy, "busy", 1, 0.0, EVENT)
    assert (numbers(log), busy.dropped, quiet.dropped) == ([1, 5, 6], 3, 0)
    assert log.has_lost(3)
    assert not log.has_lost(4)
    assert not log.has_lost(0, "quiet")


def test_sessions_that_were_closed_can_be_read_until_many_others_were() -> None:
    log = Log()
    for number in range(DEPARTED + 1):
        log.add(log.open(f"s{number}"), f"s{number}", 1, 0.0, EVENT)
        log.close(f"s{number}")
    assert numbers(log) == list(range(2, DEPARTED + 2))
    assert log.has_lost(0)
    assert not log.has_lost(1)


def test_news_wake_whoever_waits_and_nobody_else() -> None:
    log = Log()
    ring, news, gone = log.open("one"), log.await_news(), log.await_news()
    log.forget(gone)
    log.add(ring, "one", 1, 0.0, EVENT)
    assert (news.is_set(), gone.is_set(), log.readers) == (True, False, 1)
