"""Open adapters on other machines: on the Hub, on the web, and in object stores."""

from __future__ import annotations

from collections.abc import Iterator

from loracfg.sources.address import HubAddress, StoreAddress, WebAddress
from loracfg.sources.remote.limits import DEFAULT_LIMITS, WebLimits
from loracfg.sources.remote.place import RemotePlace, open_at
from loracfg.sources.source import Source


def open_remote(
    address: HubAddress | WebAddress | StoreAddress, limits: WebLimits = DEFAULT_LIMITS
) -> Iterator[Source]:
    """Yield the adapters at an address on another machine.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    if isinstance(address, HubAddress):
        from loracfg.sources.hub.repository import open_repository

        return open_repository(address, limits)
    place, path = place_of(address, limits)
    return open_at(place, path, str(address))


def place_of(
    address: WebAddress | StoreAddress, limits: WebLimits = DEFAULT_LIMITS
) -> tuple[RemotePlace, str]:
    """Return the place of an address, and its path there.

    Raises:
        LoracfgError: a package is not installed, or the address cannot be used.
    """
    if isinstance(address, WebAddress):
        from loracfg.sources.remote.web import Web
        from loracfg.sources.remote.web_place import WebPlace

        web = WebPlace(Web(limits=limits), address.url)
        return web, web.path
    from loracfg.sources.remote.store import store_at

    store = store_at(address)
    return store, store.path
