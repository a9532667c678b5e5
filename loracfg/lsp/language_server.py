"""The language server: which methods of the protocol it answers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from loracfg.lsp.code_actions import FIX_ALL
from loracfg.lsp.completion import TRIGGERS
from loracfg.lsp.editor_answers import EditorAnswers
from loracfg.lsp.session import Session
from loracfg.version import __version__

if TYPE_CHECKING:
    from loracfg.lsp.project_lookup import ProjectLookup


def serve_editor(project: ProjectLookup) -> int:
    """Answer an editor on standard input and output until it exits; return the exit status.

    That is 1 if the editor exits without saying before that it stops.
    """
    server, session = language_server(project)
    server.start_io()
    return 0 if session.has_stopped else 1


def language_server(project: ProjectLookup) -> tuple[LanguageServer, Session]:
    """Return a server that has not started, and what it has open.

    Documents are sent as a whole: pygls ends lines at characters that the protocol does not.
    """
    server = LanguageServer("loracfg", __version__, types.TextDocumentSyncKind.Full)
    session = Session(server, project)
    answers = EditorAnswers(server, session)
    handlers: dict[str, Callable[..., object]] = {
        types.INITIALIZE: _enter_workspace,
        types.SHUTDOWN: session.stopped,
        types.INITIALIZED: session.started,
        types.TEXT_DOCUMENT_DID_OPEN: session.opened,
        types.TEXT_DOCUMENT_DID_CHANGE: session.changed,
        types.TEXT_DOCUMENT_DID_SAVE: session.saved,
        types.TEXT_DOCUMENT_DID_CLOSE: session.closed,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: session.files_changed,
        types.TEXT_DOCUMENT_COMPLETION: answers.completions,
        types.TEXT_DOCUMENT_HOVER: answers.hover,
        types.TEXT_DOCUMENT_INLAY_HINT: answers.inlay_hints,
        types.TEXT_DOCUMENT_CODE_LENS: answers.code_lenses,
        types.TEXT_DOCUMENT_CODE_ACTION: answers.code_actions,
    }
    options = {
        types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=TRIGGERS),
        types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
            [types.CodeActionKind.QuickFix, FIX_ALL]
        ),
    }
    for method, handler in handlers.items():
        # pygls sets attributes, which no method has
        server.feature(method, options.get(method))(partial(handler))
    return server, session


def _enter_workspace(params: types.InitializeParams) -> None:
    """Make the folder that is open the current one, from which relative paths lead."""
    folders = [one.uri for one in params.workspace_folders or ()]
    roots = (*folders, *([params.root_uri] if params.root_uri else ()))
    path = to_fs_path(roots[0]) if roots else params.root_path
    if path:
        with contextlib.suppress(OSError, ValueError):
            os.chdir(path)
