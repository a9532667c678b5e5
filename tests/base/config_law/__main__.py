"""Compares config objects with those of the installed transformers.

`python -m tests.base.config_law defaults|files|draws|mutations|fields [TYPE…]` compares what the
catalogue ships; `--derive` derives the facts again, which takes a minute, and `--save FILE` keeps
them for `--facts FILE`.
"""

from __future__ import annotations

import argparse
import copy
import json
import logging
import random
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import transformers

from loracfg.base.catalogue.configs.config_library import ConfigLibrary
from loracfg.base.catalogue.evaluation.refusals import DeclinedError, RefusedError
from loracfg.base.catalogue.index import layout_of
from loracfg.base.cleaning import cleaned
from loracfg.base.derivation.configs.config_facts import ConfigFacts, FactsSource, config_facts
from loracfg.base.derivation.source.library import Library as Released
from loracfg.base.derivation.source.transcript import transcribed
from tests.base.config_law.comparison import difference, plain
from tests.base.config_law.library import Installed
from tests.base.config_law.mutations import Mutations, each_alone

_SECONDS: Final = 20
_BAD: Final = ("wrong", "answered", "failed")
"""Results that break the law: they differ, only we answer, or we fail."""


class _TooSlow(BaseException):
    pass


def compare(
    library: ConfigLibrary, installed: Installed, model_type: str, values: dict[str, Any]
) -> tuple[str, str]:
    """Return how a config object compares with the library's, with the reason or difference.

    `equal`, `refused` (by both), `declined`, `overrefused` (only we refuse), `answered` (only we
    answer), `wrong` (they differ), `failed` (we raise something else), `skipped` (too slow).
    """
    values = cleaned(values)
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(_SECONDS)
    try:
        theirs, their_error = _try(installed.make, model_type, copy.deepcopy(values))
        name = library.types[model_type]
        ours, our_error = _try(library.config, values, name)
    except _TooSlow:
        return "skipped", "it takes too long"
    finally:
        signal.alarm(0)
    if our_error is not None and not isinstance(our_error, (RefusedError, DeclinedError)):
        return "failed", f"{type(our_error).__name__}: {our_error}"
    if our_error is not None:
        if their_error is not None:
            return "refused", ""
        return "declined" if isinstance(our_error, DeclinedError) else "overrefused", str(our_error)
    if their_error is not None:
        return "answered", f"{type(their_error).__name__}: {their_error!s:.120}"
    found = difference(plain(ours), plain(theirs))
    return ("wrong", found) if found else ("equal", "")


def _try(make: Any, *arguments: Any) -> tuple[Any, Exception | None]:
    try:
        return make(*arguments), None
    except Exception as error:
        return None, error


def cases(
    options: argparse.Namespace, library: ConfigLibrary
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield model types and values to compare."""
    if options.what == "files":
        yield from _files(options.folders, library)
        return
    for model_type in options.types or sorted(library.types):
        class_name = library.types[model_type]
        rng = random.Random(f"{options.seed} {model_type}")  # noqa: S311 - no secret
        if options.what == "defaults":
            drawn: Iterator[dict[str, Any]] = iter([{}])
        elif options.what == "fields":
            drawn = each_alone(library, class_name)
        elif options.what == "mutations":
            mutations = Mutations(library, rng)
            drawn = (mutations.draw(class_name) for _ in range(options.count))
        else:
            drawn = _draws(model_type, rng, options.count)
        for values in drawn:
            yield model_type, {"model_type": model_type, **values}


def _files(folders: list[Path], library: ConfigLibrary) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in folders:
        for path in sorted(folder.glob("*.json")):
            try:
                values = json.loads(path.read_text("utf-8"))
            except ValueError:
                continue
            if isinstance(values, dict) and values.get("model_type") in library.types:
                yield values["model_type"], values


def _draws(model_type: str, rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    from tests.base.law import draw_config

    for number in range(count):
        try:
            yield draw_config(model_type, rng, careful=number % 2 == 0)
        except ValueError:
            return  # nothing can be drawn for this type


def _library(options: argparse.Namespace) -> ConfigLibrary:
    if options.facts:
        return ConfigLibrary(
            FactsSource(ConfigFacts(**json.loads(options.facts.read_text("utf-8"))))
        )
    if not options.derive and not options.save:
        layout = layout_of(transformers.__version__.partition(".")[0])
        found = layout.library_configs
        for model_type in layout.types:
            _ = found.types[model_type]  # they are looked up on demand
        return found
    with transcribed(Released("transformers")) as package:
        facts = config_facts(package)
    if options.save:
        options.save.write_text(json.dumps(asdict(facts)), "utf-8")
    return ConfigLibrary(FactsSource(facts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.base.config_law", description=__doc__)
    parser.add_argument("what", choices=["defaults", "files", "draws", "mutations", "fields"])
    parser.add_argument("types", nargs="*")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--count", type=int, default=10, help="configs for each type")
    parser.add_argument("--derive", action="store_true", help="derive the facts anew")
    parser.add_argument("--facts", type=Path, help="facts that were saved")
    parser.add_argument("--save", type=Path, help="where to save facts")
    parser.add_argument("--folders", type=Path, nargs="*", default=[], help="folders of configs")
    parser.add_argument("--show", type=int, default=40, help="reasons to show")
    return parser.parse_intermixed_args()


def main() -> int:
    """Compare, print a table of results and reasons, and fail if the law is broken."""
    options = _options()
    logging.disable(logging.CRITICAL)
    library, installed = _library(options), Installed()
    counts: Counter[str] = Counter()
    reasons: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for model_type, values in cases(options, library):
        result, why = compare(library, installed, model_type, values)
        counts[result] += 1
        if result not in ("equal", "refused"):
            reasons[result, why[:90]].append(values)
    order = sorted(reasons.items(), key=lambda one: (one[0][0] not in _BAD, -len(one[1])))
    for (result, why), found in order[: options.show]:
        types = ", ".join(sorted({one["model_type"] for one in found})[:3])
        example = min(map(json.dumps, found), key=len)
        sys.stdout.write(f"{len(found):5} {result}: {why} | {types} | {example[:200]}\n")
    of = f"transformers {transformers.__version__}"
    sys.stdout.write(f"{options.what}, {of}: {dict(counts)}\n")
    return int(any(counts[one] for one in _BAD))


def _stop(*_: object) -> None:
    raise _TooSlow


if __name__ == "__main__":
    sys.exit(main())
