"""The editor settings that map the schema to adapter configs.

Sources: VS Code's extension json-language-features, which resolves a `url` that begins with `.`
against the open folder; Zed's documentation of its JSON language server, and its pull request
44794, since which it does the same; nvim-lspconfig's `jsonls`; the class
UserDefinedJsonSchemaConfiguration of the IntelliJ platform, which writes `jsonSchemas.xml`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from loracfg.config.schema.schema_files import EDITOR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILES: Final = "**/adapter_config.json"


class UnmergeableError(Exception):
    """An existing settings file cannot be extended safely; the text says why."""


@dataclass(frozen=True)
class Editor:
    """Where an editor reads its settings, and the settings for a schema."""

    file: str
    folder: str
    new: Callable[[str], str]
    merged: Callable[[str, str], str]

    @property
    def schema(self) -> str:
        """Where a copy of the schema is, relative to the open folder."""
        return f"{self.folder}/{EDITOR}"

    def with_mapping(self, present: str, schema: str) -> str:
        """Return the settings with the mapping added, or unchanged if they have it.

        Args:
            present: The content of the file.
            schema: The path of the copy or a URL.

        Raises:
            UnmergeableError: if the mapping has to be added by hand.
        """
        return self.merged(present, schema) if present.strip() else self.new(schema)


def _json_settings(file: str, folder: str, *keys: str) -> Editor:
    """Describe an editor whose settings are JSON with comments, the list of schemas at `keys`."""

    def new(schema: str) -> str:
        return json.dumps(_nested(keys, _entry(schema)), indent=2) + "\n"

    def merged(present: str, schema: str) -> str:
        return _merged_json(present, keys, _entry(schema))

    return Editor(file, folder, new, merged)


def _nested(keys: Sequence[str], entry: dict[str, Any]) -> Any:
    value: Any = [entry]
    for key in reversed(keys):
        value = {key: value}
    return value


def _entry(schema: str) -> dict[str, Any]:
    url = schema if "://" in schema else f"./{schema}"
    return {"fileMatch": [FILES], "url": url}


def _merged_json(present: str, keys: tuple[str, ...], entry: dict[str, Any]) -> str:
    from loracfg.document.edit import SetValue, apply_edits
    from loracfg.document.json_document import read_document

    plain = _without_comments(present)
    document, faults = read_document(plain.encode(), "")
    if document is None:
        raise UnmergeableError(f"is not JSON: {faults[-1].message}")
    if not isinstance(document.value, dict):
        raise UnmergeableError("is not a JSON object")
    pointer, value = "", document.value
    remaining = list(keys)
    while remaining and isinstance(value, dict) and remaining[0] in value:
        pointer, value = f"{pointer}/{remaining[0]}", value[remaining.pop(0)]
    if not isinstance(value, dict if remaining else list):
        kind = "an object" if remaining else "a list"
        raise UnmergeableError(f"has a `{pointer[1:]}` that is not {kind}")
    if not remaining and entry in value:
        return present
    if plain != present:
        raise UnmergeableError("has comments or trailing commas, which would be lost")
    if not remaining:
        others = [one for one in value if not _is_ours(one)]
        return apply_edits(document, [SetValue(pointer, [*others, entry])])
    addition = _nested(remaining[1:], entry)
    return apply_edits(document, [SetValue(f"{pointer}/{remaining[0]}", addition)])


def _is_ours(entry: Any) -> bool:
    """Whether an entry maps the schema, from a copy or from its URL."""
    return (
        isinstance(entry, dict)
        and entry.get("fileMatch") == [FILES]
        and str(entry.get("url")).endswith(f"/{EDITOR}")
    )


_STRING: Final = r'("(?:[^"\\\n]|\\.)*")'
_COMMENT: Final = re.compile(_STRING + r"|//[^\n]*|/\*.*?\*/", re.DOTALL)
_TRAILING_COMMA: Final = re.compile(_STRING + r"|,(?=\s*[}\]])")


def _without_comments(text: str) -> str:
    """Remove what editors allow in their settings beyond JSON."""
    for pattern in (_COMMENT, _TRAILING_COMMA):
        text = pattern.sub(lambda match: match[1] or "", text)
    return text


_LUA: Final = """\
-- Needs Neovim 0.11 with nvim-lspconfig, and `jsonls` enabled.
%slocal config = vim.lsp.config.jsonls or {}
local schemas = vim.list_slice(vim.tbl_get(config, 'settings', 'json', 'schemas') or {})
table.insert(schemas, {
  fileMatch = { '%s' },
  url = %s,
})
vim.lsp.config('jsonls', {
  settings = { json = { schemas = schemas, validate = { enable = true } } },
})
"""


_LUA_FOLDER: Final = """\
local folder = vim.fs.root(vim.fn.getcwd(), '.nvim.lua') or vim.fn.getcwd()
"""


def _new_lua(schema: str) -> str:
    if "://" in schema:
        return _LUA % ("", FILES, f"'{schema}'")
    return _LUA % (_LUA_FOLDER, FILES, f"vim.uri_from_fname(folder .. '/{schema}')")


def _merged_lua(present: str, schema: str) -> str:
    if _new_lua(schema).strip() in present:
        return present
    raise UnmergeableError("already has Lua code")


_XML_FILE: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  <component name="JsonSchemaMappingsProjectConfiguration">
    <state>
      <map>
      </map>
    </state>
  </component>
</project>
"""
_XML_ENTRY: Final = """\
        <entry key="loracfg">
          <value>
            <SchemaInfo>
              <option name="name" value="loracfg" />
              <option name="relativePathToSchema" value="%s" />
              <option name="schemaVersion" value="JSON Schema version 7" />
              <option name="patterns">
                <list>
                  <Item>
                    <option name="pattern" value="true" />
                    <option name="path" value="adapter_config.json" />
                    <option name="mappingKind" value="Pattern" />
                  </Item>
                </list>
              </option>
            </SchemaInfo>
          </value>
        </entry>
"""
_XML_OURS: Final = re.compile(r'[ \t]*<entry key="loracfg">.*?</entry>\r?\n?', re.DOTALL)
_XML_END: Final = re.compile(r"(?m)^[ \t]*</map>")


def _new_xml(schema: str) -> str:
    return _merged_xml(_XML_FILE, schema)


def _merged_xml(present: str, schema: str) -> str:
    """Add an entry to the map, in a file that an IDE wrote or one with the same layout."""
    ours = _XML_OURS.search(present)
    if ours and f'value="{schema}"' in ours[0]:
        return present
    text = _XML_OURS.sub("", present)
    ends = list(_XML_END.finditer(text))
    if len(ends) != 1 or "JsonSchemaMappingsProjectConfiguration" not in text:
        raise UnmergeableError("does not have the layout that the IDE writes")
    at = ends[0].start()
    return text[:at] + _XML_ENTRY % schema + text[at:]


_ZED_KEYS: Final = ("lsp", "json-language-server", "settings", "json", "schemas")

EDITORS: Final = {
    "vscode": _json_settings(".vscode/settings.json", ".vscode", "json.schemas"),
    "jetbrains": Editor(".idea/jsonSchemas.xml", ".idea", _new_xml, _merged_xml),
    "neovim": Editor(".nvim.lua", ".nvim", _new_lua, _merged_lua),
    "zed": _json_settings(".zed/settings.json", ".zed", *_ZED_KEYS),
}
