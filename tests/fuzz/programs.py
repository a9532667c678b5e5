"""Draws facts programs from the grammar, and configs for them.

A program is a whole facts file, so that it is read; what it computes is mostly nonsense.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any, Final

from tests.fuzz.expressions import HOSTILE, TEXTS, Expressions
from tests.security.tricks import FIELDS, HEAD, MODEL, RUN

_LAYERS: Final = ("Linear", "Embedding", "Conv1d", "Conv2d", "LayerNorm", "Parts")


class Programs(Expressions):
    """Draws programs with a source of randomness."""

    def program(self) -> str:
        """Return a facts file; one in many is a known trick, with names of another."""
        rng = self.rng
        if rng.random() < 0.02:
            return RUN[rng.choice(sorted(RUN))]("true")
        members = "".join(self._member() for _ in range(rng.choice((0, 0, 1, 1, 2, 3))))
        fields = FIELDS + "".join(
            f"    {self.quoted(self.name())} (any) = {self.value()}\n"
            for _ in range(rng.choice((0, 0, 0, 1, 2)))
        )
        return f"{HEAD}{fields}{members}\n{self._model()}{self._requirements()}"

    def config(self) -> dict[str, Any]:
        """Return a config, with names and values of its own."""
        rng = self.rng
        config: dict[str, Any] = {"model_type": "novel"}
        if rng.random() < 0.6:
            config |= {"depth": rng.choice((0, 1, 2, 3))}
        for _ in range(rng.choice((0, 0, 1, 2))):
            config[self.name()] = json_value(rng)
        return config

    def _member(self) -> str:
        rng, name = self.rng, self.quoted(self.name())
        form = rng.randrange(10)
        if form == 0:
            return f"  constant {name} = {self.value()}\n"
        if form == 1:
            return f"  names\n    {name} is {self.quoted(self.name())}\n"
        if form == 2:
            config = rng.choice(("none", "NovelConfig", "PreTrainedConfig"))
            return f'  parts\n    {name}: {config} "novel" {{}}{rng.choice(("", " optional"))}\n'
        if form == 3:
            shared = json.dumps({"parts": [self.name()], "names": [self.name()]})
            return f"  through: {rng.choice((json.dumps(self.name()), shared, 'None'))}\n"
        if form == 4:
            rope = json.dumps(
                {"how": rng.choice(("", "drop", "flat", "tidy", "quotient")), "key": self.name()}
            )
            return rng.choice((f"  rope: {rope}\n", "  loose\n", "  from_dict\n", "  to_dict\n"))
        if form == 5:
            return f"  property {name}\n    return {self.expression(3)}\n"
        if form == 6:
            target = rng.choice((self.name(), f"__dict__.{self.name()}"))
            value = rng.choice(("given.value", self.expression(2)))
            return f"  setter {name}\n    self.{json.dumps(target)} = {value}\n"
        if form == 7:
            word = rng.choice(("text_config\n    return", f"check {name}\n    require"))
            return f"  {word} {self.expression(3)}\n"
        return f"  {rng.choice(('creation', 'creation', 'constructor'))}\n{self._creation()}"

    def _creation(self) -> str:
        rng = self.rng
        calls = rng.choice(("calls_first", "calls_last", "calls"))
        lines = [
            f"    compute {self.expression(3)}\n",
            f"    {self.quoted(self.name())} = {self.expression(3)}\n",
            f"    given {self.quoted(self.name())} = {rng.choice(('gone', 'keep', 'width'))}\n",
            f"    set {self.attribute(1)} = {self.expression(2)}\n",
            f"    {calls}: [{json.dumps(self.name())}]\n",
            f"    then\n      {self.quoted(self.name())} = {self.expression(2)}\n",
        ]
        return "".join(rng.sample(lines, rng.choice((1, 1, 2, 3))))

    def _model(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            return MODEL
        size, bias = self.expression(2), self.expression(2)
        name = self.quoted(self.name())
        lines = [
            f"  {name}: {rng.choice(_LAYERS)}({size}, 2), bias if ({bias})\n",
            f"  (concat({json.dumps(self.name())}, depth)): Linear({size}, 2)\n",
            f"  {name} if ({bias}): Linear(2, 2)\n",
            f"  a[i < depth]: X\n    {name}: Embedding({size}, 2), padding {self.expression(1)}\n",
            f"  parameter {name}[{size}]\n",
            f"  export {name} = {size}\n",
            f"  act: activation({size})\n",
        ]
        return f"\nmodel NovelModel\n{''.join(rng.sample(lines, rng.choice((1, 1, 2, 3))))}"

    def _requirements(self) -> str:
        rng = self.rng
        lines = [f"  {self._requirement()}\n" for _ in range(rng.choice((1, 1, 2, 2, 3)))]
        return f"\nrequirements NovelModel\n{''.join(lines)}"

    def _requirement(self) -> str:
        rng, value = self.rng, self.expression(rng_depth(self.rng))
        if rng.random() < 0.75:
            return f"{rng.choice(('compute', 'compute', 'require'))} {value}"
        return rng.choice((f"if {value}", "for i < depth")) + f"\n    compute {self.expression(3)}"


def rng_depth(rng: Random) -> int:
    """Return the depth of an expression: seldom large."""
    return rng.choice((1, 2, 2, 3, 3, 4, 5))


def json_value(rng: Random, depth: int = 2) -> Any:
    """Return a value of JSON, with hostile keys and texts in it."""
    plain = (None, True, False, 0, 1, -1, 2, 3, 2.5, 10**18, 1 << 300, float("inf"), "", "a")
    form = rng.randrange(8) if depth else 0
    if form < 4:
        return rng.choice(plain)
    if form == 4:
        return rng.choice((*TEXTS, rng.choice(HOSTILE)))
    if form == 5:
        return [json_value(rng, depth - 1) for _ in range(rng.choice((0, 1, 2, 5)))]
    keys = [rng.choice((*HOSTILE, "model_type", "0", "$", "v")) for _ in range(rng.choice((1, 2)))]
    return {key: json_value(rng, depth - 1) for key in keys}
