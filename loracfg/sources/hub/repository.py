"""Open adapters in a repository on the Hugging Face Hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.sources.address import HubAddress
from loracfg.sources.hub.cached import folder_inside, open_cached
from loracfg.sources.hub.client import explain, hub_client, is_offline, request_headers
from loracfg.sources.hub.repo_id import COMMIT, MAIN
from loracfg.sources.remote.directory import UNLISTED, probe
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.ranged_file import FIRST_BYTES, Part, RangedFile
from loracfg.sources.remote.web import Web
from loracfg.sources.source import Source

_DOWNLOAD: Final = "download the adapter and pass its folder"
_ENTRY_NOT_FOUND: Final = "EntryNotFound"


class Repository:
    """A repository at one commit, which the first answer of the Hub tells."""

    def __init__(self, repo: str, revision: str) -> None:
        """Create a repository without any request.

        Raises:
            LoracfgError: huggingface_hub is not installed.
        """
        self._client = hub_client(repo)
        self._web = Web(request_headers())
        self.repo, self.revision = repo, revision
        self.commit: str | None = None

    def find_file(self, path: str) -> RangedFile | None:
        """Return a file, or None if the repository does not have it.

        Raises:
            RemoteError: it cannot be downloaded.
        """
        try:
            first = self._download(path, 0, FIRST_BYTES)
        except RemoteError as error:
            if error.headers.get("X-Error-Code") == _ENTRY_NOT_FOUND:
                self._remember(error.headers.get("X-Repo-Commit"))
                return None
            raise
        return RangedFile(path, lambda start, stop: self._download(path, start, stop), first)

    def _download(self, path: str, start: int, stop: int) -> Part:
        revision = self.commit or self.revision
        url = self._client.hf_hub_url(self.repo, path, revision=revision)
        try:
            part, headers = self._web.read(url, start, stop)
        except RemoteError as error:
            raise explain(error, self.repo, self.revision, _DOWNLOAD) from None
        self._remember(headers.get("X-Repo-Commit"))
        return part

    def _remember(self, commit: str | None) -> None:
        self.commit = self.commit or commit


def open_repository(address: HubAddress) -> Iterator[Source]:
    """Yield the adapters at an address on the Hub.

    A commit that the local cache has is read from there, and so is everything in offline mode.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    import re

    revision = address.revision or MAIN
    hub_client(address.repo)
    if is_offline() or re.fullmatch(COMMIT, revision):
        if found := open_cached(address):
            yield found
            return
        if is_offline():
            message = f"`{address}` is not in the local cache, and `HF_HUB_OFFLINE` is set"
            raise RemoteError(message, f"unset it, or {_DOWNLOAD}")
    yield _open_folder(address, Repository(address.repo, revision))


def _open_folder(address: HubAddress, repository: Repository) -> Source:
    home = folder_inside(address.inside)

    def find(name: str) -> RangedFile | None:
        return repository.find_file(str(PurePosixPath(home, name)))

    config = find(CONFIG_NAME)
    if repository.commit and (found := open_cached(address, repository.commit)):
        return found
    folder = probe(lambda name: config if name == CONFIG_NAME else find(name))
    return Source(str(address), folder, "folder", unlisted=UNLISTED)
