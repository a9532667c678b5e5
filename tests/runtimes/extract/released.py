"""Write which releases each engine has had into its facts, as pip lists them.

    python -m tests.runtimes.extract.released           # of all engines that pip installs
    python -m tests.runtimes.extract.released vllm

It rewrites `releases` in the files of facts, and prints which releases are new or gone.
Pre-releases are left out; releases that were withdrawn are not, since servers may run them.
"""

from __future__ import annotations

import re
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from loracfg.runtimes.versions import listed, parts
from tests.runtimes.extract.packages import DownloadError, pip

_FACTS: Final = Path(__file__).parents[3] / "loracfg" / "runtimes" / "facts"
_VERSION: Final = r"\d+(?:\.\d+)*(?:\.post\d+)?"
_ENTRY: Final = re.compile(r'^releases = """\n(?:.*\n)*?.*"""\n', re.MULTILINE)
_NEWEST: Final = re.compile(r"^newest = .*\n", re.MULTILINE)


def main(engines: Sequence[str]) -> None:
    """Write the releases of some engines, or of all."""
    paths = {path.stem: path for path in sorted(_FACTS.glob("*.toml"))}
    if unknown := {*engines} - paths.keys():
        sys.exit(f"there are no facts about {', '.join(sorted(unknown))}")
    for path in paths.values():
        text = path.read_text("utf-8")
        facts = tomllib.loads(text)
        package = facts.get("package")
        if package and (not engines or path.stem in engines):
            found = released(package)
            path.write_text(_with_releases(text, found), "utf-8")
            print(f"{path.name}: {changes(listed(facts.get('releases', '')), found)}")  # noqa: T201


def changes(before: Iterable[str], now: Iterable[str]) -> str:
    """Return in words which releases are new, and which are gone."""
    known, found = set(before), set(now)
    new, gone = (sorted(one, key=parts) for one in (found - known, known - found))
    said = [f"new: {', '.join(new)}"] * bool(new) + [f"gone: {', '.join(gone)}"] * bool(gone)
    return "; ".join(said) or "nothing new"


def _with_releases(text: str, releases: Iterable[str]) -> str:
    wrapped = textwrap.fill(" ".join(packed(releases)), 118, break_on_hyphens=False)
    entry = f'releases = """\n{wrapped}"""\n'
    bare = _ENTRY.sub("", text)
    return _NEWEST.sub(lambda match: match[0] + entry, bare, count=1)


def released(package: str) -> list[str]:
    """Return the releases of a package, oldest first."""
    output = pip("index", "versions", "-vvv", "--no-color", package)
    return sorted(set(_versions(package, output)), key=parts)


def _versions(package: str, output: str) -> Iterator[str]:
    """Yield the versions of the files that pip met, also those that it does not take."""
    stem = re.sub(r"[-_.]+", "[-_.]+", package)
    name = re.compile(rf"(?i)/{stem}-({_VERSION})(?:-[^/ ]*\.whl|\.tar\.gz|\.zip)(?=[# ]|$)")
    yield from (match[1] for match in name.finditer(output))


def packed(releases: Iterable[str]) -> Iterator[str]:
    """Yield releases, of which those that follow one another as `0.8.0-2`."""
    run: list[str] = []
    for release in releases:
        if run and _is_next(run[-1], release):
            run.append(release)
        else:
            yield from _of_run(run)
            run = [release]
    yield from _of_run(run)


def _is_next(one: str, other: str) -> bool:
    (stem, last), (other_stem, other_last) = _split(one), _split(other)
    return stem == other_stem and int(other_last) == int(last) + 1


def _split(release: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?)(\d+)", release)
    assert match
    return match[1], match[2]


def _of_run(run: list[str]) -> Iterator[str]:
    if len(run) > 1 and "." in run[0]:
        yield f"{run[0]}-{_split(run[-1])[1]}"
    else:
        yield from run


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DownloadError as error:
        sys.exit(str(error))
