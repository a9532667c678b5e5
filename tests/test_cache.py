"""Results are kept if they recur, up to a number, and given back for the same key only."""

from __future__ import annotations

from loracfg.cache import Cache


def test_what_recurs_is_kept() -> None:
    kept = Cache[list[int]](2)
    made: list[list[int]] = [kept.get("a", lambda: [1]) for _ in range(4)]
    assert made[0] is not made[1]  # the first is not kept
    assert made[1] is made[2] is made[3]
    assert kept.find("b") is None


def test_the_least_recently_used_goes_first() -> None:
    kept = Cache[int](2)
    for key in ("a", "b", "a", "b", "c"):
        kept.add(key, ord(key))
    assert kept.find("a") == ord("a")
    kept.add("c", ord("c"))
    assert kept.find("b") is None
    assert kept.find("a") == ord("a")
    assert kept.find("c") == ord("c")


def test_single_sights_push_nothing_out() -> None:
    kept = Cache[int](1)
    kept.add("a", 1)
    kept.add("a", 1)
    for number in range(100):
        kept.add(number, number)
    assert kept.find("a") == 1


def test_keys_have_few_bytes_together() -> None:
    kept = Cache[int](3, 10, len)
    for key in ("a" * 4, "b" * 4, "c" * 4, "d" * 11):
        kept.keep(key, len(key))
        kept.keep(key, len(key))
    assert kept.find("a" * 4) is None
    assert kept.find("d" * 11) is None
    for key in ("b" * 4, "c" * 4):
        kept.keep(key, 1)
        assert kept.find(key) == 1
