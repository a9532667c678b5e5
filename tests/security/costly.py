"""Facts that would take long, much memory or the interpreter itself, if work were not charged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.security.tricks import FIELDS, HEAD, MODEL, facts

SHARED: Final = "scan(i: [], [carried(i), carried(i)], 30)"
"""A list that is small in memory and endless when it is read."""
ITS_EQUAL: Final = SHARED.replace("(i", "(j").replace("i:", "j:")
DEEP: Final = f"scan(i: (), {'(' * 30}carried(i){',)' * 30}, 4000)"
"""A tuple whose hash would overflow the stack."""


def _expressions() -> Iterator[tuple[str, str]]:
    """Yield names and expressions."""
    yield "comparing shared values", f"{SHARED} is {ITS_EQUAL}"
    yield "broadcasting shared values", f"broadcasts({SHARED}, {ITS_EQUAL})"
    yield "copying shared values", f'method(changed(config, width = {SHARED}), "to_dict")'
    yield "powers with a modulus", "[pow(3, 2 ** 250 + i, 2 ** 250 - 1) for i < 90000]"
    yield "multiples of many numbers", f"lcm({', '.join(f'2 ** 250 + {n}' for n in range(900))})"
    yield "texts of large numbers", "[str(7 ** 90 - i) for i < 90000]"
    yield "rounding to many digits", "[round(i, -16384) for i < 90000]"
    yield "joining a text", '("a" * 8000).join("b" * 8000)'
    yield "unions of sets", "[{i}.union(range(90000)) for i < 3000]"
    yield "sorting long texts", 'sorted(["a" * 1000000 + "b", "a" * 1000000 + "c"] * 40000)'
    for name in ("is_activation", "is_name", "is_probability", "set"):
        yield f"`{name}` of a deep value", f"{name}({DEEP})"
    yield "a deep member", f"{{1}}.union([{DEEP}])"
    yield "a deep kind", f"rope(config, {DEEP}, None)"


def _choices() -> str:
    lines = "".join(f"    let a{n + 1} = a{n} if depth else a{n}\n" for n in range(40))
    return f"  creation\n    let a0 = width\n{lines}    width = a40\n"


def _fan() -> str:
    operands = ((n, ", ".join([f"a{n}"] * 24)) for n in range(6))
    lets = "".join(f"let a{n + 1} = max({inside})\n" for n, inside in operands)
    return f"let a0 = depth - depth\n{lets}\nrequirements NovelModel\n  require a6\n"


COSTLY: Final[dict[str, str]] = {
    **{name: facts(expression) for name, expression in _expressions()},
    "a field with a text as a multiple": facts(members='    q (any) = "%1900000000d", by 8\n'),
    "a field with a long type": facts(members=f"    q (list[{'|'.join(['a' * 30] * 9000)}]) = 1\n"),
    "choices between choices": facts(members=_choices()),
    "stages of shared values": facts(
        members=f"  creation\n    width = len(stages([{SHARED}], [{ITS_EQUAL}], None))\n"
    ),
    "a size that is endless": facts(model=f"\nmodel NovelModel\n  a: Linear({SHARED}, 1, 3)\n"),
    "a name that is endless": facts(model=f"\nmodel NovelModel\n  ({SHARED}): Linear(1, 2)\n"),
    "a reason that is endless": f"{HEAD}{FIELDS}{MODEL}\n{_fan()}",
    "layers without a number": facts(
        "1 in config.per_layer_config", fields=f"{FIELDS}    num_hidden_layers (int) = {10**12}\n"
    ),
    "many conditions": f"{HEAD}{FIELDS}{MODEL}\nrequirements NovelModel\n  if "
    + ", ".join(f"depth > {n}" for n in range(900))
    + "\n"
    + "".join(f"    if depth > {n + 7000}\n      require width > {n}\n" for n in range(3000)),
}
"""Whole files, by what is costly in them."""
