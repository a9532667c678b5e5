"""Collect what the options and an adapter say about the base."""

from __future__ import annotations

import re
from typing import Final

from loracfg.adapter.directory import Adapter
from loracfg.base.search import BaseRequest, UploadedBase
from loracfg.engine.options import Options
from loracfg.planning.replication import MAX_LAYERS

_NUMBER: Final = r"\.(\d{1,18})(?=\.|$)"


def base_request(
    adapter: Adapter, options: Options, given: UploadedBase | None = None
) -> BaseRequest:
    """Return what is known about the base of an adapter.

    Args:
        adapter: the adapter.
        options: how to validate it.
        given: a base that was read already, to use instead of the one in the options.
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
        paths=_paths_in_base(adapter),
        revision=config.revision if config else None,
        online=options.online,
        given=given,
        isolated=options.isolated,
    )


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
