// Tests the module without a browser: its size and speed, the same findings as the command line, and hostile input.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { brotliCompressSync } from "node:zlib";

import { corpus, files, load, root, site } from "./site.mjs";

const TODAY = "2026-11-27";

test("the whole site takes at most 1.5 MB", async () => {
  const sizes = [];
  for (const file of await files(site)) {
    sizes.push([brotliCompressSync(await readFile(file)).length, file.slice(site.length + 1)]);
  }
  const total = sizes.reduce((sum, [size]) => sum + size, 0);
  sizes.sort(([one], [other]) => other - one);
  for (const [size, file] of sizes.slice(0, 8)) console.log(`${String(size).padStart(8)} ${file}`);
  console.log(`${String(total).padStart(8)} bytes of ${sizes.length} files, compressed by brotli`);
  assert.ok(total <= 1_500_000, `${total} bytes`);
});

test("the search answers each keystroke with the lines that are asked for", async () => {
  const answer = await load();
  // The time of this process, which other work on the machine does not lengthen.
  const now = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const begin = now();
  assert.ok(answer({ ask: "filters" }).actions > 15_000);
  const first = now() - begin;
  const times = [];
  for (const text of ["trtc:RemoveUser", "describe instances", "cvm runinst", "删除 房间", "删除房间", "cvm:Run*", "zzzzzzz", "a"]) {
    for (let end = 1; end <= text.length; end += 1) {
      const start = now();
      const { total, actions } = answer({ ask: "search", text: text.slice(0, end), limit: 50 });
      times.push(now() - start);
      assert.equal(actions.length, Math.min(total, 50));
    }
  }
  times.sort((one, other) => one - other);
  const shown = (time) => `${time.toFixed(1)} ms`;
  console.log(
    `${times.length} keystrokes: median ${shown(times[times.length >> 1])}, slowest ${shown(times.at(-1))} (30 ms are wanted); ` +
      `first answer ${shown(first)}`,
  );
});

test("a search finds by words and by facts", async () => {
  const answer = await load();
  const found = (question) => answer({ ask: "search", ...question }).actions.map((one) => one.action);
  assert.equal(found({ text: "removeuser" })[0], "trtc:RemoveUser");
  assert.equal(found({ text: "name/cvm:RunInstances" })[0], "cvm:RunInstances");
  assert.ok(found({ text: "trtc user", limit: 500 }).every((action) => /user/i.test(action) || action.startsWith("trtc:")));
  assert.ok(found({ service: "trtc", granularity: "operation" }).includes("trtc:GetUserList"));
  assert.ok(found({ text: "房间" }).includes("trtc:DismissRoom"));
  assert.deepEqual(found({ text: "no such words" }), []);
  const { total } = answer({ ask: "search" });
  const { actions } = answer({ ask: "filters" });
  assert.equal(total, actions);
  const words = answer({ ask: "filters" }).granularities.map((one) => one.word);
  const parts = words.map((granularity) => answer({ ask: "search", granularity }).total);
  assert.equal(parts.reduce((sum, part) => sum + part, 0), total, "each action has one granularity");
  const pages = [0, 50, 100].flatMap((skip) => found({ text: "describe", skip, limit: 50 }));
  assert.equal(new Set(pages).size, 150, "pages of an answer do not overlap");
});

test("the facts of every action can be read", async () => {
  const answer = await load();
  const { total } = answer({ ask: "search" });
  const { actions } = answer({ ask: "search", limit: total });
  assert.equal(actions.length, total);
  for (const { action, granularity } of actions) {
    const details = answer({ ask: "action", action });
    assert.equal(details.action, action);
    assert.equal(details.granularity, granularity);
    assert.equal(details.documented === null, granularity === "unknown");
  }
  assert.equal(answer({ ask: "action", action: "trtc:RemoveUser" }).documented.rust, "trtc::Action::RemoveUser");
});

