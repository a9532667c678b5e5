"""Files of facts: an architecture of a user's own, written once and read where no torch is.

They have what the catalogue has of its model types, in the same words, and come from strangers:
reading is bounded, and they are evaluated within the budget of a request.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from loracfg.base.architecture import Architecture
from loracfg.base.architecture_file import FAULT
from loracfg.base.class_builder import CannotBuildError
from loracfg.cache import Cache
from loracfg.report.fault import Fault
from loracfg.report.report import Location, Region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loracfg.base.catalogue.index import Layout
    from loracfg.base.catalogue.program_data import ProgramData
    from loracfg.base.catalogue.work import Work

SUFFIX: Final = ".facts"
MAX_BYTES: Final = 1024 * 1024
"""Largest file that is read; one of a large model type has 0.1 MB."""
_READ: Final[Cache[tuple[Layout | None, list[Fault]]]] = Cache(4)
_AGAIN: Final = "make it again with `loracfg base trace`"


class _Facts:
    """The facts of a file: a store of a layout."""

    def __init__(self, index: dict[str, Any], programs: dict[str, ProgramData]) -> None:
        self.index = index
        self._programs = programs

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type."""
        return self._programs[model_type]


def read_facts(data: bytes, file: str) -> tuple[Layout | None, list[Fault]]:
    """Read what a file of facts has. Faults are of the kind `base-architecture`."""
    layout, faults = _READ.get((data, file), lambda: _read(data, file))
    return layout, list(faults)


def _read(data: bytes, file: str) -> tuple[Layout | None, list[Fault]]:
    from loracfg.base.catalogue.index import Layout
    from loracfg.base.derivation.emission.dependence import whole
    from loracfg.base.derivation.text.architecture import read_architecture_facts
    from loracfg.base.derivation.text.parse_errors import FactsError

    if len(data) > MAX_BYTES:
        message = f"a file of facts has at most {MAX_BYTES} bytes"
        return None, [Fault(FAULT, message, Location(file), _AGAIN)]
    try:
        facts = read_architecture_facts(data.decode())
        programs = {name: whole(one) for name, one in facts.programs.items()}
        store = _Facts(facts.index.sections(), programs)
    except FactsError as error:
        region = Region(error.line, error.column, error.line, error.column + 1)
        return None, [Fault(FAULT, error.reason, Location(file, region=region), _AGAIN)]
    except Exception as error:  # whatever nobody writes: no text, names that make no index
        kind = "it is no UTF-8 text" if isinstance(error, UnicodeError) else str(error)
        message = f"this is no file of facts: {kind}"
        return None, [Fault(FAULT, message, Location(file), _AGAIN)]
    name = f"facts {hashlib.sha256(data).hexdigest()}"
    layout = Layout(name, store, is_part=True)
    if not any(map(layout.classes_of, programs)):
        return None, [Fault(FAULT, "the file has no model class", Location(file), _AGAIN)]
    return layout, []


def build(
    layout: Layout, config: Mapping[str, object], class_name: str, work: Work | None = None
) -> Architecture:
    """Return the module tree that facts of a file have for a class and a config.

    Raises:
        CannotBuildError: if they decline it, or are not what `loracfg base trace` writes.
    """
    from loracfg.base.from_library import followed as from_library

    try:
        return from_library.build(layout, config, class_name, work, "facts")
    except CannotBuildError:
        raise
    except Exception as error:  # rows and nodes that nobody has derived
        message = f"the facts of `{class_name}` cannot be evaluated ({type(error).__name__})"
        raise CannotBuildError(message, _AGAIN) from error
