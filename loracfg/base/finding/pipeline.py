"""Finds the part of a diffusers pipeline that an adapter was trained on.

`model_index.json` lists each part with its library and class (diffusers 0.42,
`pipelines/pipeline_utils.py`). Models are in folders of these names, each with a `config.json`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.adapter.files import is_regular, open_regular
from loracfg.base.architecture import Architecture
from loracfg.base.class_builder import CannotBuildError
from loracfg.base.finding.base_folder import CONFIG, BaseFiles, read_folder
from loracfg.base.from_checkpoint.as_loaded import has_module
from loracfg.document.json_document import MAX_BYTES, read_document
from loracfg.report.fault import Fault
from loracfg.report.report import Location

if TYPE_CHECKING:
    from loracfg.base.catalogue.work import Work

INDEX: Final = "model_index.json"

_FIRST: Final = ("transformer", "unet")
"""The parts that most adapters are trained on."""


def with_part(
    files: BaseFiles | None,
    faults: list[Fault],
    paths: frozenset[str],
    work: Callable[[], Work],
) -> tuple[BaseFiles | None, list[Fault]]:
    """Return a base as it is, or one part of it if it is a pipeline.

    Args:
        files: the base, if it was found.
        faults: its faults.
        paths: the paths of base modules in the adapter's tensor names. The part with most of these
            modules is chosen.
        work: returns the work of the catalogue for this request, and its budget.

    There is one more kind of fault, `base-part`: several parts have these modules.
    """
    if files is None or files.folder is None or files.config is not None:
        return files, faults
    parts = _parts(files.folder, files.root)
    return _best(files, parts, paths, work) if parts else (files, faults)


def _parts(folder: Path, root: Path | None) -> list[str]:
    """Return the parts that have a config, the most common ones first."""
    if not is_regular(folder / INDEX, root):
        return []
    try:
        with open_regular(folder / INDEX, root) as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError:
        return []
    document, _ = read_document(data, (folder / INDEX).as_posix())
    value = document.value if document else None
    if not isinstance(value, dict):
        return []
    names = [name for name in value if name.isidentifier()]
    found = [name for name in names if is_regular(folder / name / CONFIG, root)]
    return sorted(found, key=lambda name: name not in _FIRST)


def _best(
    files: BaseFiles, names: list[str], paths: frozenset[str], work: Callable[[], Work]
) -> tuple[BaseFiles | None, list[Fault]]:
    assert files.folder is not None
    folder, root = files.folder, files.root
    read = {name: read_folder(folder / name, str(folder / name), root) for name in names}
    trees = {name: _trees(part, work()) for name, (part, _) in read.items()}
    matched = {name: max((_count(t, paths) for t in trees[name]), default=0) for name in names}
    most = max(matched.values())
    best = [name for name in names if matched[name] == most]
    if most and any(_layers(trees[name], paths) != _layers(trees[best[0]], paths) for name in best):
        shown = " and ".join(f"`{name}`" for name in best)
        message = f"{shown} of the pipeline have the adapter's modules"
        where = Location(files.folder.as_posix())
        advice = "pass the folder of the right one to `--base`"
        return None, [Fault("base-part", message, where, advice)]
    part, faults = read[best[0]]
    if part is not None:
        part = part._replace(name=f"{files.name.rstrip('/')}/{best[0]}")
    return part, faults


def _trees(part: BaseFiles | None, work: Work) -> list[Architecture]:
    """Return the trees that the catalogue has for a part, including those of older releases."""
    from loracfg.base.catalogue import lookup
    from loracfg.base.catalogue.index import LAYOUTS

    config = part.config if part else None
    if config is None or not lookup.knows(config):
        return []
    found = []
    for name in lookup.trusted_classes(config):
        for layout in LAYOUTS:
            try:
                found.append(lookup.build(config, name, layout, work))
            except CannotBuildError:
                continue
    return found


def _count(tree: Architecture, paths: frozenset[str]) -> int:
    return sum(has_module(tree, path) for path in paths)


def _layers(trees: list[Architecture], paths: frozenset[str]) -> list[object]:
    """Return the adapter's modules in a part."""
    best = max(trees, key=lambda tree: _count(tree, paths), default=None)
    return [best.find(path) for path in sorted(paths)] if best else []
