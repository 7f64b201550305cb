-- Drives a real Neovim, set up as docs/editors.md says, with the real server.
--
-- TENCENT_CAM_FOLDER=folder/of/tencent-cam nvim --headless -u NONE -i NONE -n -c "luafile editors/neovim/test.lua" -c "cquit 1"

local scratch = vim.fn.tempname()

local function write(file, text)
  vim.fn.writefile(vim.split(text, "\n"), file)
end

-- The set-up is the one that readers get.
local blocks, block = {}, nil
local in_section = false
for _, line in ipairs(vim.fn.readfile("docs/editors.md")) do
  if line:match("^## ") then in_section = line == "## Neovim" end
  if in_section and line == "```lua" then
    block = {}
  elseif block and line == "```" then
    table.insert(blocks, table.concat(block, "\n"))
    block = nil
  elseif block then
    table.insert(block, line)
  end
end
assert(#blocks == 2, "docs/editors.md has a set-up for new versions of Neovim and one for old ones")
local set_up = blocks[vim.fn.has("nvim-0.11") == 1 and 1 or 2]

local POLICY = [[
{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": ["trtc:GetUserList", "trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}]]

local FILES = {
  ["policy.json"] = POLICY,
  ["flat.json"] = POLICY:gsub("\n%s*", ""),
  ["begun.json"] = POLICY:gsub('"trtc:GetUserList", "trtc:RemoveUser"', '"trtc:RemoveU"'),
  ["main.tf"] = 'resource "tencentcloud_cam_policy" "rooms" {\n  document = <<EOT\n' .. POLICY .. "\nEOT\n}",
  ["readme.md"] = "# 策略\n\n```json\n" .. POLICY .. "\n```",
  ["tencent-cam.toml"] = "# The policies of this project.",
}

local projects = 0

--- Starts a Neovim in a project of its own. This one drives it as a user does.
local function start(init)
  projects = projects + 1
  local project = scratch .. "/" .. projects
  vim.fn.mkdir(project .. "/.git", "p")
  for name, text in pairs(FILES) do write(project .. "/" .. name, text) end
  write(project .. "/init.lua", init)
  local command = { vim.v.progpath, "--embed", "--headless", "-u", project .. "/init.lua", "-i", "NONE", "-n" }
  local path = os.getenv("TENCENT_CAM_FOLDER") .. ":" .. os.getenv("PATH")
  local homes = { PATH = path, XDG_STATE_HOME = scratch, XDG_CACHE_HOME = scratch, XDG_DATA_HOME = scratch }
  local channel = vim.fn.jobstart(command, { rpc = true, cwd = project, env = homes })
  assert(channel > 0, "Neovim does not start")
  local editor = {}

  function editor.lua(code, ...)
    return vim.rpcrequest(channel, "nvim_exec_lua", code, { ... })
  end

  function editor.keys(keys)
    vim.rpcrequest(channel, "nvim_input", keys)
  end

  --- Waits until some code returns something, and returns it.
  function editor.wait(what, code, ...)
    local result
    local arguments = { ... }
    local came = vim.wait(20000, function()
      result = editor.lua(code, unpack(arguments))
      return result ~= nil and result ~= vim.NIL
    end, 20)
    if not came then
      error(what .. " did not come; messages: " .. editor.lua("return vim.fn.execute('messages')"))
    end
    return result
  end

  function editor.open(name)
    editor.keys("<Esc>:edit " .. name .. "<CR>")
    editor.wait(name, "return vim.fn.expand('%:t') == ... or nil", name)
  end

  --- Waits until there are so many findings, and returns each as the text that it underlines and its message.
  function editor.findings(count)
    return editor.wait(count .. " findings", [[
      local found = vim.diagnostic.get(0)
      if #found ~= ... then return nil end
      return vim.tbl_map(function(one)
        local line = vim.api.nvim_buf_get_lines(0, one.lnum, one.lnum + 1, true)[1]
        return { line:sub(one.col + 1, one.end_col), one.message }
      end, found)
    ]], count)
  end

  function editor.text()
    return table.concat(editor.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, true)"), "\n")
  end

  --- Puts the cursor on the beginning of a text.
  function editor.go_to(text)
    assert(editor.lua("return vim.fn.search(...)", "\\V" .. text, "w") > 0, text)
  end

  --- Returns what hovering shows.
  function editor.hover()
    editor.lua("vim.lsp.buf.hover()")
    local shown = editor.wait("what hovering shows", [[
      for _, window in ipairs(vim.api.nvim_list_wins()) do
        if vim.api.nvim_win_get_config(window).relative ~= "" then
          local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
          vim.api.nvim_win_close(window, true)
          return table.concat(lines, "\n")
        end
      end
    ]])
    return shown
  end

  --- Chooses the code action with a title at the cursor.
  function editor.choose(title)
    editor.lua([[
      local wanted = ...
      vim.ui.select = function(items, options, choose)
        titles = {}
        for _, item in ipairs(items) do
          local title = options.format_item(item)
          table.insert(titles, title)
          if title:find(wanted, 1, true) then return choose(item) end
        end
      end
      vim.lsp.buf.code_action()
    ]], title)
  end

  function editor.quit()
    editor.keys("<Esc>:qall!<CR>")
    assert(vim.fn.jobwait({ channel }, 20000)[1] == 0, "Neovim ends")
  end

  return editor
end

local function has(text, part)
  if not text:find(part, 1, true) then error(("there is no %q in:\n%s"):format(part, text)) end
end

local tests = {}

function tests.findings_stand_where_the_mistake_is()
  local editor = start(set_up)
  for _, name in ipairs({ "policy.json", "main.tf", "readme.md" }) do
    editor.open(name)
    local found = editor.findings(1)[1]
    assert(found[1]:find("trtc:GetUserList", 1, true), name .. ": " .. found[1])
  end
  -- They go when the text is mended by hand.
  editor.open("policy.json")
  editor.go_to('"trtc:GetUserList", ')
  editor.keys("20x")
  editor.findings(0)
  editor.quit()
end

function tests.an_action_is_completed()
  local editor = start(set_up)
  editor.open("begun.json")
  editor.findings(1)
  editor.go_to("trtc:RemoveU")
  editor.keys('f"i<C-x><C-o>')
  editor.wait("the menu", "return vim.fn.pumvisible() == 1 or nil")
  local words = editor.lua("return vim.tbl_map(function(item) return item.abbr end, vim.fn.complete_info().items)")
  assert(vim.tbl_contains(words, "trtc:RemoveUser"), vim.inspect(words))
  editor.quit()
end

function tests.hovering_tells_the_facts()
  local editor = start(set_up)
  editor.open("policy.json")
  editor.findings(1)
  editor.go_to("trtc:RemoveUser")
  has(editor.hover(), "Granularity: resource level")
  editor.quit()
end

function tests.facts_are_in_chinese_if_the_user_wants_that()
  local chinese = set_up:gsub("cmd = ", 'before_init = function(params) params.locale = "zh-CN" end,\n%0', 1)
  local editor = start(chinese)
  editor.open("policy.json")
  editor.findings(1)
  editor.go_to("trtc:RemoveUser")
  has(editor.hover(), "资源级")
  editor.quit()
end

function tests.a_fix_is_made()
  local editor = start(set_up)
  editor.open("policy.json")
  editor.findings(1)
  editor.go_to("trtc:GetUserList")
  editor.choose("Put it into a statement")
  editor.wait("the fix", "return vim.api.nvim_buf_line_count(0) > 10 or nil")
  editor.findings(0)
  editor.quit()
end

function tests.a_finding_is_suppressed_in_the_configuration()
  local editor = start(set_up)
  editor.open("policy.json")
  editor.findings(1)
  editor.go_to("trtc:GetUserList")
  editor.choose("in tencent-cam.toml")
  editor.wait("the configuration", "return vim.fn.bufexists('tencent-cam.toml') == 1 or nil")
  editor.keys("<Esc>:wall<CR>")
  editor.findings(0)
  editor.open("tencent-cam.toml")
  has(editor.text(), 'rule = "CAM102"')
  editor.keys("ggOpersona = 'regulr'<Esc>")
  has(editor.findings(1)[1][2], "regulr")
  editor.quit()
end

function tests.a_file_gets_its_layout()
  local editor = start(set_up)
  editor.open("flat.json")
  editor.findings(1)
  editor.lua("if vim.lsp.buf.format then vim.lsp.buf.format() else vim.lsp.buf.formatting_sync() end")
  local lines = vim.split(editor.text(), "\n")
  assert(lines[2] == '  "version": "2.0",' and lines[7] == '        "trtc:GetUserList",', editor.text())
  editor.quit()
end

local names = vim.tbl_keys(tests)
table.sort(names)
local failed = 0
for _, name in ipairs(names) do
  local passed, why = xpcall(tests[name], debug.traceback)
  io.stdout:write(passed and "ok   " or "FAIL ", name, passed and "" or "\n" .. why, "\n")
  failed = failed + (passed and 0 or 1)
end
vim.fn.delete(scratch, "rf")
vim.cmd(failed == 0 and "qall!" or "cquit 1")
