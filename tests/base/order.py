"""Answers do not depend on earlier requests: `python -m tests.base.order --draws 10000`."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from loracfg.base.catalogue import lookup
from loracfg.base.class_builder import CannotBuildError
from tests.base.law import LAYOUT, draw_config

Drawn = tuple[str, dict[str, Any]]


def draws(count: int, seed: int) -> list[Drawn]:
    """Draw configs of all types, each with one of its classes."""
    rng = random.Random(seed)  # noqa: S311  # draws examples, no secrets
    types = [t for t in lookup.model_types(LAYOUT) if lookup.classes(t, LAYOUT)]
    found: list[Drawn] = []
    while len(found) < count:
        model_type = rng.choice(types)
        try:
            config = draw_config(model_type, rng, careful=rng.random() < 0.5)
        except ValueError:  # no config of the type can be created
            types.remove(model_type)
            continue
        found.append((rng.choice(lookup.classes(model_type, LAYOUT)), config))
    return found


def answer(drawn: Drawn) -> str:
    """Return a comparable form of an answer: the tree, or why there is none."""
    class_name, config = drawn
    try:
        tree = lookup.build_uncached(json.loads(json.dumps(config)), class_name, LAYOUT)
    except CannotBuildError as error:
        return error.message
    parts = [(path, tuple(module)) for path, module in tree.modules.items()]
    plain = [(p, [dict(v) if isinstance(v, Mapping) else v for v in m]) for p, m in parts]
    rest = (tree.aliases, tree.input_embeddings, tree.output_embeddings, tree.tied, tree.vocab_size)
    return sha256(repr((plain, rest)).encode()).hexdigest()  # equal, whichever objects it shares


def differences(count: int, seed: int) -> list[Drawn]:
    """Return the configs that get different answers in a different order."""
    found = draws(count, seed)
    first = [answer(one) for one in found]
    order = list(range(count))
    random.Random(seed + 1).shuffle(order)  # noqa: S311
    second = {n: answer(found[n]) for n in order}
    return [one for n, one in enumerate(found) if second[n] != first[n]]


def main() -> None:
    """Compare, and print the differences."""
    parser = argparse.ArgumentParser(prog="python -m tests.base.order", description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = differences(options.draws, options.seed)
    for class_name, config in found[:20]:
        print(class_name, json.dumps(config)[:600])  # noqa: T201
    print(f"{len(found)} of {options.draws} answers depend on the order")  # noqa: T201


if __name__ == "__main__":
    main()
