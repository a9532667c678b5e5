"""How a server is told of the base that `--base` names."""

from __future__ import annotations

from pathlib import Path

from loracfg.base.finding.base_folder import CONFIG
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.sources.address import HubAddress, parse_address
from loracfg.sources.hub.repo_id import parse_id
from loracfg.urls import is_url


class ServedModel(NamedTuple):
    """A model as engines take it.

    Attributes:
        name: a folder, an id on the Hub, or what else the engine may know.
        revision: the branch, tag or commit of an id; None for the default.
    """

    name: str
    revision: str | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that follow the name."""
        return ("--revision", self.revision) if self.revision else ()


def model_of(base: str) -> ServedModel:
    """Return the model of a base: engines know no `hf://`, `@revision` or path of a config.

    Args:
        base: a folder, a file, an id or a URL. Files other than a `config.json` and URLs of other
            places stay as they are.
    """
    try:
        address = parse_address(base)
    except LoracfgError:
        return ServedModel(base)
    if isinstance(address, HubAddress) and address.inside in ("", CONFIG):
        return ServedModel(address.repo, address.revision)
    if not isinstance(address, Path):
        return ServedModel(base)
    if address.name == CONFIG:
        return ServedModel(str(address.parent))
    if is_url(base):
        return ServedModel(str(address))
    found = None if address.exists() else parse_id(base)
    return ServedModel(found.repo, found.revision) if found and "@" in base else ServedModel(base)