const program = process.env.TENCENT_CAM ?? join(root, "target/debug/tencent-cam");

// What the command line prints; an exit code of 1 or 3 is an answer, too.
async function told(folder, ...options) {
  const { stdout } = await promisify(execFile)(program, options, { cwd: folder, maxBuffer: 1 << 28 }).catch((error) => error);
  return stdout;
}

test("an action has the same facts as on the command line", async () => {
  const answer = await load();
  const { granularities, levels } = answer({ ask: "filters" });
  const known = ["yes", "no", "unknown"];
  const filters = { granularity: granularities.map((one) => one.word), level: levels.map((one) => one.word), ip: known, credentials: known };
  let compared = 0;
  for (const [filter, words] of Object.entries(filters)) {
    for (const word of words) {
      const found = answer({ ask: "search", service: "ccc", [filter]: word, limit: 1000 }).actions;
      // Where a fact is asked for, the command line has no actions of which only the name is known.
      const own = found.filter((one) => one.granularity !== "unknown").map((one) => one.action).sort();
      if (filter === "granularity" && word === "unknown") continue;
      const names = await told("/", "query", "--service", "ccc", `--${filter}`, word, "--names");
      assert.deepEqual(own, names.split("\n").filter(Boolean).sort(), `${filter} ${word}`);
      compared += own.length;
    }
  }
  console.log(`${compared} actions have the same facts`);
  assert.ok(compared > 300);
});

const FILES = {
  "one.json": (action) => `{"version":"2.0","statement":[{"effect":"allow","action":["${action}"],"resource":["qcs::trtc::uin/100000000001:sdkappid/*"]}]}`,
  "two.tf": (action) =>
    ["a", "b"]
      .map((name) => `resource "tencentcloud_cam_policy" "${name}" {\n  document = jsonencode({ version = "2.0", statement = [{ effect = "allow", action = ["${action}", "cos:${name}*"], resource = ["*"] }] })\n}\n`)
      .join(""),
  "page.md": (action) => `# Rooms\n\n\`\`\`json\n${FILES["one.json"](action)}\n\`\`\`\n`,
  "broken.json": () => '{"version": "2.0", "statement": [{"effect": "maybe"}, 7]}',
  "owners.json": (action) => `[${FILES["one.json"](action)}, ${FILES["one.json"](action).replace("uin/100000000001", "uin/100000000002")}]`,
  "none.md": () => "# Nothing\n",
};

