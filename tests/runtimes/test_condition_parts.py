"""Conditions taken apart, and how many of their words are said."""

from __future__ import annotations

from loracfg.runtimes.asked import find_runtime
from loracfg.runtimes.conditions import (
    SUBJECTS,
    AdapterConditions,
    Condition,
    number_compared,
    parse,
)
from tests.runtimes.making import NO_BASE, served
from tests.runtimes.test_language import engine


def test_parts_of_conditions() -> None:
    assert parse("use_dora") == Condition("feature", "use_dora", "", negated=False)
    assert parse("not use_dora") == Condition("feature", "use_dora", "", negated=True)
    assert parse("with model") == Condition("setting", "model", "", negated=False)
    assert parse("without convert=x=y") == Condition("setting", "convert", "x=y", negated=True)
    assert parse("largest_rank > 8") == Condition("above", "largest_rank", "8", negated=False)
    assert not parse("leaves among two").negated
    assert not parse("leaves outside two").negated
    numbers = {"largest_rank", "vocabulary_size", "saved_labels"}
    words = {"leaves", "ranks", "model_type", "architecture", "base_name"}
    assert numbers | words <= SUBJECTS
    sets = {"five": tuple("12345"), "six": tuple("123456")}
    few, many = (parse(f"ranks among {name}").words(engine(sets=sets)) for name in sets)
    assert few == "its ranks include `1`, `2`, `3`, `4`, `5`"
    assert many == f"{few} and others"
    above = parse("largest_rank > 4")
    ranks = served('made with {"rank_pattern": {"q_proj": 5}}')
    assert AdapterConditions(ranks).found(above, engine()) == frozenset({"5"})
    vocabulary = parse("vocabulary_size > 31")
    assert AdapterConditions(served()).found(vocabulary, engine()) == frozenset({"32"})
    assert AdapterConditions(served(NO_BASE)).found(vocabulary, engine()) is None


def test_the_number_that_an_engine_compares_with_a_limit() -> None:
    vllm, ranks = find_runtime("vllm==0.33"), served('made with {"rank_pattern": {"q_proj": 5}}')
    assert number_compared(ranks, "max_lora_rank", vllm) == 5
    assert number_compared(ranks, "", vllm) == 0  # an engine without such a limit
