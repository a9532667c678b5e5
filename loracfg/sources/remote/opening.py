"""Open adapters on other machines: on the Hub, on the web, and in object stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

from loracfg.sources.address import HubAddress, StoreAddress, WebAddress
from loracfg.sources.remote.directory import UNLISTED
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.source import NOT_AN_ADAPTER, OWN_FILES, LoneFile, Source, SourceError

_ARCHIVES: Final = (".zip", ".tar", ".tar.gz", ".tgz")
_LONE: Final = ".safetensors"


def open_remote(address: HubAddress | WebAddress | StoreAddress) -> Iterator[Source]:
    """Yield the adapters at an address on another machine.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    if isinstance(address, HubAddress):
        from loracfg.sources.hub.repository import open_repository

        return open_repository(address)
    if isinstance(address, WebAddress):
        return _open_url(address)
    from loracfg.sources.remote.store import open_store

    return open_store(address)


def _open_url(address: WebAddress) -> Iterator[Source]:
    from loracfg.sources.remote.web import Web
    from loracfg.sources.remote.web_source import find_file, web_folder

    web, name = Web(), str(address)
    parts = urlsplit(address.url)
    file = PurePosixPath(parts.path).name
    if file in OWN_FILES:
        url = parts._replace(path=parts.path[: -len(file)]).geturl()
        yield Source(str(WebAddress(url)), web_folder(web, url), unlisted=UNLISTED)
    elif file.lower().endswith(_LONE):
        found = find_file(web, address.url, name)
        if found is None:
            raise RemoteError(f"`{name}` does not exist", "check the URL")
        yield Source(name, LoneFile(found), "file")
    elif file.lower().endswith(_ARCHIVES):
        from loracfg.sources.archive_adapters import adapters_in_archive

        yield from adapters_in_archive(name, web.stream(address.url))
    else:
        folder = web_folder(web, address.url)
        if not folder.files:
            message = f"`{name}` has neither `adapter_config.json` nor `adapter_model.safetensors`"
            raise SourceError(NOT_AN_ADAPTER, message, "pass the URL of the adapter's folder")
        yield Source(name, folder, unlisted=UNLISTED)
