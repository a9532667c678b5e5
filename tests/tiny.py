"""The adapter of an example on the page of a rule, and its base, as folders to try.

    python -m tests.tiny DIR
    python -m tests.tiny DIR 'made with {"use_dora": true}' 'drop lora_magnitude'

Makes `DIR/adapter` and `DIR/base`, and prints the command that judges them. The lines are those
of `loracfg/testing/building/examples.py`; an argument may have several, as a docstring has them.
"""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from loracfg.config import CONFIG_NAME
from loracfg.testing.building.surroundings import BASE_FILE, has_values, release_of, runtimes_of
from loracfg.testing.llama import BASE, SHOWN_BY_CONFIG
from tests.cli.running import write_adapter, write_base

POLICY: Final = "policy "


class OnlyInMemoryError(ValueError):
    """Files cannot show what a line says."""


def make(folder: Path, lines: Iterable[str]) -> list[str]:
    """Write the adapter of these lines and its base; return the command that validates them.

    Raises:
        OnlyInMemoryError: if files cannot show what a line says.
        ValueError: if an example has no such line, or the folder is in use.
    """
    lines = tuple(lines)
    adapter, base = folder / "adapter", folder / "base"
    if adapter.exists() or base.exists():
        raise ValueError(f"{folder} already has an adapter or a base; name a new folder")
    sizes = _sizes(lines)
    write_adapter(adapter, *lines)
    command = ["loracfg", "plan" if "planned" in lines else "validate", str(adapter)]
    if sizes is not None:
        write_base(base, sizes)
        for line in lines:
            if line.startswith(BASE_FILE):
                name, _, text = line.removeprefix(BASE_FILE).partition(" ")
                (base / name).write_text(text, "utf-8")
        command += ["--base", str(base)]
    if has_values(lines):
        command.append("--data")
    if release := release_of(lines):
        command += ["--peft", release]
    if policy := [line.removeprefix(POLICY) for line in lines if line.startswith(POLICY)]:
        settings = folder / "loracfg.toml"
        settings.write_text(_policy_table(policy), "utf-8")
        command += ["--config", str(settings)]
    return [*command, *(word for runtime in runtimes_of(lines) for word in ("--for", runtime))]


def _policy_table(policies: Iterable[str]) -> str:
    """Return a `[policy]` of a project; the values of its keys are the same in JSON and TOML."""
    items = (item for policy in policies for item in json.loads(policy).items())
    return "[policy]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in items)


def _sizes(lines: Iterable[str]) -> dict[str, Any] | None:
    """Return the sizes of the base, and what else its files show; None for no base."""
    sizes: dict[str, Any] | None = BASE
    for line in lines:
        verb, _, said = line.partition(" ")
        is_below = verb == "file" and f"/{CONFIG_NAME} " in line  # a search would find it
        if is_below or verb in ("locked", "link", "live", "trainer"):
            raise _only_in_memory(line)
        if verb == "base" and not line.startswith(BASE_FILE):
            given = None if said == "none" else json.loads(said)
            if given and not given.keys() <= SHOWN_BY_CONFIG:
                raise _only_in_memory(line)
            sizes = None if given is None else BASE | given
    return sizes


def _only_in_memory(line: str) -> OnlyInMemoryError:
    advice = "use `judged` of loracfg/testing/building/judging.py"
    return OnlyInMemoryError(f"files cannot show `{line}`; {advice}")


def main(arguments: Sequence[str]) -> None:
    """Run the command."""
    if not arguments:
        sys.exit(__doc__)
    lines = (line.strip() for line in "\n".join(arguments[1:]).splitlines())
    try:
        command = make(Path(arguments[0]), filter(None, lines))
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(shlex.join(command) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
