"""The set-ups that map the schema to adapter configs.

Sources: VS Code's extension json-language-features, which resolves a `url` that begins with `.`
against the open folder; Zed's documentation of its JSON language server, and its pull request
44794, since which it does the same; nvim-lspconfig's `jsonls`; the class
UserDefinedJsonSchemaConfiguration of the IntelliJ platform, which writes `jsonSchemas.xml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from loracfg.config.schema.schema_files import EDITOR, URL
from loracfg.editors.json_settings import json_settings, with_entry
from loracfg.editors.neovim_lua import LUA_FILE, LUA_FOLDER, LUA_TEXTS, schema_lua
from loracfg.editors.setup import EditorFile, EditorSetup, UnmergeableError
from loracfg.editors.text_settings import text_settings

if TYPE_CHECKING:
    from loracfg.document.json_value import Json

FILES: Final = "**/adapter_config.json"
VSCODE_KEYS: Final = ("json.schemas",)
ZED_KEYS: Final = ("lsp", "json-language-server", "settings", "json", "schemas")
IDE_MAPPINGS: Final = ".idea/jsonSchemas.xml"


def is_mapping(entry: Json) -> bool:
    """Whether an entry of settings maps the schema, from a copy or from its URL."""
    return (
        isinstance(entry, dict)
        and entry.get("fileMatch") == [FILES]
        and str(entry.get("url")).endswith(f"/{EDITOR}")
    )


def _mapped(folder: str, settings: Callable[[str], EditorFile]) -> Callable[[bool], EditorSetup]:
    """Return what makes the set-up of an editor with the copy in a folder, or with the URL."""

    def setup(by_url: bool) -> EditorSetup:
        copy = f"{folder}/{EDITOR}"
        return (
            EditorSetup(settings(URL + EDITOR))
            if by_url
            else EditorSetup(settings(copy), schema=copy)
        )

    return setup


def _in_json(file: str, *keys: str) -> Callable[[str], EditorFile]:
    """Return what describes settings in JSON, with the list of schemas at these keys."""

    def settings(schema: str) -> EditorFile:
        url = schema if "://" in schema else f"./{schema}"
        entry: Json = {"fileMatch": [FILES], "url": url}
        return json_settings(file, with_entry(keys, entry, is_mapping))

    return settings


def _in_lua(schema: str) -> EditorFile:
    text = schema_lua(schema)
    return text_settings(
        LUA_FILE, text, *(one for one in LUA_TEXTS if one != text), kind="Lua code"
    )


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
_XML_OURS: Final = re.compile(
    r'(?<![ \t])[ \t]*<entry key="loracfg">(?:(?!<entry ).)*?</entry>\r?\n?', re.DOTALL
)
_XML_END: Final = re.compile(r"(?m)^[ \t]*</map>")


def _in_xml(schema: str) -> EditorFile:
    def merged(present: str) -> str:
        return _merged_xml(present, schema)

    return EditorFile(IDE_MAPPINGS, merged(_XML_FILE), merged)


def _merged_xml(present: str, schema: str) -> str:
    """Add an entry to the map, in a file that an IDE wrote or one with the same layout."""
    ours = _XML_OURS.search(present)
    if ours and f'value="{schema}"' in ours[0]:
        return present
    text = without_xml_entry(present)
    ends = list(_XML_END.finditer(text))
    if len(ends) != 1 or "JsonSchemaMappingsProjectConfiguration" not in text:
        raise UnmergeableError("does not have the layout that the IDE writes")
    at = ends[0].start()
    return text[:at] + _XML_ENTRY % schema + text[at:]


def without_xml_entry(present: str) -> str:
    """Remove our entry from the mappings of an IDE."""
    return _XML_OURS.sub("", present)


SCHEMA_SETUPS: Final = {
    "vscode": _mapped(".vscode", _in_json(".vscode/settings.json", *VSCODE_KEYS)),
    "jetbrains": _mapped(".idea", _in_xml),
    "neovim": _mapped(LUA_FOLDER, _in_lua),
    "zed": _mapped(".zed", _in_json(".zed/settings.json", *ZED_KEYS)),
}
"""The editors that take a schema, and their set-up: with its URL, or else with a copy."""
