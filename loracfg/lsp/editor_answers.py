"""Answers to what an editor asks about a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from lsprotocol.types import CompletionList, ResourceOperationKind

from loracfg.crash import show_traceback
from loracfg.lsp.action_work import ActionWork
from loracfg.lsp.buffer_judge import Judgement
from loracfg.lsp.code_lenses import code_lenses
from loracfg.lsp.completion import completions
from loracfg.lsp.hovering import hover
from loracfg.lsp.inlay_hints import inlay_hints
from loracfg.lsp.key_completion import key_items
from loracfg.lsp.name_places import name_place

if TYPE_CHECKING:
    from lsprotocol.types import (
        CodeAction,
        CodeActionParams,
        CodeLens,
        CodeLensParams,
        CompletionItem,
        CompletionParams,
        Hover,
        HoverParams,
        InlayHint,
        InlayHintParams,
    )
    from pygls.lsp.server import LanguageServer

    from loracfg.lsp.session import Session

T = TypeVar("T")


class EditorAnswers:
    """Answers what an editor asks, by what its session has open.

    A bug of ours while something is shown is no reason to bother a user who types.
    """

    def __init__(self, server: LanguageServer, session: Session) -> None:
        """Create answers by a session."""
        self._server, self._session = server, session

    async def completions(self, params: CompletionParams) -> CompletionList:
        """Return the names, keys or values that can be at a place."""
        try:
            found = await self._offered(params)
        except Exception as error:
            show_traceback(error)
            found = []
        return CompletionList(is_incomplete=bool(found), items=found)

    async def _offered(self, params: CompletionParams) -> list[CompletionItem]:
        session = self._session
        buffer = session.buffer(params.text_document.uri)
        if buffer is None:
            return []
        positions = session.positions(buffer)
        offset = positions.offset(params.position)
        cursor = name_place(buffer, offset)
        tree = await session.tree(buffer) if cursor else None
        found = [] if cursor is None or tree is None else completions(cursor, tree, positions)
        if buffer.is_adapter:
            snippets = self._knows_snippets()
            found += key_items(buffer.text, offset, positions, with_snippets=snippets)
        return found

    async def hover(self, params: HoverParams) -> Hover | None:
        """Return what is known about the place of the pointer."""

        def find(judgement: Judgement) -> Hover | None:
            return hover(judgement, self._session.positions(judgement.buffer), params.position)

        return await self._about(params.text_document.uri, find, None)

    async def inlay_hints(self, params: InlayHintParams) -> list[InlayHint]:
        """Return how many modules each entry selects."""

        def find(judgement: Judgement) -> list[InlayHint]:
            positions = self._session.positions(judgement.buffer)
            return inlay_hints(judgement, positions, params.range)

        return await self._about(params.text_document.uri, find, [])

    async def code_lenses(self, params: CodeLensParams) -> list[CodeLens]:
        """Return the verdict."""
        return await self._about(params.text_document.uri, code_lenses, [])

    async def code_actions(self, params: CodeActionParams) -> list[CodeAction]:
        """Return the repairs of the config, and what ignores its findings."""
        session = self._session

        def find(judgement: Judgement) -> list[CodeAction]:
            positions = session.positions(judgement.buffer)
            if session.buffer(judgement.buffer.uri) is not judgement.buffer:
                return []  # it has changed, and what is typed next comes first
            work = ActionWork(session.judge, judgement, positions, session.surroundings())
            return list(work.actions(params, **self._abilities()))

        return await self._about(params.text_document.uri, find, [])

    def _knows_snippets(self) -> bool:
        document = self._server.client_capabilities.text_document
        completion = document.completion if document else None
        item = completion.completion_item if completion else None
        return bool(item and item.snippet_support)

    def _abilities(self) -> dict[str, bool]:
        """Return which forms of edits the editor knows."""
        workspace = self._server.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        known = (edits.resource_operations or ()) if edits else ()
        return {
            "with_versions": bool(edits and edits.document_changes),
            "with_new_files": ResourceOperationKind.Create in known,
        }

    async def _about(self, uri: str, find: Callable[[Judgement], T], otherwise: T) -> T:
        """Return what is found in the newest version of a document, or something else."""
        judgement = await self._session.queue.latest(uri)
        if judgement is None:
            return otherwise
        try:
            return await self._session.queue.run(lambda: find(judgement))
        except Exception as error:
            show_traceback(error)
            return otherwise
