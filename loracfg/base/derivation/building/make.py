"""Builds the catalogue.

    python -m loracfg.base.derivation.building --layout 5|4|diffusers [TYPE...]

It transcribes the released library into a temporary folder, derives the facts of its classes,
writes them to `loracfg/base/catalogue/facts/`, packs them for the wheel, and lists the declined
classes in the docs. With TYPE, it only derives and prints the facts of these types.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from loracfg.base.derivation.building import declined
from loracfg.base.derivation.building.layout_files import FACTS, pack, read_index, write_texts
from loracfg.base.derivation.building.library_releases import RELEASES, library_of
from loracfg.base.derivation.layout import LayoutFacts, derive_layout
from loracfg.base.derivation.model_programs import DEFECT
from loracfg.base.derivation.reasons import in_words
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.derivation.text import write


def main() -> None:
    """Derive, write and pack."""
    parser = argparse.ArgumentParser(
        prog="python -m loracfg.base.derivation.building", description=__doc__
    )
    parser.add_argument("types", nargs="*", help="only print the facts of these model types")
    parser.add_argument("--layout", choices=RELEASES, required=True)
    parser.add_argument("--wheel", type=Path, help="a wheel to use instead of the released one")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--pack", action="store_true", help="only pack the facts of all layouts")
    options = parser.parse_args()
    folder = FACTS / options.layout
    if options.pack:
        pack()
        return
    start = time.monotonic()
    library = library_of(options.layout, options.wheel)
    with transcribed(library, options.types) as package:
        facts = derive_layout(package, options.processes)
    if options.types:
        for model_type in sorted(facts.programs):
            sys.stdout.write(write(facts.programs[model_type]))
        _report(facts, start)
        return
    reasons = facts.index.declined
    words = {name: in_words(reason) for name, reason in reasons.items()}
    renames = read_index(folder).renames if folder.exists() else {}
    told = replace(facts.index, renames=renames, declined=words)
    new = declined.added(options.layout, told)
    write_texts(replace(facts, index=told), folder)
    pack()
    declined.record(options.layout, told)
    _report(facts, start)
    if new:
        sys.stderr.write(f"newly declined: {', '.join(new)}\n")
    sys.exit(bool(new) or any(reason.startswith(DEFECT) for reason in reasons.values()))


def _report(facts: LayoutFacts, start: float) -> None:
    """Print the number of derived classes, and the reasons for declining the others."""
    reasons = facts.index.declined
    written = [name for program in facts.programs.values() for name in program["classes"]]
    known = len(facts.index.classes.keys() & written)
    lines = [
        f"{facts.index.library}: {known} of {len(facts.index.classes)} classes of "
        f"{len(facts.programs)} types in {time.monotonic() - start:.0f} s",
        *(f"  {count} declined: {why}" for why, count in Counter(reasons.values()).most_common()),
    ]
    regions = Counter[str]()
    for counts in facts.regions.values():
        regions.update(dict.fromkeys(counts, 1))
    lines += [f"  {count} in part: {why}" for why, count in regions.most_common(20)]
    sys.stderr.write("\n".join([*lines, ""]))
