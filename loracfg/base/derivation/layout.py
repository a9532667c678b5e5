"""Derives the facts of a layout from a transcript."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loracfg.base.catalogue.printing.facts import facts_text
from loracfg.base.derivation.activations import activations
from loracfg.base.derivation.configs.config_facts import ConfigFacts, config_facts
from loracfg.base.derivation.configs.signatures import signature_record
from loracfg.base.derivation.layout_index import LayoutIndex
from loracfg.base.derivation.model_programs import DEFECT, DerivedType, derive, homes
from loracfg.base.derivation.source.package import Package
from loracfg.base.derivation.text import normalise, read
from loracfg.base.derivation.text.parse_errors import FactsError
from loracfg.base.derivation.text.tokens import NO_NAME

if TYPE_CHECKING:
    from loracfg.base.catalogue.program_data import ProgramData


@dataclass
class LayoutFacts:
    """The facts of a layout.

    Attributes:
        index: the data about the whole layout.
        programs: the program of each model type.
        regions: the reasons for declining configs of a class, each with its count, by class.
        places: where the interpreter gave up in the constructors of a class, by class.
    """

    index: LayoutIndex
    programs: dict[str, ProgramData]
    regions: dict[str, dict[str, int]]
    places: dict[str, str]


def derive_layout(package: Package, processes: int = 1) -> LayoutFacts:
    """Return the facts of all classes in a transcript."""
    found = dict(zip(homes(package), _derive_all(package, processes), strict=True))
    configs = config_facts(package) if package.index.configs else None
    index = _index(package, found, configs)
    programs = {model_type: one.program for model_type, one in found.items()}
    if configs is None:  # diffusers: a config is the arguments of a constructor
        for name, program in programs.items():
            program["configs"] = {name: signature_record(package.load(name))}
    else:
        for name, home in index.configs.items():
            programs[home].setdefault("configs", {})[name] = configs.records[name]
    for model_type, program in programs.items():
        programs[model_type] = _writable(program, index)
    regions = {name: counts for one in found.values() for name, counts in one.regions.items()}
    places = {name: place for one in found.values() for name, place in one.places.items()}
    return LayoutFacts(index, programs, regions, places)


def _writable(program: ProgramData, index: LayoutIndex) -> ProgramData:
    """Return a program in the form that its text has; decline what the text cannot express."""
    try:
        found = normalise(program)
        if read(facts_text(found)) == found:
            return found
        why = f"{DEFECT}its text reads differently"
    except Exception as error:  # our bug, but for names: only these classes decline
        why = f"{DEFECT}{type(error).__name__}: {error}"
        if isinstance(error, FactsError) and NO_NAME in error.reason:
            why = error.reason
    index.declined |= dict.fromkeys(program["classes"].keys() & index.classes, why)
    configs = program.get("configs", {})
    if not program["classes"]:
        index.declined |= dict.fromkeys(configs, why)
        for name in configs:
            del index.configs[name]
        configs = {}
    alone: ProgramData = {
        "exprs": program["exprs"],
        "nodes": [],
        "checks": [],
        "classes": {},
        "configs": configs,
    }
    return _writable(alone, index)


def _derive_all(package: Package, processes: int) -> Iterator[DerivedType]:
    """Yield the result for each type, in order whatever the number of processes."""
    groups = list(homes(package).values())
    if processes == 1:
        yield from (derive(package, names) for names in groups)
        return
    fork = multiprocessing.get_context("fork")  # the children can import the transcript, too
    with ProcessPoolExecutor(processes, fork) as pool:
        yield from pool.map(derive, [package] * len(groups), groups, chunksize=4)


def _index(
    package: Package, found: dict[str, DerivedType], configs: ConfigFacts | None
) -> LayoutIndex:
    source = package.index
    classes = {name: home for home, names in homes(package).items() for name in names}
    index = LayoutIndex(
        library=source.library,
        types={t: [source.configs.get(t, t), *names] for t, names in source.classes.items()},
        classes={n: [home, *filter(None, [source.takes.get(n)])] for n, home in classes.items()},
        mappings=source.mappings,
        tasks=source.tasks,
        automatic=source.automatic,
        activations=activations(package),
        declined={name: why for one in found.values() for name, why in one.declined.items()},
    )
    if configs is not None:
        index.configs = _config_homes(package, configs)
        index.generation, index.base_fields = configs.generation, configs.base_fields
        index.declined |= configs.declined
    index.declined = dict(sorted(index.declined.items()))
    index.classes = dict(sorted(index.classes.items()))
    return index


def _config_homes(package: Package, configs: ConfigFacts) -> dict[str, str]:
    """Map each config class to the model type whose program has it.

    A class without its own model type belongs to the first type of the same module.
    """
    by_class: dict[str, list[str]] = {}
    by_module: dict[str, list[str]] = {}
    modules = package.modules()
    for model_type, name in sorted(package.index.configs.items()):
        by_class.setdefault(name, []).append(model_type)
        by_module.setdefault(modules.get(name, ""), []).append(model_type)
    found = {}
    for name in sorted(configs.records):
        types = by_class.get(name) or by_module.get(modules[name]) or [min(package.index.configs)]
        own = configs.records[name].get("consts", {}).get("model_type")
        found[name] = own if own in types else types[0]
    return found