test("a request is decided and explained as on the command line", async () => {
  const answer = await load();
  const folder = await mkdtemp(join(tmpdir(), "tencent-cam-"));
  try {
    let compared = 0;
    for (const [name, file] of Object.entries(FILES)) {
      for (const granted of ["trtc:RemoveUser", "trtc:Get*", "cos:GetObject", "clb:DeleteLoadBalancer"]) {
        const text = file(granted);
        await writeFile(join(folder, name), text);
        for (const action of ["trtc:RemoveUser", "trtc:GetUserList", "clb:DeleteLoadBalancer", "cos:GetObject"]) {
          for (const resource of ["*", "qcs::trtc::uin/100000000001:sdkappid/1400000001", "qcs::cos::uid/1250000000:a-1250000000/b"]) {
            const own = answer({ ask: "explain", text, action, resource });
            const printed = await told(folder, "check", name, "--action", action, "--resource", resource, "--format", "json");
            const asked = `${name} of ${granted}: ${action} on ${resource}`;
            if (printed === "") {
              assert.ok("error" in own, `${asked}: ${JSON.stringify(own)}`);
              continue;
            }
            const other = JSON.parse(printed);
            // A page has one text and no files: it calls the only policy of the text "the policy".
            const named = (words) => words.replaceAll(` in ${name}`, "").replaceAll(name, "the policy").replaceAll("block at line 3", "the policy");
            assert.equal(own.text, named(other.text), asked);
            assert.deepEqual(own.notes, other.notes, asked);
            assert.equal(own.allowed, other.decision === "allowed", asked);
            compared += 1;
          }
        }
      }
    }
    console.log(`${compared} decisions are the same`);
    assert.ok(compared > 50);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("policies are compared as on the command line, also what only their denies take", async () => {
  const answer = await load();
  const statement = (effect, action, last) => ({ effect, action: [action], resource: [`qcs::trtc::uin/100000000001:sdkappid/${last}`] });
  const texts = [
    [statement("allow", "trtc:*", "*")],
    [statement("allow", "trtc:*", "*"), statement("deny", "trtc:RemoveUser", "1*")],
    [statement("allow", "trtc:*", "12"), statement("deny", "trtc:RemoveUser", "1*")],
    [statement("allow", "trtc:*", "12"), statement("deny", "trtc:RemoveUser", "12")],
    [statement("deny", "trtc:*", "*")],
    [statement("deny", "trtc:RemoveUser", "1")],
  ].map((all) => JSON.stringify({ version: "2.0", statement: all }));
  const folder = await mkdtemp(join(tmpdir(), "tencent-cam-"));
  try {
    await Promise.all(texts.map((text, at) => writeFile(join(folder, `${at}.json`), text)));
    let [compared, byAnother] = [0, 0];
    for (const [from, before] of texts.entries()) {
      for (const [to, after] of texts.entries()) {
        const own = answer({ ask: "compare", before, after });
        const other = JSON.parse(await told(folder, "compare", `${from}.json`, `${to}.json`, "--format", "json"));
        const named = (label) => label.replace(/\d\.json/, "the policy");
        for (const side of ["new", "lost"]) {
          const line = (one) => JSON.stringify([one.actions, one.if_another_policy_allows, one.conditions]);
          const denied = (one, label) => one.denied.map(label).join();
          const here = own[side].map((one) => line(one) + denied(one, (label) => label));
          const there = other[side].map((one) => line(one) + denied(one, (deny) => named(deny.statement)));
          assert.deepEqual(here.sort(), there.sort(), `${side}: ${before} ${after}`);
          compared += here.length;
          byAnother += own[side].filter((one) => one.if_another_policy_allows).length;
        }
      }
    }
    console.log(`${compared} changes are the same`);
    assert.ok(byAnother > 5 && compared > byAnother, `${compared} ${byAnother}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the findings are those of the command line", async () => {
  const answer = await load();
  const folder = await mkdtemp(join(tmpdir(), "tencent-cam-"));
  try {
    const all = await corpus();
    assert.ok(all.length > 300, `${all.length} policies`);
    const kinds = new Set(all.map((one) => one.kind ?? ""));
    let compared = 0;
    for (const kind of kinds) {
      const cases = all.filter((one) => (one.kind ?? "") === kind);
      const own = join(folder, kind || "any");
      await mkdir(own);
      await Promise.all(cases.map(({ text }, at) => writeFile(join(own, `${at}.json`), text)));
      const names = cases.map((_, at) => `${at}.json`);
      const options = ["lint", "--format", "json", "--persona", "auditor", "--exit-zero", ...(kind ? ["--kind", kind] : [])];
      const { stdout } = await promisify(execFile)(program, [...options, ...names], { cwd: own, maxBuffer: 1 << 28 });
      const { findings } = JSON.parse(stdout);
      const line = (one) => [one.rule, one.start, one.end, one.message, one.help, one.pointer, one.kind, one.fix];
      cases.forEach(({ text }, at) => {
        const question = { ask: "lint", name: names[at], text, persona: "auditor", today: TODAY };
        if (kind) question.kind = kind;
        const expected = findings.filter((one) => one.file === names[at]).map(line);
        assert.deepEqual(answer(question).findings.map(line), expected, text);
        compared += expected.length;
      });
    }
    console.log(`${compared} findings of ${all.length} policies are the same`);
    assert.ok(compared > 300);
  } finally {
    await rm(folder, { recursive: true });
  }
});

// Each question that takes a text.
const questions = (text) => [
  ...["policy", "a.json", "a.jsonc", "a.tf", "a.tf.json", "a.md"].map((name) => ({ ask: "lint", name, text, today: TODAY })),
  { ask: "fix", text, today: TODAY },
  { ask: "explain", text, action: "trtc:RemoveUser", resource: "qcs::trtc::uin/1:sdkappid/2" },
  { ask: "explain", text: "{}", action: text, resource: text, context: { [text]: [text] } },
  { ask: "compare", before: text, after: text },
  { ask: "minimize", text },
  { ask: "rust", text },
  { ask: "terraform", text },
  { ask: "refusal", text },
  { ask: "search", text },
  { ask: "action", action: text },
  { ask: "rule", rule: text },
];

// A trap of the module throws, and so does an answer that is no JSON.
function survives(answer, text) {
  for (const question of questions(text)) {
    try {
      assert.equal(typeof answer(question), "object");
    } catch (error) {
      const shown = text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
      assert.fail(`${question.ask} ${question.name ?? ""} of ${shown}: ${error}`);
    }
  }
}

test("nothing that a person can paste stops the module", async (t) => {
  const answer = await load();
  const texts = (await corpus()).map((one) => one.text);
  for (const folder of ["tests/documents", "fuzz/sources"]) {
    for (const file of await files(join(root, folder))) texts.push(await readFile(file, "utf8"));
  }
  await t.test("the policies of the tests, also cut off and with characters changed", () => {
    let seed = 12345;
    const below = (end) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % end;
    };
    const strange = ["\u0000", "\ufeff", "\ud83d\ude00", "“", "，", "\\", '"', "{", "]", "${", "%{", "*", "\r", "\u2028", "9".repeat(40)];
    texts.forEach((text, at) => {
      if (at % 4 === 0) survives(answer, text);
      const place = below(text.length + 1);
      survives(answer, text.slice(0, place));
      if (at % 4 === 1) survives(answer, text.slice(0, place) + strange[below(strange.length)] + text.slice(place + below(3)));
    });
  });
  await t.test("deep, long and broken texts", () => {
    const head = '{"version":"2.0","statement":[';
    const deep = ["[", '{"a":', '{"statement":[', '[{"principal":', "(", "${", "a = [", "a = {", "> ", "- ", "jsonencode(", 'resource "tencentcloud_cam_policy" "a" {\n'];
    for (const open of deep) {
      survives(answer, open.repeat(5_000));
      survives(answer, head + open.repeat(5_000));
      survives(answer, `locals {\n  a = ${open.repeat(3_000)}\n}\n`);
      survives(answer, `resource "tencentcloud_cam_policy" "a" {\n  document = jsonencode(${open.repeat(3_000)}\n}\n`);
    }
    survives(answer, "*".repeat(100_000));
    survives(answer, `${head}{"effect":"allow","action":["trtc:${"*a".repeat(3_000)}"],"resource":["*"]}]}`);
    survives(answer, `${head}{"effect":"allow","action":["${"a".repeat(300_000)}"],"resource":["*"]}]}`);
    survives(answer, "you are not authorized to perform operation (".repeat(2_000));
    survives(answer, "");
    survives(answer, "\u0000\ufffd\ud800");
  });
  await t.test("questions that are none", () => {
    const none = ["", "{", "[]", "null", "{}", '{"ask":1}', '{"ask":"lint"}', '{"ask":"search","limit":-1}', "[".repeat(100_000)];
    none.push('{"ask":"lint","text":"{}","today":"never"}', '{"ask":"lint","text":"{}","today":"2026-11-27","kind":"x"}');
    none.push('{"ask":"search","skip":18446744073709551615}', '{"ask":"fix","text":"{}","today":"2026-11-27","no":1}');
    for (const question of none) assert.equal(typeof answer(question), "object", question);
    assert.ok("error" in answer("{}"));
  });
});
