"""Read what was listed: from the Hub, the web, stores and archives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import local
from typing import Final

from loracfg.audit.listing.listed import Listed, digest_of
from loracfg.audit.listing.listing import host_of
from loracfg.audit.reading.contents import Contents, Unread, contents_of
from loracfg.audit.reading.fleet_downloads import FleetDownloads
from loracfg.audit.reading.limiter import HostGoneError, Limiter
from loracfg.crash import place_of, show_traceback, words
from loracfg.errors import LoracfgError
from loracfg.named_tuple import NamedTuple
from loracfg.report.report import CRASH
from loracfg.sources.address import (
    HubAddress,
    SearchedFolder,
    StoreAddress,
    UnusableAddress,
    WebAddress,
)
from loracfg.sources.hub.client import is_offline, request_headers
from loracfg.sources.hub.repository import HubRepository, ask_repository, open_asked
from loracfg.sources.opening import open_sources
from loracfg.sources.remote.directory import RemoteFolder
from loracfg.sources.remote.errors import UNREACHABLE, RemoteError
from loracfg.sources.remote.http_answers import BUSY
from loracfg.sources.remote.place import open_at
from loracfg.sources.remote.store import store_at
from loracfg.sources.remote.web_place import WebPlace
from loracfg.sources.source import NO_SUCH_PATH, LoneFile, Source, SourceError

_CHECK_PATH: Final = "check the path"


class ToRead(NamedTuple):
    """Something listed that is to be read.

    Attributes:
        listed: what was listed.
        known_version: the version that was judged before, which need not be read again.
        online: whether an id may be looked up on the Hub.
        more: other files that are read, such as a model card.
    """

    listed: Listed
    known_version: str | None = None
    online: bool = False
    more: tuple[str, ...] = ()


class ReadResult(NamedTuple):
    """What reading gave.

    Attributes:
        found: the adapters, or why there are none; None if it is the version that is known, or the
            host is gone.
        version: what distinguishes the content from others; None if it has to be read again.
        content: a digest of all that was read of one adapter.
        is_gone: whether its host does not answer any more.
        is_passing: whether another attempt, later, may succeed.
    """

    found: list[Contents] | Unread | None = None
    version: str | None = None
    content: bytes | None = None
    is_gone: bool = False
    is_passing: bool = False


class Reader:
    """Reads what was listed, in several threads, each with connections of its own."""

    def __init__(self, limiter: Limiter) -> None:
        """Create a reader without a connection."""
        self._limiter = limiter
        self._own = local()

    def read(self, task: ToRead) -> ReadResult:
        """Read adapters; never raises on what a server sends or a file contains."""
        name = task.listed.name
        try:
            return self._read(task)
        except HostGoneError as error:
            return ReadResult(Unread(UNREACHABLE, error.message, error.help), is_gone=True)
        except RemoteError as error:
            is_passing = error.status is None or error.status in BUSY
            found = Unread(error.code, error.message, error.help)
            return ReadResult(found, is_passing=is_passing)
        except OSError as error:
            message = f"`{name}` cannot be read: {error.strerror or error}"
            advice = "check the path and its permissions"
            return ReadResult(Unread(NO_SUCH_PATH, message, advice))
        except LoracfgError as error:
            code = error.code if isinstance(error, SourceError) else NO_SUCH_PATH
            return ReadResult(Unread(code, error.message, error.help or _CHECK_PATH))
        except Exception as error:
            show_traceback(error)
            message = f"loracfg crashed in `{place_of(error)}`: `{words(error)}`"
            return ReadResult(Unread(CRASH, message, "report this bug"))

    def _read(self, task: ToRead) -> ReadResult:
        address = task.listed.address
        if isinstance(address, HubAddress) and (task.online or address.is_explicit):
            return self._on_hub(address, task)
        if isinstance(address, WebAddress):
            place = WebPlace(self._downloads(), address.url)
            return _result(open_at(place, place.path, str(address)), task)
        if isinstance(address, StoreAddress):
            return self._in_store(address, task)
        return _result(open_sources(address, online=task.online), task)

    def _on_hub(self, address: HubAddress, task: ToRead) -> ReadResult:
        if is_offline():
            return _result(open_sources(address, online=task.online), task)
        repository = HubRepository(address, web=self._hub_downloads(), commit=task.listed.version)
        try:
            ask_repository(address, repository)
            if repository.commit is not None and repository.commit == task.known_version:
                return ReadResult(version=repository.commit)
            found = _contents(open_asked(address, repository), task)
            return ReadResult(found, repository.commit, _digest(found))
        finally:
            repository.forget()

    def _in_store(self, address: StoreAddress, task: ToRead) -> ReadResult:
        host = host_of(address)
        place = store_at(address, turn=lambda: self._limiter.turn(host))
        if task.listed.entries is None:
            return _result(open_at(place, place.path, str(address)), task)
        folder = place.folder_of(task.listed.entries)
        return _result([Source(str(address), folder)], task)

    def _downloads(self) -> FleetDownloads:
        if not hasattr(self._own, "web"):
            self._own.web = FleetDownloads(self._limiter)
        found: FleetDownloads = self._own.web
        return found

    def _hub_downloads(self) -> FleetDownloads:
        if not hasattr(self._own, "hub"):
            self._own.hub = FleetDownloads(self._limiter, request_headers())
        found: FleetDownloads = self._own.hub
        return found


def is_read_where_judged(listed: Listed) -> bool:
    """Whether the process that judges also reads, since it is on this machine."""
    return isinstance(listed.address, Path | SearchedFolder)


def unusable(listed: Listed) -> Unread | None:
    """Return why a text names nothing; None if it names something."""
    address = listed.address
    if isinstance(address, UnusableAddress):
        return Unread(NO_SUCH_PATH, address.message, address.help)
    return None


def _contents(sources: Iterable[Source], task: ToRead) -> list[Contents]:
    return [contents_of(source, task.more) for source in sources]


def _result(sources: Iterator[Source] | list[Source], task: ToRead) -> ReadResult:
    opened = list(sources)
    version = task.listed.version or _version(opened)
    if version is not None and version == task.known_version:
        return ReadResult(version=version)
    found = _contents(opened, task)
    return ReadResult(found, version, _digest(found))


def _digest(found: list[Contents]) -> bytes | None:
    return found[0].digest if len(found) == 1 else None


def _version(sources: list[Source]) -> str | None:
    """Return what distinguishes the content of a folder or file, if the server says it."""
    if len(sources) != 1:
        return None
    files = sources[0].files
    if isinstance(files, RemoteFolder) and files.files:
        found = sorted((name, file.size, file.version) for name, file in files.files.items())
        return digest_of(found) if all(version for _, _, version in found) else None
    if isinstance(files, LoneFile):
        etag = getattr(files.file, "version", None)
        return digest_of(etag) if etag else None
    return None
