"""Compares plans with vLLM's own buffers and checks, for drawn sets of adapters.

    python -m tests.serving.deployment.drawn --draws 208 --seed 1 [--record]

Each set is planned and then made by the engine: the bytes of its buffers must be those of the
plan, all adapters that share the server must load, and one less must not do: with the next smaller
rank, one slot less, one adapter less in the memory of the host, one target less, or without a flag,
the engine raises, or has no layer for some factors. `--record` writes the sizes down for
`test_observed.py`. Exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loracfg.engine.options import Options
from loracfg.errors import LoracfgError
from loracfg.runtimes.profile_files import profile_of
from loracfg.serving.deployment.adapter_set import deploy
from loracfg.serving.deployment.deployment import Deployment
from tests.serving.deployment.draws import Draw, draw
from tests.serving.deployment.observing import RELEASE, Observed, Vllm
from tests.serving.deployment.sizes import Size, record

ANY: Final = {"max_lora_rank": 512, "max_loras": 1, "lora_target_modules": None}
"""Settings with which the engine starts, whatever adapters need."""


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.serving.deployment.drawn",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--draws", type=int, default=208)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first draw")
    parser.add_argument("--record", action="store_true", help="write the sizes down")
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    sizes: list[Size] = []
    with tempfile.TemporaryDirectory() as root, Vllm() as engine:
        for number in range(given.first, given.first + given.draws):
            one = draw(number, given.seed, Path(root))
            for what, line in compare(one, engine, sizes):
                counts[what] += 1
                if line:
                    _say(f"{number} {one.model_type} {one.runtime} {one.hardware}: {line}")
    _say(f"vLLM {RELEASE}: {given.draws} sets drawn with seed {given.seed}")
    for what, count in sorted(counts.items()):
        _say(f"{count:6} {what}")
    if given.record:
        record(sizes)
    sys.exit(1 if any(what.startswith("WRONG") for what in counts) else 0)


def compare(one: Draw, engine: Vllm, sizes: list[Size]) -> Iterator[tuple[str, str]]:
    """Yield what was compared of a set, each with a line about it if it is not as planned."""
    if not one.adapters:
        yield "sets of which PEFT makes no adapter", ""
        return
    try:
        paths = [str(path) for path in one.adapters]
        plan = deploy(paths, one.runtime, Options(base=str(one.base)), one.hardware)
    except LoracfgError as error:
        yield "sets that loracfg refuses", f"{error}"
        return
    if engine.observe(plan, [], **ANY).unmade:
        yield "sets on a base that the engine cannot divide", ""
        return
    yield from _of_apart(plan, engine)
    if not plan.shared:
        yield "sets that share no server", ""
        return
    names = [shared.name for shared in plan.shared]
    found = engine.observe(plan, names)
    if found.refused or found.failed:
        yield "WRONG: the engine does not start", found.refused or found.failed
        return
    yield from _of_memory(plan, found, one, sizes)
    yield from _of_adapters(plan, found)
    yield from _of_less(plan, names, engine)


def _of_memory(
    plan: Deployment, found: Observed, one: Draw, sizes: list[Size]
) -> Iterator[tuple[str, str]]:
    if plan.memory is None:
        yield "WRONG: memory is not known", plan.unknown
    elif plan.memory.device != found.size:
        layers = {path.rpartition(".")[2]: size for path, size in found.buffers.items()}
        yield "WRONG: bytes", f"{plan.memory} is not {found.size}: {layers}"
    else:
        sizes.append(Size.of(one, plan, found.size))
        yield "sets with the same bytes", ""


def _of_adapters(plan: Deployment, found: Observed) -> Iterator[tuple[str, str]]:
    """Compare which adapters load, and whether the engine has a layer for each factor."""
    for shared, error, lost in zip(plan.shared, found.errors, found.lost, strict=True):
        if error or lost:
            yield "WRONG: an adapter that shares", f"{shared}: {error or lost}"
        else:
            yield "adapters that share and load", ""
    if found.host:
        yield "WRONG: all adapters in the host", found.host
    if found.batch and plan.settings["max_loras"] == len(plan.shared):
        yield "WRONG: a batch with all", found.batch


def _of_apart(plan: Deployment, engine: Vllm) -> Iterator[tuple[str, str]]:
    """Compare whether the engine rejects the adapters that are said to be rejected."""
    rejected = [one for one in plan.apart if any("raises" in reason for reason in one.reasons)]
    yield from (
        ("adapters apart that it would serve differently", "")
        for one in plan.apart
        if one not in rejected
    )
    if not rejected:
        return
    found = engine.observe(plan, [one.name for one in rejected], **(plan.settings or ANY))
    errors = found.errors or [found.refused] * len(rejected)
    lost = found.lost or [()] * len(rejected)
    for one, error, modules in zip(rejected, errors, lost, strict=True):
        if error:
            yield "adapters apart that it rejects", ""
        elif modules:  # with the targets of the others, what it would reject has no layer
            yield "adapters apart that it has no layer for", ""
        else:
            yield "WRONG: an adapter apart loads", f"{one}"


def _of_less(plan: Deployment, names: list[str], engine: Vllm) -> Iterator[tuple[str, str]]:
    """Check that with one less of any setting, the engine does not serve the set."""
    given = plan.runtime.given
    rank, slots = plan.settings["max_lora_rank"], plan.settings["max_loras"]
    assert isinstance(rank, int)
    assert isinstance(slots, int)
    smaller = max((one for one in choice_ranks() if one < rank), default=None)
    if smaller:
        found = engine.observe(plan, names, max_lora_rank=smaller, max_loras=1, max_cpu_loras=None)
        raised = [error for error in (*found.errors, found.failed) if error]
        yield _answer("a smaller rank", any(_is_of_rank(error) for error in raised), f"{found}")
    if slots > 1 and "max_loras" not in given:
        found = engine.observe(plan, names, max_loras=slots - 1)
        is_raised = "is greater than the number of GPU LoRA slots" in found.batch
        yield _answer("one slot less", is_raised, f"{found}")
    kept = plan.settings.get("max_cpu_loras")
    if isinstance(kept, int):
        found = engine.observe(plan, names, max_loras=1, max_cpu_loras=kept - 1)
        is_raised = "No free adapter slots" in found.host
        yield _answer("one adapter less in the host", is_raised, f"{found}")
    targets = plan.settings["lora_target_modules"]
    assert isinstance(targets, tuple)
    for target in targets[:2] if len(targets) > 1 else ():
        left = tuple(one for one in targets if one != target)
        found = engine.observe(plan, names, lora_target_modules=left)
        is_lost = any(found.lost) or any(found.errors)
        yield _answer("one target less", is_lost, f"without {target}: {found}")
    for flag in plan.settings.keys() - given:
        if plan.settings[flag] is True:
            found = engine.observe(plan, names, **{flag: None})
            yield _answer(f"without {flag}", any(found.errors), f"{found}")


def _answer(what: str, is_refused: bool, line: str) -> tuple[str, str]:
    return (f"{what}: refused", "") if is_refused else (f"WRONG: {what} is enough", line)


def _is_of_rank(error: str) -> bool:
    """Return whether an error is about a rank that is too large, or one that cannot be divided."""
    return "is greater than max_lora_rank" in error or "is not divisible by" in error


def choice_ranks() -> list[int]:
    """Return the ranks that the engine takes."""
    return [int(one.text) for one in profile_of("vllm").limits["max_lora_rank"].choices]


def _say(line: str) -> None:
    sys.stdout.write(line[:1500] + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
