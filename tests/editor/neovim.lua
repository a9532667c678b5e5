-- Does the steps of $STEPS in the file that is open, and writes what each shows to $RESULTS.

local PATIENCE = 90000 -- milliseconds
local buffer = vim.api.nvim_get_current_buf()
local published = {} -- the version that the last diagnostics of each server are for

local publish = vim.lsp.handlers['textDocument/publishDiagnostics']
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(error, result, context, config)
  publish(error, result, context, config)
  if vim.uri_to_bufnr(result.uri) == buffer then
    published[context.client_id] = result.version or math.huge
  end
end

local function wait(what, condition)
  assert(vim.wait(PATIENCE, condition, 10), 'waited too long for ' .. what)
end

local function client()
  local found
  wait('the server', function()
    found = vim.lsp.get_clients({ bufnr = buffer, name = 'loracfg' })[1]
    return found and found.initialized
  end)
  return found
end

local function settle()
  client()
  for _, one in ipairs(vim.lsp.get_clients({ bufnr = buffer })) do
    wait('the diagnostics of ' .. one.name, function()
      return (published[one.id] or -1) >= vim.lsp.util.buf_versions[buffer]
    end)
  end
end

local function ask(method, params)
  settle()
  params.textDocument = { uri = vim.uri_from_bufnr(buffer) }
  local answer = client().request_sync(method, params, PATIENCE, buffer)
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

local steps = {}

function steps.diagnostics()
  settle()
  local shown = vim.tbl_filter(function(one)
    return vim.diagnostic.is_enabled({ bufnr = buffer, ns_id = one.namespace })
  end, vim.diagnostic.get(buffer))
  return vim.tbl_map(function(one)
    return {
      code = one.code,
      severity = one.severity,
      message = one.message,
      line = one.lnum + 1,
      column = one.col + 1,
      source = one.source,
    }
  end, shown)
end

function steps.complete(step)
  local found = ask('textDocument/completion', { position = step.position })
  return vim.tbl_map(function(item)
    return item.label
  end, found and (found.items or found) or {})
end

function steps.act(step)
  local last = vim.api.nvim_buf_line_count(buffer)
  local range = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } }
  local context = { diagnostics = {}, only = { step.kind } }
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(context.diagnostics, vim.tbl_get(one, 'user_data', 'lsp'))
  end
  local titles = vim.tbl_map(function(action)
    return action.title
  end, ask('textDocument/codeAction', { range = range, context = context }) or {})
  vim.lsp.buf.code_action({
    context = { only = { step.kind }, diagnostics = context.diagnostics },
    range = { start = { 1, 0 }, ['end'] = { last, 0 } },
    filter = function(action)
      return action.title == titles[1]
    end,
    apply = true,
  })
  local before = vim.b[buffer].changedtick
  if #titles > 0 then
    wait('the edit', function()
      return vim.b[buffer].changedtick ~= before
    end)
  end
  return titles
end

function steps.text()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n') .. '\n'
end

function steps.replace(step)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(step.text, '\n'))
end

-- Opens files one after another, and returns what the server published for each.
function steps.tour(step)
  local found = {}
  for _, path in ipairs(step.paths) do
    published = {}
    vim.cmd.edit(vim.fn.fnameescape(path))
    buffer = vim.api.nvim_get_current_buf()
    settle()
    table.insert(found, vim.tbl_map(function(one)
      return one.user_data.lsp
    end, vim.diagnostic.get(buffer)))
    vim.cmd.bwipeout({ bang = true })
  end
  return found
end

function steps.clients(params)
  client()
  wait('all servers', function()
    return #vim.lsp.get_clients({ bufnr = buffer }) >= (params.least or 1)
  end)
  return vim.tbl_map(function(one)
    return one.name
  end, vim.lsp.get_clients({ bufnr = buffer }))
end

local results = {}
local ok, problem = pcall(function()
  for _, step in ipairs(vim.json.decode(vim.env.STEPS)) do
    table.insert(results, steps[step[1]](step[2] or {}) or vim.NIL)
  end
end)
local file = assert(io.open(vim.env.RESULTS, 'w'))
file:write(vim.json.encode(ok and { results = results } or { problem = problem }))
file:close()
vim.cmd('qa!')
