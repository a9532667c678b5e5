"""The code that Neovim runs when a folder is opened."""

from __future__ import annotations

from typing import Final

from loracfg.config.schema.schema_files import EDITOR, URL

LUA_FILE: Final = ".nvim.lua"
LUA_FOLDER: Final = ".nvim"

_FOLDER: Final = """\
local folder = vim.fs.root(vim.fn.getcwd(), '.nvim.lua') or vim.fn.getcwd()
"""

_SCHEMA: Final = """\
-- Needs Neovim 0.11 with nvim-lspconfig, and `jsonls` enabled.
%slocal config = vim.lsp.config.jsonls or {}
local schemas = vim.list_slice(vim.tbl_get(config, 'settings', 'json', 'schemas') or {})
table.insert(schemas, {
  fileMatch = { '**/adapter_config.json' },
  url = %s,
})
vim.lsp.config('jsonls', {
  settings = { json = { schemas = schemas, validate = { enable = true } } },
})
"""


def schema_lua(schema: str) -> str:
    """Return the code that maps a copy of the schema or its URL."""
    if "://" in schema:
        return _SCHEMA % ("", f"'{schema}'")
    return _SCHEMA % (_FOLDER, f"vim.uri_from_fname(folder .. '/{schema}')")


SERVER_LUA: Final = (
    """\
-- Needs Neovim 0.10 or newer, and loracfg with its extra `lsp`, in `.venv` or on PATH.
"""
    + _FOLDER
    + """\
local group = vim.api.nvim_create_augroup('loracfg', {})

local function program()
  for _, path in ipairs({ '/.venv/bin/loracfg', '/.venv/Scripts/loracfg.exe' }) do
    if vim.fn.executable(folder .. path) == 1 then
      return folder .. path
    end
  end
  return 'loracfg'
end

-- Which JSON, YAML and shell files are configs of training tools, the server finds out.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = { 'json', 'yaml', 'sh', 'toml' },
  callback = function(event)
    if event.match ~= 'toml' or vim.fs.basename(event.file) == 'loracfg.toml' then
      vim.lsp.start(
        { name = 'loracfg', cmd = { program(), 'lsp' }, root_dir = folder },
        { bufnr = event.buf }
      )
    end
  end,
})

-- A JSON language server reports syntax errors too. Show them once.
vim.api.nvim_create_autocmd('DiagnosticChanged', {
  group = group,
  pattern = '*/adapter_config.json',
  callback = function(event)
    for id, namespace in pairs(vim.diagnostic.get_namespaces()) do
      local filter = { bufnr = event.buf, ns_id = id }
      if namespace.name:find('^vim%.lsp%.[%w_-]*json') and vim.diagnostic.is_enabled(filter) then
        vim.diagnostic.enable(false, filter)
      end
    end
  end,
})
"""
)

LUA_TEXTS: Final = (schema_lua(f"{LUA_FOLDER}/{EDITOR}"), schema_lua(URL + EDITOR), SERVER_LUA)
"""All that the file can be."""
