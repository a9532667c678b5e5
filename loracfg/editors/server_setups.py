"""The set-ups that start the language server, `loracfg lsp`.

Sources: the documentation of LSP4IJ on templates of user-defined language servers, which it reads
from a folder; Helix 25.01 on `languages.toml`, whose servers of a language replace the usual ones,
which are therefore named again; Emacs 30.1 on `.dir-locals.el`, and
Eglot 1.17 on `eglot-server-programs`.
"""

from __future__ import annotations

import json
from typing import Final

from loracfg.editors.json_settings import json_settings, with_default, without_entries
from loracfg.editors.neovim_lua import LUA_FILE, LUA_TEXTS, SERVER_LUA
from loracfg.editors.schema_setups import (
    IDE_MAPPINGS,
    VSCODE_KEYS,
    is_mapping,
    without_xml_entry,
)
from loracfg.editors.setup import EditorFile, EditorSetup
from loracfg.editors.text_settings import text_settings, toml_settings

PROGRAM: Final = "loracfg"
ARGUMENTS: Final = ("lsp",)

_VSCODE: Final = json_settings(
    ".vscode/settings.json",
    with_default(("loracfg.path",), PROGRAM),
    without_entries(VSCODE_KEYS, is_mapping),
)

_TEMPLATE: Final = {
    "id": "loracfg",
    "name": "loracfg",
    "programArgs": {"default": " ".join((PROGRAM, *ARGUMENTS))},
    "fileTypeMappings": [
        {"fileType": {"patterns": ["adapter_config.json"]}, "languageId": "json"},
        {"fileType": {"patterns": ["loracfg.toml"]}, "languageId": "toml"},
        {"fileType": {"patterns": ["*.yaml", "*.yml"]}, "languageId": "yaml"},
    ],
}
_LSP4IJ: Final = text_settings(
    ".idea/loracfg/template.json", json.dumps(_TEMPLATE, indent=2) + "\n", kind="a template"
)

_HELIX: Final = toml_settings(
    ".helix/languages.toml",
    """\
[language-server.loracfg]
command = "loracfg"
args = ["lsp"]

[[language]]
name = "json"
language-servers = ["vscode-json-language-server", "loracfg"]

[[language]]
name = "toml"
language-servers = ["taplo", "loracfg"]

[[language]]
name = "yaml"
language-servers = ["yaml-language-server", "ansible-language-server", "loracfg"]
""",
)

_EMACS: Final = text_settings(
    ".dir-locals.el",
    r"""
((nil . ((eval . (when (and buffer-file-name
                            (string-match-p
                             "/\\(?:adapter_config\\.json\\|loracfg\\.toml\\)\\'"
                             buffer-file-name))
                   (require 'eglot)
                   (setq-local eglot-server-programs
                               (list (cons major-mode '("loracfg" "lsp"))))
                   (eglot-ensure))))))
""".lstrip(),
    kind="settings",
)

SERVER_SETUPS: Final = {
    "vscode": EditorSetup(_VSCODE, next_step="install the extension (docs/editors.md shows how)"),
    "jetbrains": EditorSetup(
        _LSP4IJ,
        others=(EditorFile(IDE_MAPPINGS, "", without_xml_entry),),
        next_step=(
            "install the plugin LSP4IJ; then, in Languages & Frameworks | Language Servers, add a "
            "server and import the template in `.idea/loracfg`"
        ),
    ),
    "neovim": EditorSetup(
        text_settings(
            LUA_FILE,
            SERVER_LUA,
            *(one for one in LUA_TEXTS if one != SERVER_LUA),
            kind="Lua code",
        ),
        next_step="set `vim.o.exrc = true` in your own configuration",
    ),
    "helix": EditorSetup(_HELIX),
    "emacs": EditorSetup(_EMACS, next_step="let Emacs run the expression when it asks"),
}
"""The editors that can start the server, and how; Zed only starts those of its extensions."""
