"""Reads facts files, which describe a user's own architecture and need no torch.

They have the same content and format as the facts in the catalogue. As they are untrusted, reading
is bounded, and they are evaluated within the budget of a request.
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
"""The maximum size of a file; that of a large model type has 0.1 MB."""
_READ: Final[Cache[tuple[Layout | None, list[Fault]]]] = Cache(4)
_AGAIN: Final = "create it again with `loracfg base trace`"


class _Facts:
    """The facts in a file, as the store of a layout."""

    def __init__(self, index: dict[str, Any], programs: dict[str, ProgramData]) -> None:
        self.index = index
        self._programs = programs

    def program(self, model_type: str) -> ProgramData:
        """Return the program of a model type."""
        return self._programs[model_type]


def read_facts(data: bytes, file: str) -> tuple[Layout | None, list[Fault]]:
    """Read a facts file. Faults are of the kind `base-architecture`."""
    layout, faults = _READ.get((data, file), lambda: _read(data, file))
    return layout, list(faults)


def _read(data: bytes, file: str) -> tuple[Layout | None, list[Fault]]:
    from loracfg.base.catalogue.index import Layout
    from loracfg.base.derivation.emission.dependence import whole
    from loracfg.base.derivation.text.architecture import read_architecture_facts
    from loracfg.base.derivation.text.parse_errors import FactsError

    if len(data) > MAX_BYTES:
        message = f"the facts file has more than {MAX_BYTES} bytes"
        return None, [Fault(FAULT, message, Location(file), _AGAIN)]
    try:
        facts = read_architecture_facts(data.decode())
        programs = {name: whole(one) for name, one in facts.programs.items()}
        store = _Facts(facts.index.sections(), programs)
    except FactsError as error:
        region = Region(error.line, error.column, error.line, error.column + 1)
        return None, [Fault(FAULT, error.reason, Location(file, region=region), _AGAIN)]
    except Exception as error:  # files that loracfg never writes, such as binary ones
        kind = "it is not UTF-8 text" if isinstance(error, UnicodeError) else str(error)
        message = f"this is not a facts file: {kind}"
        return None, [Fault(FAULT, message, Location(file), _AGAIN)]
    name = f"facts {hashlib.sha256(data).hexdigest()}"
    layout = Layout(name, store, is_part=True)
    if not any(map(layout.classes_of, programs)):
        return None, [Fault(FAULT, "the file has no model class", Location(file), _AGAIN)]
    return layout, []


def build(
    layout: Layout, config: Mapping[str, object], class_name: str, work: Work | None = None
) -> Architecture:
    """Return the module tree of a class for a config, according to the facts in a file.

    Raises:
        CannotBuildError: if the facts decline it, or were not written by `loracfg base trace`.
    """
    from loracfg.base.from_library import followed as from_library

    try:
        return from_library.build(layout, config, class_name, work, "facts")
    except CannotBuildError:
        raise
    except Exception as error:  # rows and nodes that a derivation never writes
        message = f"the facts of `{class_name}` cannot be evaluated ({type(error).__name__})"
        raise CannotBuildError(message, _AGAIN) from error
