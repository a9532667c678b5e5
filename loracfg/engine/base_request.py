"""Collect what the options and an adapter say about the base."""

from __future__ import annotations

import re
from typing import Final

from loracfg.adapter.directory import Adapter
from loracfg.adapter.files import Files, Folder, LoneConfig
from loracfg.base.search import BaseRequest, UploadedBase
from loracfg.engine.options import Options
from loracfg.planning.replication import MAX_LAYERS
from loracfg.sources.hub.repo_id import cached_id

_NUMBER: Final = r"\.(\d{1,18})(?=\.|$)"


def base_request(
    adapter: Adapter, options: Options, given: UploadedBase | None = None, *, local: bool = True
) -> BaseRequest:
    """Return what is known about the base of an adapter.

    Args:
        adapter: the adapter.
        options: how to validate it.
        given: a base that was read already, to use instead of the one in the options.
        local: whether the adapter may name a folder as its base, if it is in one.
    """
    config = adapter.config
    mapping = config.auto_mapping if config else None
    saved = mapping.get("base_model_class") if isinstance(mapping, dict) else None
    return BaseRequest(
        named=options.base,
        place=options.base_place,
        fallback=config.base_model_name_or_path if config else None,
        class_name=options.class_name,
        task_type=config.task_type if config else None,
        saved_class=saved if isinstance(saved, str) else None,
        paths=_paths_in_base(adapter) or adapter.table.likely_paths,
        likely_paths=adapter.table.likely_paths,
        revision=config.revision if config else None,
        online=options.online,
        given=given,
        isolated=options.isolated,
        local=local and not options.isolated and is_local(adapter.source),
        by_adapter=options.base_by_adapter,
    )


def is_local(files: Files | None) -> bool:
    """Tell whether an adapter is in a folder of this machine, and did not come from the Hub."""
    if isinstance(files, Folder):
        return cached_id(files.path.as_posix()) is None
    if files is None or isinstance(files, LoneConfig):
        return True
    from loracfg.repair.draft import Draft
    from loracfg.sources.archive.held import HeldFiles
    from loracfg.sources.more_files import MoreFiles
    from loracfg.sources.remote.directory import RemoteFolder

    if isinstance(files, Draft):
        return is_local(files.files)
    return not isinstance(files, HeldFiles | RemoteFolder | MoreFiles)


def _paths_in_base(adapter: Adapter) -> frozenset[str]:
    """Return the module paths in tensor names; replicated layers get the number of the original."""
    ranges = adapter.config.layer_replication if adapter.config else None
    if not ranges or sum(max(end - start, 0) for start, end in ranges) > MAX_LAYERS:
        return adapter.base_paths
    order = [number for start, end in ranges for number in range(start, end)]

    def old(match: re.Match[str]) -> str:
        number = int(match[1])
        return f".{order[number] if number < len(order) else number}"

    return frozenset(re.sub(_NUMBER, old, path, count=1) for path in adapter.base_paths)
