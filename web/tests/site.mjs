// What the tests share: the built site, a server for it, and the module of it in this process.

import { createReadStream } from "node:fs";
import { readFile, readdir, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const site = join(root, "target/site");

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the site on a free port, and records each request. */
export async function serve() {
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = join(site, path.endsWith("/") ? `${path}index.html` : path);
    requests.push(path);
    const found = file.startsWith(site) && (await stat(file).catch(() => null))?.isFile();
    response.writeHead(found ? 200 : 404, { "content-type": TYPES[extname(file)] ?? "text/plain" });
    if (found) createReadStream(file).pipe(response);
    else response.end();
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `http://127.0.0.1:${server.address().port}`, requests, close: () => server.close() };
}

/** Loads the module of the site, and returns its function. */
export async function load() {
  const module = await import(join(site, "cam.js"));
  module.initSync({ module: await readFile(join(site, "cam_bg.wasm")) });
  return (question) => JSON.parse(module.answer(typeof question === "string" ? question : JSON.stringify(question)));
}

/** All files below a folder, sorted. */
export async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The policies of the linter's corpus: `{ kind, text }`. */
export async function corpus() {
  const folder = join(root, "crates/cam-lint/tests/corpus");
  const all = [];
  for (const file of await files(folder)) {
    for (const part of (await readFile(file, "utf8")).split("\n===").slice(1)) {
      const [head, ...lines] = part.split("\n");
      const words = head.slice(0, head.indexOf(":")).split(/\s+/);
      const kinds = ["identity", "trust", "session", "bucket", "boundary", "scp"];
      all.push({ kind: words.find((word) => kinds.includes(word)), text: lines.join("\n").replace(/\n+$/, "") });
    }
  }
  return all;
}
