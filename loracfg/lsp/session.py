"""The documents that an editor has open, and what it is told about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol.types import (
    WORKSPACE_DID_CHANGE_WATCHED_FILES,
    DidChangeWatchedFilesRegistrationOptions,
    FileSystemWatcher,
    PositionEncodingKind,
    PublishDiagnosticsParams,
    Registration,
    RegistrationParams,
)
from pygls.uris import to_fs_path

from loracfg.lsp.buffer_judge import Judge, Judgement, Surroundings, is_settings
from loracfg.lsp.buffers import Buffer
from loracfg.lsp.judging_queue import JudgingQueue
from loracfg.lsp.published import published
from loracfg.lsp.text_positions import BYTE_ORDER_MARK, TextPositions
from loracfg.lsp.warm_up import warm_up

if TYPE_CHECKING:
    from lsprotocol.types import (
        DidChangeTextDocumentParams,
        DidChangeWatchedFilesParams,
        DidCloseTextDocumentParams,
        DidOpenTextDocumentParams,
        DidSaveTextDocumentParams,
        InitializedParams,
    )
    from pygls.lsp.server import LanguageServer

    from loracfg.base.architecture import Architecture
    from loracfg.lsp.project_lookup import ProjectLookup

_READ: Final = "**/*.{json,safetensors,bin,toml,facts,md}"
"""The files that judgements depend on, besides the documents that are open."""


class Session:
    """What one editor has open; its methods run in the loop of the server.

    Attributes:
        judge: judges versions of documents.
        queue: does so in a thread.
        has_stopped: whether the editor has said that it stops.
    """

    def __init__(self, server: LanguageServer, project: ProjectLookup) -> None:
        """Create a session without documents."""
        self.judge = Judge(project)
        self.queue = JudgingQueue(self._judged, self._tell)
        self.has_stopped = False
        self._server = server
        self._open: dict[str, Buffer] = {}
        self._published: set[str] = set()
        self._trees: dict[str, Architecture] = {}

    def stopped(self, _: None) -> None:
        """Begin nothing more."""
        self.has_stopped = True
        self.queue.stop()

    async def started(self, _: InitializedParams) -> None:
        """Prepare the first judgement, and ask to be told of changes of files on disk."""
        workspace = self._server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            options = DidChangeWatchedFilesRegistrationOptions([FileSystemWatcher(_READ)])
            wanted = Registration("files", WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self._server.client_register_capability(RegistrationParams([wanted]))
        await self.queue.run(warm_up)

    def opened(self, params: DidOpenTextDocumentParams) -> None:
        """Judge a document that was opened."""
        document = params.text_document
        self._take(document.uri, document.version)

    def changed(self, params: DidChangeTextDocumentParams) -> None:
        """Judge a document that was changed."""
        self._take(params.text_document.uri, params.text_document.version)

    def saved(self, params: DidSaveTextDocumentParams) -> None:
        """Judge a document again that was saved, since files beside it may have changed too."""
        buffer = self._open.get(params.text_document.uri)
        if buffer is not None:
            self._judge_again(buffer)

    def closed(self, params: DidCloseTextDocumentParams) -> None:
        """Remove what was told about a document that was closed."""
        uri = params.text_document.uri
        buffer = self._open.pop(uri, None)
        self._trees.pop(uri, None)
        self.queue.forget(uri)
        if uri in self._published:
            self._published.discard(uri)
            self._server.text_document_publish_diagnostics(PublishDiagnosticsParams(uri, []))
        if buffer is not None and is_settings(buffer):
            self._judge_all()

    def files_changed(self, _: DidChangeWatchedFilesParams) -> None:
        """Judge all documents again, since files that were read may have changed."""
        self._judge_all()

    def buffer(self, uri: str) -> Buffer | None:
        """Return the newest version of a document; None if it is not open."""
        return self._open.get(uri)

    def positions(self, buffer: Buffer) -> TextPositions:
        """Return the positions in a version of a document, in the units of the client."""
        encoding = self._server.workspace.position_encoding or PositionEncodingKind.Utf16
        return TextPositions(buffer.text, encoding)

    def surroundings(self) -> Surroundings:
        """Return what else is open."""
        edited = (one for one in list(self._open.values()) if is_settings(one))
        return Surroundings({one.path: one for one in edited if one.path is not None})

    async def tree(self, buffer: Buffer) -> Architecture | None:
        """Return the base of a document: that of this version, or else the last one known."""
        judgement = await self.queue.latest(buffer.uri)
        case = judgement.case if judgement else None
        found = case.base.architecture if case else None
        if found is None:
            found = self._trees.get(buffer.uri)
        if found is None:
            around = self.surroundings()
            found = await self.queue.run(lambda: self.judge.unfinished_base(buffer, around))
        return found

    def _take(self, uri: str, version: int | None) -> None:
        text = self._server.workspace.get_text_document(uri).source
        path = to_fs_path(uri)
        before = self._open.get(uri)
        shows_mark = text.startswith(BYTE_ORDER_MARK) or bool(before and before.shows_mark)
        buffer = Buffer(uri, version, text, Path(path) if path else None, shows_mark)
        self._open[uri] = buffer
        self._judge_again(buffer)

    def _judge_again(self, buffer: Buffer) -> None:
        if is_settings(buffer):
            self._judge_all()
        else:
            self.queue.add(buffer)

    def _judge_all(self) -> None:
        for buffer in self._open.values():
            self.queue.add(buffer)

    def _judged(self, buffer: Buffer) -> Judgement:
        """Return the judgement of a version; this runs in the thread."""
        return self.judge.judge(buffer, self.surroundings())

    def _tell(self, judgement: Judgement) -> None:
        buffer = judgement.buffer
        if judgement.case is not None and (tree := judgement.case.base.architecture):
            self._trees[buffer.uri] = tree
        found = published(judgement.diagnostics, buffer, self.positions(buffer))
        if judgement.is_ours or buffer.uri in self._published:
            self._published.add(buffer.uri)
            params = PublishDiagnosticsParams(buffer.uri, found, buffer.version)
            self._server.text_document_publish_diagnostics(params)
