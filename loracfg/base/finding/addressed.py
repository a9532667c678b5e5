"""Finds a base that the user names: a path, an id, or a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from loracfg.base.finding.base_folder import CONFIG, NOT_FOUND, BaseFiles, exists, read_base_bytes
from loracfg.base.finding.hub import find_base, read_hub
from loracfg.document.json_document import MAX_BYTES
from loracfg.errors import LoracfgError
from loracfg.report.fault import Fault
from loracfg.report.report import Location

if TYPE_CHECKING:
    from loracfg.sources.address import StoreAddress, WebAddress
    from loracfg.sources.remote.place import RemotePlace

_MARK: Final = "://"
_DOWNLOAD: Final = f"download the base's `{CONFIG}` and pass that"
_GIVE: Final = f"check the URL; pass the folder of the base, or its `{CONFIG}`"


def find_named_base(named: str, *, online: bool = False) -> tuple[BaseFiles | None, list[Fault]]:
    """Read the config of a base as `find_base` does, also at a URL.

    A URL allows the network. The kinds of faults are those of `find_base`, and `base-not-fetched`.
    """
    if _MARK not in named or exists(named):
        return find_base(named, online=online)
    from loracfg.sources.address import HubAddress, StoreAddress, WebAddress, parse_address

    try:
        address = parse_address(named)
        if isinstance(address, HubAddress):
            return read_hub(address)
        if isinstance(address, WebAddress | StoreAddress):
            return _read_remote(address)
    except LoracfgError as error:
        from loracfg.sources.remote.http_answers import DOWNLOAD
        from loracfg.urls import visible_url

        where = Location(visible_url(named))
        advice = error.help.replace(DOWNLOAD, _DOWNLOAD)
        return None, [Fault("base-not-fetched", error.message, where, advice)]
    return find_base(str(address), online=online)


def _read_remote(address: WebAddress | StoreAddress) -> tuple[BaseFiles | None, list[Fault]]:
    """Read a config on the web or in an object store.

    Raises:
        LoracfgError: it cannot be downloaded.
    """
    from loracfg.sources.remote.opening import place_of

    place, path = place_of(address)
    name = str(address)
    if not path.endswith(".json"):
        path, name = f"{path.rstrip('/')}/{CONFIG}", f"{name.rstrip('/')}/{CONFIG}"
    data = _content(place, path)
    if data is None:
        message = f"`{name}` does not exist"
        return None, [Fault(NOT_FOUND, message, Location(name), _GIVE)]
    return read_base_bytes(data, name)


def _content(place: RemotePlace, path: str) -> bytes | None:
    file = place.file(path)
    if file is None:
        return None
    with file.open() as stream:
        return stream.read(MAX_BYTES + 1)
