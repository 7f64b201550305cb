// VS Code itself, in a browser: code-server with the packaged extension and the real server. `.ci/vscode` runs it.
//
// CODE_SERVER=path/to/entry.js TENCENT_CAM=path/to/tencent-cam npm run test:real

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const POLICY = `{
  "version": "2.0",
  "statement": [
    {
      "effect": "deny",
      "action": ["trtc:GetUserList", "trtc:RemoveUser"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}
`;

const extension = fileURLToPath(new URL("../dist/tencent-cam.vsix", import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), "tencent-cam-vscode-"));
const project = join(scratch, "project");
const homes = { XDG_CONFIG_HOME: scratch, XDG_DATA_HOME: scratch, XDG_CACHE_HOME: scratch };
let server, browser, address;

function codeServer(...options) {
  const folders = ["--user-data-dir", join(scratch, "data"), "--extensions-dir", join(scratch, "extensions")];
  const env = { ...process.env, ...homes };
  return spawn(process.execPath, [process.env.CODE_SERVER, ...folders, ...options], { env, stdio: ["ignore", "pipe", "inherit"] });
}

before(async () => {
  await mkdir(join(project, ".git"), { recursive: true });
  await mkdir(join(scratch, "data/User"), { recursive: true });
  const settings = {
    "tencent-cam.path": process.env.TENCENT_CAM,
    "security.workspace.trust.enabled": false,
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Light Modern",
    "editor.minimap.enabled": false,
    "telemetry.telemetryLevel": "off",
  };
  await writeFile(join(scratch, "data/User/settings.json"), JSON.stringify(settings));
  await writeFile(join(project, "policy.json"), POLICY);
  const installing = codeServer("--install-extension", extension);
  assert.deepEqual(await once(installing, "exit"), [0, null]);

  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const port = free.address().port;
  await new Promise((closed) => free.close(closed));
  address = `http://127.0.0.1:${port}`;
  server = codeServer("--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", project);
  server.stdout.resume();
  for (let tries = 0; ; tries += 1) {
    if (await fetch(`${address}/healthz`).then((answer) => answer.ok, () => false)) break;
    assert.ok(tries < 300, "code-server does not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  if (server) {
    server.kill();
    await once(server, "exit");
  }
  await rm(scratch, { recursive: true, force: true });
});

/** Opens a file of the project. */
async function open(name) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 640 } });
  await page.goto(`${address}/?folder=${project}`);
  await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
  await page.getByRole("treeitem", { name }).dblclick();
  await page.keyboard.press("Control+Shift+KeyM");
  await page.locator(".markers-panel").getByText(/CAM\d+/).first().waitFor({ timeout: 60_000 });
  return page;
}

/** A line of the editor. The editor writes spaces that do not break. */
function line(page, text) {
  return page.locator(".view-line").filter({ hasText: text });
}

/** Puts the cursor in front of a text of the line of actions. */
async function goTo(page, text) {
  await line(page, "GetUserList").click();
  const place = `6:${POLICY.split("\n")[5].indexOf(text) + 1}`;
  await page.keyboard.press("Control+KeyG");
  await page.locator(".quick-input-widget input[type=text]").fill(`:${place}`);
  await page.keyboard.press("Enter");
  await page.locator(".statusbar").getByText(`Ln ${place.replace(":", ", Col ")}`).waitFor();
}

test("VS Code lists a mistake, and mends it", { timeout: 180_000 }, async () => {
  const page = await open("policy.json");
  await page.locator(".markers-panel").getByText("CAM102").first().waitFor();
  await page.locator(".squiggly-error").first().waitFor({ state: "attached" });
  await goTo(page, "GetUserList");
  const suppress = page.locator(".action-widget").getByText(/Suppress\sCAM102\sin\stencent-cam\.toml/);
  // The menu closes again if it opens before VS Code is done with the new position.
  for (let tries = 0; tries < 10 && !(await suppress.isVisible()); tries += 1) {
    await page.keyboard.press("Control+Period");
    await suppress.waitFor({ timeout: 3000 }).catch(() => undefined);
  }
  await suppress.waitFor();
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
  // It is the first one, because it is the preferred fix.
  await page.keyboard.press("Enter");
  await page.locator(".markers-panel").getByText("No problems have been detected").waitFor();
  await page.keyboard.press("Control+KeyS");
  const mended = JSON.parse(await saved((text) => text !== POLICY));
  assert.deepEqual(mended.statement.map((one) => one.resource), [["qcs::trtc::uin/100000000001:sdkappid/1400000001"], ["*"]]);
  await page.close();
  await writeFile(join(project, "policy.json"), POLICY);
});

test("VS Code completes an action, and tells its facts", { timeout: 180_000 }, async () => {
  const page = await open("policy.json");
  await line(page, "GetUserList").getByText("trtc:RemoveUser").hover();
  await page.locator(".monaco-hover").getByText("resource level").waitFor();
  await goTo(page, ', "trtc:RemoveUser');
  await page.keyboard.type(', "trtc:Dismiss');
  await page.locator(".suggest-widget").getByText("trtc:DismissRoom").first().waitFor();
  await page.close();
});

test("VS Code shows a suppression that is of no use in the configuration", { timeout: 180_000 }, async () => {
  const entry = `[[ignore]]\nfile = "policy.json"\nrule = "CAM101"\nreason = "no such finding"\n`;
  await writeFile(join(project, "tencent-cam.toml"), entry);
  const page = await open("tencent-cam.toml");
  await page.locator(".markers-panel").getByText("needs this suppression").first().waitFor();
  await page.close();
  await rm(join(project, "tencent-cam.toml"));
});

/** Waits until the file on the disk is as it should be, and returns its text. */
async function saved(isDone) {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = await readFile(join(project, "policy.json"), "utf8");
    if (isDone(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail("the file is not saved");
}
