"""Facts programs: all values are of a closed set of kinds, whatever a program computes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, Final

from loracfg.base import facts_file
from loracfg.base.catalogue.configs.per_layer import LayerConfigs
from loracfg.base.catalogue.evaluation.config import Config
from loracfg.base.catalogue.evaluation.evaluation import Evaluation
from loracfg.base.catalogue.work import Work
from loracfg.base.class_builder import CannotBuildError
from tests.fuzz.mutation import mutated
from tests.fuzz.programs import Programs
from tests.fuzz.target import Answer, Target, words
from tests.security.tricks import CONFIG, facts

_SPLIT: Final = b"\n\n"
"""Ends the first line of an input, which is the config."""
KINDS: Final = frozenset(
    (
        *(type(None), bool, int, float, complex, str, range),
        *(list, tuple, set, frozenset, dict, Config, LayerConfigs),
    )
)
"""The kinds of values."""
_MUTATED: Final = 0.1


class Values:
    """The values that rows have had, of any evaluation in a process.

    Attributes:
        rows: how many there were.
        others: values of other kinds than those that facts may have.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.others: list[str] = []

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Look at the values of all rows while this lasts."""
        original = Evaluation.value

        def value(run: Evaluation, operand: Any) -> object:
            found = original(run, operand)
            self.rows += 1
            kind = type(found)
            if kind not in KINDS:
                row = run.rows[operand] if type(operand) is int else operand
                self.others.append(f"{json.dumps(row)[:80]} is a {kind.__name__}")
            return found

        Evaluation.value = value  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            Evaluation.value = original  # type: ignore[method-assign]


class Facts(Target):
    """A config and a facts file."""

    name = "facts"

    def seeds(self) -> list[bytes]:
        """Return a program that computes its text config."""
        text = facts("text_config(config, decoder = True).width")
        return [_input(CONFIG, text), _input(CONFIG, facts())]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw a program; seldom it is a mutation of one."""
        if rng.random() < _MUTATED:
            config, _, text = rng.choice(corpus).partition(_SPLIT)
            others = [one.partition(_SPLIT)[2] for one in corpus[-50:]]
            return config + _SPLIT + mutated(text, rng, others)
        programs = Programs(rng)
        return _input(programs.config(), programs.program())

    def judge(self, data: bytes) -> Answer:
        """Read a program and evaluate it for its config."""
        first, _, text = data.partition(_SPLIT)
        values = Values()
        with values.counted():
            said = _outcome(json.loads(first), text)
        return Answer(words([said]), "; ".join(values.others[:3]), values.rows > 0)


def _input(config: dict[str, Any], text: str) -> bytes:
    return json.dumps(config).encode() + _SPLIT + text.encode()


def _outcome(config: dict[str, Any], text: bytes) -> str:
    layout, faults = facts_file.read_facts(text, "x.facts")
    if layout is None:
        return faults[0].message
    try:
        tree = facts_file.build(layout, config, "NovelModel", Work())
    except CannotBuildError as error:
        return error.message
    return f"{len(tree.modules)} modules"
