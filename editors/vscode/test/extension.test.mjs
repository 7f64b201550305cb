// Runs the bundled extension with the real server. What it needs of the editor is imitated: every name of the module `vscode`
// exists and does nothing, but for what a test looks at.
//
// npm run build && TENCENT_CAM=path/to/tencent-cam npm test

import assert from "node:assert/strict";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const bundle = fileURLToPath(new URL("../dist/extension.js", import.meta.url));

/** Makes something that can be called, constructed and asked for any property. */
function nothing() {
  return new Proxy(function () {}, {
    get(target, key) {
      // It must not look like a promise or a number.
      if (key === "prototype") return target.prototype;
      if (key === "then" || typeof key === "symbol") return undefined;
      if (!(key in target)) target[key] = nothing();
      return target[key];
    },
    apply: () => nothing(),
    construct: () => nothing(),
  });
}

/** Makes the editor with one open document, and what the extension does to it. */
function editor(path, document) {
  const seen = { commands: new Map(), errors: [], diagnostics: [] };
  const vscode = nothing();
  Object.assign(vscode, { version: "1.100.0" });
  Object.assign(vscode.env, { appName: "Imitation", language: "en" });
  vscode.commands.registerCommand = (name, run) => {
    seen.commands.set(name, run);
    return { dispose() {} };
  };
  vscode.window.showErrorMessage = async (message) => {
    seen.errors.push(message);
  };
  vscode.window.visibleTextEditors = [];
  vscode.window.activeTextEditor = undefined;
  vscode.window.tabGroups.all = [];
  vscode.workspace.getConfiguration = () => ({ get: (name, normal) => (name === "path" ? path : normal) });
  vscode.workspace.workspaceFolders = undefined;
  vscode.workspace.textDocuments = [document];
  vscode.workspace.notebookDocuments = [];
  vscode.languages.match = (selector) =>
    [selector].flat().some((one) => one.language === document.languageId && one.scheme === "file") ? 10 : 0;
  vscode.languages.createDiagnosticCollection = () => ({
    set: (uri, diagnostics) => seen.diagnostics.push([uri.toString(), diagnostics]),
    has: () => false,
    delete() {},
    clear() {},
    dispose() {},
  });
  vscode.CancellationTokenSource = class {
    token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
    cancel() {}
    dispose() {}
  };
  vscode.Uri.parse = (text) => ({ toString: () => text, scheme: "file" });
  return { vscode, seen };
}

/** Loads the extension into an editor. */
function load(vscode) {
  const usual = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : usual(name, ...rest));
  try {
    delete require.cache[bundle];
    return require(bundle);
  } finally {
    Module._load = usual;
  }
}

const document = {
  uri: { toString: () => pathToFileURL(join(tmpdir(), "policy.json")).href, scheme: "file" },
  languageId: "json",
  version: 1,
  isClosed: false,
  getText: () =>
    `{"version":"2.0","statement":[{"effect":"allow","action":["trtc:DescribeDetailEvent"],"resource":["qcs::trtc::uin/100000000001:sdkappid/1400000001"]}]}`,
};

test("the extension shows what the server finds, and restarts it", { timeout: 60_000 }, async () => {
  const { vscode, seen } = editor(process.env.TENCENT_CAM ?? "tencent-cam", document);
  const extension = load(vscode);
  await extension.activate({ subscriptions: [] });
  assert.deepEqual(seen.errors, []);
  const shown = async (count) => {
    while (seen.diagnostics.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    return seen.diagnostics[count - 1];
  };
  const [uri, diagnostics] = await shown(1);
  assert.equal(uri, document.uri.toString());
  assert.equal(diagnostics.length, 1);
  await seen.commands.get("tencent-cam.restart")();
  await shown(2);
  assert.deepEqual(seen.errors, []);
  await extension.deactivate();
});

test("starts that follow each other quickly leave no server behind", { timeout: 60_000 }, async () => {
  const { vscode, seen } = editor(process.env.TENCENT_CAM ?? "tencent-cam", document);
  const extension = load(vscode);
  await extension.activate({ subscriptions: [] });
  const restart = seen.commands.get("tencent-cam.restart");
  await Promise.all([restart(), restart(), restart()]);
  await extension.deactivate();
  const servers = () => process.getActiveResourcesInfo().filter((name) => name === "ProcessWrap").length;
  for (let tries = 0; servers() > 0 && tries < 250; tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(servers(), 0);
});

test("a program that does not start is told with what to do", { timeout: 60_000 }, async () => {
  const { vscode, seen } = editor(join(tmpdir(), "no-such-program"), document);
  const extension = load(vscode);
  await extension.activate({ subscriptions: [] });
  assert.match(seen.errors.at(-1), /no-such-program.*cargo install/s);
  assert.deepEqual([...seen.commands.keys()].sort(), ["tencent-cam.restart", "tencent-cam.showOutput"]);
  await extension.deactivate();
});
