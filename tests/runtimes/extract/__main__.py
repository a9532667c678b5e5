"""Read releases of an engine, and write what they say of model classes into its facts.

    python -m tests.runtimes.extract vllm 0.33.0         # reads a release, kept in the cache
    python -m tests.runtimes.extract vllm --write        # writes what all kept releases say

A release is downloaded by pip unless it is in `$LORACFG_ENGINES`, or else in
`~/.cache/loracfg/engines`; only its Python files are kept.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.runtimes.extract.engines import ENGINES
from tests.runtimes.extract.packages import DownloadError, fetch, kept_versions
from tests.runtimes.extract.ranges import packed

_MODULES: Final = "modules "
_SECTIONS: Final = re.compile(r"^\[architectures\]\n(?:(?!\[(?!modules\])).*\n)*", re.MULTILINE)
"""What is written by the command: `[architectures]` and `[modules]`, up to the next section."""
_FACTS: Final = Path(__file__).parents[3] / "loracfg" / "runtimes" / "facts"


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.runtimes.extract", description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("versions", nargs="*", help="releases; by default all that are kept")
    parser.add_argument("--write", action="store_true", help="write the facts")
    given = parser.parse_args()
    engine = ENGINES[given.engine]
    versions = given.versions or kept_versions(engine.package)
    if not versions:
        sys.exit(f"no release of {engine.package} is kept yet; name one")
    found = {one: engine.extract(fetch(engine.package, one)) for one in versions}
    text = as_toml(packed(found), engine.sets)
    if given.write:
        path = _FACTS / f"{given.engine}.toml"
        path.write_text(_SECTIONS.sub(lambda _: text, path.read_text("utf-8"), count=1), "utf-8")
    else:
        print(text)  # noqa: T201


def as_toml(names: Mapping[str, list[str]], sets: Iterable[str]) -> str:
    """Return the sections of a file of facts: sets of classes, and the modules that some have."""
    modules = {key.removeprefix(_MODULES): key for key in names if key.startswith(_MODULES)}
    elsewhere = {name for key in modules.values() for name in names[key]}
    lines = ["[architectures]"]
    for key in (key for key in sets if key in names):
        own = [name for name in names[key] if key != "takes" or name not in elsewhere]
        lines.append(f"{key} = {_block(own)}")
    if modules:
        lines += ["", "[modules]"]
        filled = sorted((layers, names[key]) for layers, key in modules.items() if names[key])
        lines += [f'"{layers}" = {_block(own)}' for layers, own in filled]
    return "\n".join([*lines, "", ""])


def _block(names: Iterable[str]) -> str:
    wrapped = textwrap.fill(" ".join(names), 118, break_long_words=False, break_on_hyphens=False)
    return f'"""\n{wrapped}"""'


if __name__ == "__main__":
    try:
        main()
    except DownloadError as error:
        sys.exit(str(error))
