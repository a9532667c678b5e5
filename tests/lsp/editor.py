"""An editor for tests: pygls' client, and the server as a process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Final, Self, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

SECONDS: Final = 120
"""How long an answer may take on a machine that does other things too."""
ABILITIES: Final = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, resource_operations=[types.ResourceOperationKind.Create]
        )
    )
)


class Editor:
    """An editor with a folder; its methods wait for the answers of the server."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        encoding: types.PositionEncodingKind | None = None,
        abilities: types.ClientCapabilities = ABILITIES,
    ) -> None:
        """Start a server in a folder, with arguments of the command."""
        self.folder, self.arguments = folder, arguments
        self.client = LanguageClient("editor", "1")
        self.published: dict[str, list[types.PublishDiagnosticsParams]] = {}
        self.messages: list[str] = []
        self.registered: list[str] = []
        self.versions: dict[str, int] = {}
        self.encodings = [encoding] if encoding else None
        self.abilities = abilities
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self.capabilities: types.ServerCapabilities

    def __enter__(self) -> Self:
        self._thread.start()
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self._take))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(partial(self._show))
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(partial(self._register))
        self.capabilities = self.run(self._start()).capabilities
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(RuntimeError, TimeoutError):  # if the server has ended before
            self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for what a coroutine of the client returns."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS)

    def begin_and_cancel(self, ask: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Ask something, and take it back before the answer."""

        async def cancelled() -> None:
            before = set(self.client.protocol._request_futures)
            task = asyncio.ensure_future(ask())
            await asyncio.sleep(0)
            for message in set(self.client.protocol._request_futures) - before:
                self.client.protocol.notify("$/cancelRequest", types.CancelParams(message))
            await asyncio.wait([task])
            task.exception()

        self.run(cancelled())

    @property
    def process_id(self) -> int:
        """The process of the server."""
        server = self.client._server
        assert isinstance(server, asyncio.subprocess.Process)
        return server.pid

    async def _start(self) -> types.InitializeResult:
        await self.client.start_io(sys.executable, "-m", "loracfg", "lsp", *self.arguments)
        general = types.GeneralClientCapabilities(position_encodings=self.encodings)
        self.abilities.general = general
        uri = self.folder.as_uri()
        result = await self.client.initialize_async(
            types.InitializeParams(self.abilities, root_uri=uri, process_id=None)
        )
        self.client.initialized(types.InitializedParams())
        return result

    async def _stop(self) -> None:
        await asyncio.wait_for(self.client.shutdown_async(None), SECONDS)
        self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]

    def _take(self, found: types.PublishDiagnosticsParams) -> None:
        self.published.setdefault(found.uri, []).append(found)

    def _show(self, found: types.ShowMessageParams) -> None:
        self.messages.append(found.message)

    def _register(self, found: types.RegistrationParams) -> None:
        self.registered += [one.method for one in found.registrations]

    def _soon(self, send: Callable[[], None]) -> None:
        async def sent() -> None:
            send()

        self.run(sent())

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, with other text than it has if there is any; return its URI."""
        shown = path.read_bytes().decode("utf-8", "replace") if text is None else text
        return self.open_uri(path.as_uri(), shown)

    def open_uri(self, uri: str, text: str) -> str:
        """Open a document that need not be a file; return its URI."""
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, uri.rpartition(".")[2], 1, text)
        opened = types.DidOpenTextDocumentParams(item)
        self._soon(lambda: self.client.text_document_did_open(opened))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replace the text of a document; return the version."""
        self.versions[uri] += 1
        version = self.versions[uri]
        document = types.VersionedTextDocumentIdentifier(version, uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        changed = types.DidChangeTextDocumentParams(document, [change])
        self._soon(lambda: self.client.text_document_did_change(changed))
        return version

    def save(self, uri: str) -> None:
        """Tell the server that a document was saved; writing it is up to the test."""
        saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
        self._soon(lambda: self.client.text_document_did_save(saved))

    def files_changed(self, *paths: Path) -> None:
        """Tell the server that files on disk have changed."""
        kind = types.FileChangeType.Changed
        changed = types.DidChangeWatchedFilesParams(
            [types.FileEvent(path.as_uri(), kind) for path in paths]
        )
        self._soon(lambda: self.client.workspace_did_change_watched_files(changed))

    def close(self, uri: str) -> None:
        """Close a document."""
        closed = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        self._soon(lambda: self.client.text_document_did_close(closed))
        del self.versions[uri]

    def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """Wait for the diagnostics of a version (default: the newest), and return them."""
        wanted = self.versions[uri] if version is None else version
        return list(self.run(self._published_for(uri, wanted)).diagnostics)

    async def _published_for(self, uri: str, version: int) -> types.PublishDiagnosticsParams:
        async with asyncio.timeout(SECONDS):
            while True:
                for one in self.published.get(uri, []):
                    if one.version == version:
                        return one
                await asyncio.sleep(0.001)

    def complete(self, uri: str, at: types.Position) -> list[types.CompletionItem]:
        """Return what is offered at a place."""
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), at)
        found = self.run(self.client.text_document_completion_async(params))
        assert isinstance(found, types.CompletionList)
        return list(found.items)

    def hover(self, uri: str, at: types.Position) -> str | None:
        """Return what is shown for a place."""
        params = types.HoverParams(types.TextDocumentIdentifier(uri), at)
        found = self.run(self.client.text_document_hover_async(params))
        if found is None:
            return None
        assert isinstance(found.contents, types.MarkupContent)
        return found.contents.value

    def hints(self, uri: str) -> dict[int, str]:
        """Return the hints by line."""
        params = types.InlayHintParams(types.TextDocumentIdentifier(uri), WHOLE)
        found = self.run(self.client.text_document_inlay_hint_async(params)) or []
        return {one.position.line: str(one.label) for one in found}

    def lenses(self, uri: str) -> list[str]:
        """Return the texts above the first line."""
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        found = self.run(self.client.text_document_code_lens_async(params)) or []
        return [one.command.title for one in found if one.command]

    def actions(
        self,
        uri: str,
        *only: str,
        at: types.Range | None = None,
        trigger: types.CodeActionTriggerKind = types.CodeActionTriggerKind.Invoked,
    ) -> list[types.CodeAction]:
        """Return the actions of some kinds, or of all."""
        context = types.CodeActionContext(self.diagnostics(uri), list(only) or None, trigger)
        document = types.TextDocumentIdentifier(uri)
        params = types.CodeActionParams(document, at or WHOLE, context)
        found = self.run(self.client.text_document_code_action_async(params)) or []
        return [one for one in found if isinstance(one, types.CodeAction)]


WHOLE: Final = types.Range(types.Position(0, 0), types.Position(10**6, 0))


def place_of(text: str, part: str, shift: int = 0) -> types.Position:
    """Return the position of a part of a text, so many characters after its beginning."""
    before = text[: text.index(part) + shift]
    line = before[before.rfind("\n") + 1 :]
    return types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)


def edited(text: str, action: types.CodeAction, uri: str) -> str:
    """Return a text after the edits of an action; `uri` is its document."""
    assert action.edit is not None
    return edited_by(text, action.edit, uri)


def edited_by(text: str, edit: types.WorkspaceEdit, uri: str) -> str:
    """Return a text after edits; `uri` is its document."""
    edits: list[types.TextEdit] = []
    for change in edit.document_changes or ():
        if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == uri:
            edits += [one for one in change.edits if isinstance(one, types.TextEdit)]
    edits += (edit.changes or {}).get(uri, [])
    for one in sorted(edits, key=lambda one: one.range.start, reverse=True):
        start, end = offset_of(text, one.range.start), offset_of(text, one.range.end)
        text = text[:start] + one.new_text + text[end:]
    return text


def offset_of(text: str, at: types.Position) -> int:
    """Return the offset of a position whose column is in UTF-16."""
    start = 0
    for _ in range(at.line):
        start = text.index("\n", start) + 1
    end = text.find("\n", start)
    line = text[start : end if end != -1 else len(text)]
    units = line.encode("utf-16-le", "surrogatepass")[: 2 * at.character]
    return start + len(units.decode("utf-16-le", "surrogatepass"))
