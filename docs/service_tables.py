"""The table of the service's settings."""

from __future__ import annotations

import json
from collections.abc import Iterator

from config_page import cell
from loracfg_api.settings import Settings
from pydantic.fields import FieldInfo

from loracfg.sources.archive.limits import MIB


def service_setting_rows() -> Iterator[str]:
    """Yield the table of the variables that set up the service."""
    prefix = Settings.model_config["env_prefix"]
    yield "| Variable | Default | Meaning |"
    yield "|---|---|---|"
    for name, info in Settings.model_fields.items():
        cells = (f"`{prefix}{name.upper()}`", _setting_default(info), info.description or "")
        yield f"| {' | '.join(map(cell, cells))} |"


def _setting_default(info: FieldInfo) -> str:
    """Return a default as it would be in the environment; bytes also in MiB or GiB."""
    default = info.get_default(call_default_factory=True)
    if default is None or default == ():
        return "none"
    text = f"`{json.dumps(default)}`"
    if type(default) is not int or default % MIB:
        return text
    mebibytes = default // MIB
    amount = f"{mebibytes} MiB" if mebibytes % 1024 else f"{mebibytes // 1024} GiB"
    return f"{text} ({amount})"
