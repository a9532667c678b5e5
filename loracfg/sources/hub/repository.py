"""Open adapters in a repository on the Hugging Face Hub."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Final

from loracfg.config import CONFIG_NAME
from loracfg.sources.address import HubAddress
from loracfg.sources.hub.cached import open_cached
from loracfg.sources.hub.client import HubErrors, hub_client, is_offline, request_headers
from loracfg.sources.hub.repo_id import COMMIT, MAIN
from loracfg.sources.remote.directory import RemoteFolder, probe
from loracfg.sources.remote.errors import RemoteError
from loracfg.sources.remote.http_answers import DOWNLOAD
from loracfg.sources.remote.limits import DEFAULT_LIMITS, WebLimits
from loracfg.sources.remote.place import is_file, open_at
from loracfg.sources.remote.ranged_file import FIRST_BYTES, FileRange, RangedFile
from loracfg.sources.remote.web import Downloads, Web
from loracfg.sources.source import Source

_NO_FILE: Final = "EntryNotFound"


class HubRepository:
    """A repository at one commit, which the first answer of the Hub names."""

    advice: Final = "check the id and the subfolder"

    def __init__(
        self,
        address: HubAddress,
        limits: WebLimits = DEFAULT_LIMITS,
        *,
        web: Downloads | None = None,
        commit: str | None = None,
    ) -> None:
        """Create a repository without any request.

        Args:
            address: its address.
            limits: the limits of downloads.
            web: what downloads, with the user's token and limits of its own.
            commit: the commit of its revision, if it is known.

        Raises:
            LoracfgError: huggingface_hub or httpx2 is not installed.
        """
        self._repo, self._revision = address.repo, address.revision or MAIN
        self._client = hub_client(self._repo)
        self._web = web or Web(request_headers(), limits)
        self._errors = HubErrors(self._repo, self._revision, DOWNLOAD)
        self._files: dict[str, RangedFile | None] = {}
        self.commit = commit

    def folder(self, path: str) -> RemoteFolder:
        """Return a folder, which is not listed."""
        return probe(self.finder(path))

    def finder(self, path: str) -> Callable[[str], RangedFile | None]:
        """Return a function that returns a file of a folder by its name."""
        return lambda name: self.file(str(PurePosixPath(path, name)))

    def file(self, path: str) -> RangedFile | None:
        """Return a file, or None if the repository does not have it."""
        if path not in self._files:
            self._files[path] = self._find(path)
        return self._files[path]

    def forget(self) -> None:
        """Forget the files that were found, so that nothing refers to itself and is kept."""
        self._files.clear()

    def pieces(self, path: str) -> Iterator[bytes]:
        """Yield the content of a file piece by piece."""
        try:
            yield from self._web.stream(self._url(path))
        except RemoteError as error:
            if _is_absent(error):
                message = f"`{self._repo}` has no `{path}` on the Hub at `{self._revision}`"
                raise RemoteError(message, "check the URL") from None
            raise self._errors.of_answer(error) from None

    def _find(self, path: str) -> RangedFile | None:
        def download(start: int, stop: int) -> FileRange:
            return self._read(path, start, stop)

        try:
            return RangedFile(path, download, download(0, FIRST_BYTES))
        except RemoteError as error:
            if _is_absent(error):
                self._remember(error.headers.get("x-repo-commit"))
                return None
            raise

    def _read(self, path: str, start: int, stop: int) -> FileRange:
        try:
            part, headers = self._web.read(self._url(path), start, stop)
        except RemoteError as error:
            raise self._errors.of_answer(error) from None
        self._remember(headers.get("x-repo-commit"))
        return part

    def _url(self, path: str) -> str:
        url: str = self._client.hf_hub_url(self._repo, path, revision=self.commit or self._revision)
        return url

    def _remember(self, commit: str | None) -> None:
        """Read everything else from the same commit."""
        if self.commit is None and commit and re.fullmatch(COMMIT, commit):
            self.commit = commit


def _is_absent(error: RemoteError) -> bool:
    """Whether the Hub has the repository, but not the file."""
    return error.status == 404 and error.headers.get("x-error-code", _NO_FILE) == _NO_FILE


def open_repository(address: HubAddress, limits: WebLimits) -> Iterator[Source]:
    """Yield the adapters at an address on the Hub.

    A commit that the local cache has is read from there, and so is everything in offline mode.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    hub_client(address.repo)
    revision = address.revision or MAIN
    if (is_offline() or re.fullmatch(COMMIT, revision)) and (found := open_cached(address)):
        return iter([found])
    return open_asked(address, ask_repository(address, HubRepository(address, limits)))


def ask_repository(address: HubAddress, repository: HubRepository) -> HubRepository:
    """Ask for the config of an adapter, so that the commit of the repository is known.

    Raises:
        RemoteError: the client is offline, or the config cannot be downloaded.
    """
    if is_offline():
        error = HubErrors(address.repo, address.revision or MAIN, DOWNLOAD).offline()
        raise RemoteError(error.message, error.help)
    if not is_file(address.inside):
        repository.file(str(PurePosixPath(address.inside, CONFIG_NAME)))
    return repository


def open_asked(address: HubAddress, repository: HubRepository) -> Iterator[Source]:
    """Yield the adapters at an address in a repository that was asked for its commit.

    Raises:
        SourceError: there are none, or they cannot be downloaded.
    """
    is_folder = not is_file(address.inside)
    if is_folder and repository.commit and (found := open_cached(address, repository.commit)):
        return iter([found._replace(ask=repository.finder(address.inside))])
    return open_at(repository, address.inside, str(address))
