"""The one way from a path to what each engine makes of an adapter."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from loracfg.adapter.files import Folder, folder_of
from loracfg.adapter.read import read_adapter
from loracfg.errors import LoracfgError
from loracfg.plan.patterns import DEFAULT_SECONDS
from loracfg.rules.making import make
from loracfg.runtimes.profile import find_runtime, names
from loracfg.runtimes.verdict import Verdict, judge


def compat(path: str | Path, runtimes: Iterable[str] = ()) -> list[Verdict]:
    """Return what engines make of the adapter in a directory; of all that are known by default.

    Only the features of the adapter are judged: whether it fits its base is for `validate`.

    Raises:
        LoracfgError: if there is no config of a LoRA adapter, or an engine is not known.
    """
    folder = folder_of(Path(path))
    if not folder.is_dir():
        raise LoracfgError(f"`{path}` is no adapter directory", "check the path")
    adapter = read_adapter(Folder(folder))
    if adapter.reading is None or adapter.header is None:
        message = f"`{path}` has no config and weights of a LoRA adapter that can be read"
        raise LoracfgError(message, "`loracfg validate` says what is wrong with it")
    settings = make(adapter, None, DEFAULT_SECONDS).settings
    found = [find_runtime(text) for text in runtimes] or [find_runtime(one) for one in names()]
    return [judge(adapter, settings, runtime) for runtime in found]
