// Starts the real server as the extension does, and talks to it as the extension's client does.
//
// TENCENT_CAM=path/to/tencent-cam npm test

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import protocol from "vscode-languageserver-protocol/node";

const folder = fileURLToPath(new URL("..", import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), "tencent-cam-"));
after(() => rm(scratch, { recursive: true }));

// The part of the extension that does not need the editor.
const bundle = join(scratch, "server.mjs");
await build({ entryPoints: [join(folder, "src/server.ts")], outfile: bundle, format: "esm", bundle: true });
const { CONFIGURATION, command, LANGUAGES, whyNotStarted } = await import(pathToFileURL(bundle).href);

const program = process.env.TENCENT_CAM ?? "tencent-cam";
const policy = `{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["trtc:DescribeDetailEvent", "trtc:Rem"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    }
  ]
}
`;

/** Starts the server, and ends it after the work. */
async function withServer(work) {
  const started = command({ path: program, catalogs: [] });
  const child = spawn(started.command, started.args, { cwd: scratch, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const connection = protocol.createMessageConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  try {
    connection.listen();
    const { capabilities } = await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: pathToFileURL(scratch).href,
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
      workspaceFolders: null,
    });
    await connection.sendNotification("initialized", {});
    await work(connection, capabilities);
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    assert.equal(await ended, 0);
  } finally {
    connection.dispose();
    child.kill();
  }
}

/** Opens a text, and returns its address and what is wrong with it. */
async function open(connection, name, languageId, text) {
  const uri = pathToFileURL(join(scratch, name)).href;
  const published = new Promise((resolve) => {
    const listening = connection.onNotification("textDocument/publishDiagnostics", (params) => {
      if (params.uri !== uri) return;
      listening.dispose();
      resolve(params.diagnostics);
    });
  });
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId, version: 1, text },
  });
  return { uri, diagnostics: await published };
}

test("the server finds a mistake and completes an action", { timeout: 60_000 }, async () => {
  await withServer(async (connection, capabilities) => {
    assert.ok(capabilities.completionProvider && capabilities.hoverProvider && capabilities.codeActionProvider);
    const { uri, diagnostics } = await open(connection, "policy.json", "json", policy);
    const mistake = diagnostics.find((one) => one.code === "CAM101");
    assert.equal(mistake?.range.start.line, 5, JSON.stringify(diagnostics));
    const line = policy.split("\n")[5];
    const position = { line: 5, character: line.indexOf("trtc:Rem") + "trtc:Rem".length };
    const found = await connection.sendRequest("textDocument/completion", { textDocument: { uri }, position });
    const labels = (Array.isArray(found) ? found : found.items).map((item) => item.label);
    assert.ok(labels.includes("trtc:RemoveUser"), JSON.stringify(labels.slice(0, 20)));
  });
});

test("each language of the extension is one that the server reads", { timeout: 60_000 }, async () => {
  const document = policy.trimEnd();
  const texts = {
    json: ["a.json", policy],
    jsonc: ["a.jsonc", `// why\n${policy}`],
    terraform: ["a.tf", `resource "tencentcloud_cam_policy" "a" {\n  name     = "a"\n  document = <<EOT\n${document}\nEOT\n}\n`],
    markdown: ["a.md", `# A policy\n\n\`\`\`json\n${policy}\`\`\`\n`],
  };
  texts.hcl = ["b.hcl", texts.terraform[1]];
  assert.deepEqual(Object.keys(texts).sort(), [...LANGUAGES].sort());
  await withServer(async (connection) => {
    for (const [language, [name, text]] of Object.entries(texts)) {
      const { diagnostics } = await open(connection, name, language, text);
      assert.ok(diagnostics.some((one) => one.code === "CAM101"), `${language}: ${JSON.stringify(diagnostics)}`);
    }
  });
});

test("catalogs are arguments, and a program that is missing is told with what to do", () => {
  assert.deepEqual(command({ path: " ", catalogs: ["a b.toml"] }), {
    command: "tencent-cam",
    args: ["lsp", "--catalog=a b.toml"],
  });
  const told = whyNotStarted("/x", new Error("spawn /x ENOENT"));
  assert.match(told, /ENOENT/);
  assert.match(told, /cargo install/);
  assert.match(told, /tencent-cam\.path/);
});

test("the package declares what the extension registers", async () => {
  const { contributes, activationEvents } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const source = await readFile(join(folder, "src/extension.ts"), "utf8");
  const registered = [...source.matchAll(/registerCommand\("([^"]+)"/g)].map(([, name]) => name).sort();
  assert.deepEqual(contributes.commands.map((one) => one.command).sort(), registered);
  const languages = LANGUAGES.map((language) => `onLanguage:${language}`);
  assert.deepEqual(activationEvents.sort(), [...languages, `workspaceContains:**/${CONFIGURATION}`].sort());
  const settings = Object.keys(contributes.configuration.properties).filter((name) => !name.includes("trace"));
  for (const name of settings) {
    assert.ok(source.includes(`"${name.replace("tencent-cam.", "")}"`), name);
  }
});
