// The playground: a text, and what can be asked about it.

import { ask } from "./ask.js";
import { actionAddress, choose, copyButton, el, failure, language, prose, t } from "./site.js";
import { packed, unpacked } from "./state.js";

const RULES = "https://github.com/tencent-cam/tencent-cam/blob/main/docs/rules";
const TABS = ["check", "explain", "compare", "convert"];
// How long typing must pause before the text is checked.
const PAUSE = 120;

const EXAMPLES = {
  broken: `{
  "version": "2.0",
  "statement": [
    {
      "effect": "Allow",
      "action": ["trtc:RemoveUser", "trtc:GetUserList"],
      "resource": ["qcs::trtc::uin/100000000001:sdkappid/1400000001"]
    },
    {
      "effect": "allow",
      "action": ["trtc:DismisRoom"],
      "resource": ["*"],
    }
  ]
}
`,
  refusal: `[TencentCloudSDKException] code:UnauthorizedOperation.CamNoAuth message:[request id:0]you are not authorized to perform operation (cvm:StopInstances)
resource (qcs::cvm:ap-guangzhou:uin/100000000001:instance/ins-1) has no permission
`,
  terraform: `resource "tencentcloud_cam_policy" "rooms" {
  name     = "rooms"
  document = jsonencode({
    version   = "2.0"
    statement = [{
      effect   = "deny"
      action   = ["trtc:GetUserList"]
      resource = ["qcs::trtc::uin/\${var.uin}:sdkappid/*"]
    }]
  })
}
`,
};

const $ = (id) => document.querySelector(`#${id}`);
const text = $("text");
const findings = $("findings");
const summary = $("summary");

let tab = "check";
let latest = 0;

// Bytes of the text in UTF-8 to places of the string.
function places(source) {
  const bytes = new TextEncoder().encode(source);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (byte) => decoder.decode(bytes.subarray(0, byte)).length;
}

/** Makes edits of a text, which are given in bytes. */
function edited(source, edits) {
  const at = places(source);
  const ordered = [...edits].sort((one, other) => other.start.byte - one.start.byte || other.end.byte - one.end.byte);
  return ordered.reduce(
    (out, edit) => out.slice(0, at(edit.start.byte)) + edit.replacement + out.slice(at(edit.end.byte)),
    source,
  );
}

// Writes the text as if somebody typed it, so that the browser can undo it.
function write(value) {
  const before = document.activeElement;
  text.focus({ preventScroll: true });
  text.select();
  // The standard has nothing else that can be undone.
  if (!document.execCommand("insertText", false, value)) {
    text.value = value;
    changed();
  }
  before?.focus({ preventScroll: true });
}

// Puts `value` in the place of `source`, if the text is still that: what was typed since is checked instead.
async function replace(source, value) {
  if (text.value === source) write(value);
  changed();
  clearTimeout(typing);
  await check();
  // The button that was pressed is gone with its finding.
  if (document.activeElement === document.body) summary.focus({ preventScroll: true });
  return text.value === value;
}

function select(range) {
  const at = places(text.value);
  const [start, end] = [at(range.start.byte), at(range.end.byte)];
  text.focus();
  text.setSelectionRange(start, end);
  const line = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (range.start.line - 4) * line);
}

// The line of a place, with the place marked.
function excerpt(source, range) {
  const at = places(source);
  const [start, end] = [at(range.start.byte), at(range.end.byte)];
  const from = source.lastIndexOf("\n", start - 1) + 1;
  const stop = source.indexOf("\n", start);
  const to = stop < 0 ? source.length : stop;
  const last = Math.max(start, Math.min(end, to));
  const near = Math.max(from, start - 60);
  return el(
    "pre",
    { tabindex: "0" },
    near > from ? "…" : "",
    source.slice(near, start),
    el("mark", {}, source.slice(start, last) || " "),
    source.slice(last, Math.min(to, last + 60)),
    to > last + 60 ? "…" : "",
  );
}

const place = (range) =>
  el(
    "button",
    { type: "button", class: "place", click: () => select(range) },
    t("place", { line: range.start.line, column: range.start.column }),
  );

function access({ access: kind, gives, takes, unproven }) {
  if (kind === "same") return el("p", { class: "good" }, t("accessSame"));
  if (kind === "unproven") return el("p", {}, prose(t("accessUnproven", { why: unproven })));
  const lines = [...gives.map((one) => ["gives", one]), ...takes.map((one) => ["takes", one])];
  return el(
    "div",
    {},
    el("p", { class: "bad" }, t("accessDiffers")),
    el(
      "ul",
      {},
      lines.map(([key, one]) => el("li", {}, t(key, { what: one.what }), " ", el("code", {}, one.witness))),
    ),
  );
}

function why(rule) {
  const details = el("details", {}, el("summary", {}, t("why")));
  details.addEventListener("toggle", async () => {
    if (!details.open || details.childElementCount > 1) return;
    const page = await ask({ ask: "rule", rule });
    const [summaryText, reason] = page.error ? [page.error, ""] : [page.summary, page.why].map((pair) => pair[language() === "zh" ? 1 : 0]);
    details.append(el("p", {}, prose(summaryText)), el("p", {}, prose(reason)));
  });
  return details;
}

function finding(source, found) {
  const page = `${RULES}/${language()}.md#${found.rule.toLowerCase()}`;
  return el(
    "article",
    { class: `finding ${found.severity}`, "data-rule": found.rule },
    el(
      "p",
      {},
      el("span", { class: `mark ${found.severity}` }, t(found.severity)),
      " ",
      el("a", { href: page, rel: "noopener" }, `${found.rule} ${found.name}`),
      " ",
      place(found),
    ),
    el("p", { class: "message" }, prose(found.message)),
    excerpt(source, found),
    found.help && el("p", {}, t("help") + t("colon"), prose(found.help)),
    found.related.map((one) => el("p", {}, place(one), " ", prose(one.message))),
    found.fix &&
      el(
        "div",
        { class: "fix" },
        el(
          "button",
          { type: "button", click: () => replace(source, edited(source, found.fix.edits)) },
          prose(t("fix", { title: found.fix.title })),
        ),
        access(found.fix),
      ),
    why(found.rule),
  );
}

function today() {
  const day = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function lintQuestion(what) {
  const question = { ask: what, text: text.value, today: today() };
  if ($("kind").value) question.kind = $("kind").value;
  if ($("persona").value) question.persona = $("persona").value;
  return question;
}

// Tells what CAM refused, if the text is such a message and no policy.
async function refusal(source) {
  const answer = await ask({ ask: "refusal", text: source });
  if (answer.error) return { error: answer };
  const { refusals, policy, notes } = answer;
  return {
    shown: el(
      "div",
      { class: "answer" },
      el("h2", {}, t("refusalTitle")),
      el(
        "ul",
        {},
        refusals.map((one) =>
          el(
            "li",
            {},
            el("a", { href: `index.html${actionAddress(one.action)}` }, one.action),
            el("br"),
            el("code", {}, one.resource),
            one.conditions.map((condition) => el("p", {}, condition)),
          ),
        ),
      ),
      el("h2", {}, t("refusalPolicy")),
      el("pre", { tabindex: "0", id: "least" }, policy),
      el(
        "div",
        { class: "row" },
        copyButton(() => policy),
        el("button", { type: "button", id: "use-least", click: () => replace(source, policy) }, t("usePolicy")),
      ),
      notes.map((note) => el("p", {}, prose(note))),
    ),
  };
}

async function check() {
  latest += 1;
  const own = latest;
  const source = text.value;
  $("fix-all").hidden = true;
  if (!source.trim()) {
    summary.textContent = t("empty");
    findings.replaceChildren();
    return;
  }
  const report = await ask(lintQuestion("lint"));
  if (own !== latest) return;
  if (report.error) {
    summary.textContent = "";
    findings.replaceChildren(failure(report));
    return;
  }
  if (report.summary.policies === 0) {
    const { shown, error } = await refusal(source);
    if (own !== latest) return;
    if (shown) {
      summary.textContent = "";
      findings.replaceChildren(shown);
      return;
    }
    if (report.findings.length === 0) {
      summary.textContent = t("noPolicy");
      findings.replaceChildren(failure(error));
      return;
    }
  }
  const { errors, warnings, notes } = report.summary;
  summary.textContent = errors + warnings + notes === 0 ? t("clean") : t("counts", { errors, warnings, notes });
  $("fix-all").hidden = !report.findings.some((one) => one.fix?.access === "same");
  findings.replaceChildren(
    ...report.findings.map((one) => finding(source, one)),
    ...report.unchecked.map((one) => el("p", {}, t("unchecked") + t("colon"), prose(one.reason), " ", place(one))),
  );
}

async function fixAll() {
  const question = lintQuestion("fix");
  const answer = await ask(question);
  if (answer.error) {
    findings.prepend(failure(answer));
    return;
  }
  if (!(await replace(question.text, answer.text))) return;
  const made = answer.applied.length;
  summary.textContent += ` ${made ? t("fixedAll", { count: made }) : t("fixedNone")}`;
}

const some = (all) =>
  all.length > 5 ? t("others", { list: all.slice(0, 5).join(", "), count: all.length - 5 }) : all.join(", ");

function accessLine(one) {
  return el(
    "li",
    {},
    el("p", {}, t("somethingOf", { actions: some(one.actions), resources: some(one.resources) })),
    one.statements.length > 0 && el("p", {}, `${t("by")} ${one.statements.join(", ")}`),
    one.if_another_policy_allows && el("p", {}, t("ifAnotherAllows")),
    one.supposed && el("p", {}, t("ifStarMatches")),
    one.denied.length > 0 && el("p", {}, t("deniedThere") + t("colon") + one.denied.join(t("comma"))),
    one.conditions.length > 0 && el("p", {}, `${t("condition")} ${one.conditions.join(", ")}`),
    one.except.length > 0 && el("p", {}, t("except") + t("colon") + one.except.join(t("comma"))),
    el("p", {}, `${t("suchAs")} `, el("code", {}, one.witness)),
    one.made_up_action && el("p", {}, t("madeUp", { action: one.made_up_action })),
  );
}

// Shows the answer to a question about what the page holds now. Once something else is typed, it is marked as old.
const asked = {};

function show(id, given, ...children) {
  asked[id] = given;
  $(id).replaceChildren(...children);
  markOld();
}

const OLD = { decision: () => JSON.stringify(request()), difference: () => JSON.stringify(sides()), converted: () => text.value };

function markOld() {
  for (const [id, now] of Object.entries(OLD)) {
    const isOld = $(id).childElementCount > 0 && asked[id] !== now();
    $(id).classList.toggle("old", isOld);
    $(`${id}-old`).hidden = !isOld;
  }
}

const sides = () => ({ ask: "compare", before: text.value, after: $("after").value });

async function compare(event) {
  event?.preventDefault();
  const question = sides();
  const answer = await ask(question);
  const given = JSON.stringify(question);
  if (answer.error) {
    show("difference", given, failure(answer));
    return;
  }
  const side = (key, all, mark) =>
    el("section", { class: mark }, el("h2", {}, t(key)), all.length ? el("ul", {}, all.map(accessLine)) : el("p", {}, t("none")));
  show(
    "difference",
    given,
    ...(answer.new.length + answer.lost.length === 0
      ? [el("p", { class: "good" }, t("same"))]
      : [side("newAccess", answer.new, "new"), side("lostAccess", answer.lost, "lost")]),
  );
}

function request() {
  const value = (name) => $(`request-${name}`).value.trim();
  const question = { ask: "explain", text: text.value, action: value("action") };
  // A key may have any name, also `__proto__`.
  question.context = Object.create(null);
  if (value("resource")) question.resource = value("resource");
  if (value("caller")) question.caller = value("caller");
  question.account = {};
  if (value("owner")) question.account.owner = value("owner");
  if (value("app")) question.account.app_id = Number(value("app"));
  if (value("ip")) question.context["qcs:ip"] = [value("ip")];
  for (const line of value("context").split("\n").filter((one) => one.trim())) {
    const [, key, given] = /^([^=]+)=(.*)$/.exec(line.trim()) ?? [null, line.trim(), ""];
    (question.context[key] ??= []).push(given);
  }
  return question;
}

async function explain(event) {
  event?.preventDefault();
  const question = request();
  const answer = await ask(question);
  show(
    "decision",
    JSON.stringify(question),
    ...(answer.error
      ? [failure(answer)]
      : [
          el(
            "p",
            { class: answer.allowed && answer.settled ? "good" : "bad" },
            t(answer.allowed ? "allowed" : "refused") + (answer.settled ? "" : t("unsettled")),
          ),
          el("pre", { tabindex: "0", class: "prose" }, answer.text),
        ]),
  );
}

let converted;

async function convert(what) {
  converted = what;
  const source = text.value;
  const answer = await ask({ ask: what, text: source });
  if (answer.error) {
    show("converted", source, failure(answer));
    return;
  }
  show(
    "converted",
    source,
    el("h2", {}, t("output")),
    answer.length ? el("p", {}, t("length", answer.length)) : "",
    el("pre", { tabindex: "0", id: "output" }, answer.text),
    el(
      "div",
      { class: "row" },
      copyButton(() => answer.text),
      what === "minimize" ? el("button", { type: "button", class: "use", click: () => replace(source, answer.text) }, t("useOutput")) : "",
    ),
  );
}

function openTab(name) {
  tab = name;
  for (const one of TABS) {
    const button = $(`tab-${one}`);
    button.setAttribute("aria-selected", one === name);
    button.tabIndex = one === name ? 0 : -1;
    $(one).hidden = one !== name;
  }
}

const FIELDS = ["action", "resource", "caller", "owner", "app", "ip", "context"].map((name) => `request-${name}`);
const CHOICES = ["kind", "persona"];

function state() {
  const all = { tab, text: text.value };
  for (const id of ["after", ...CHOICES, ...FIELDS]) if ($(id).value) all[id] = $(id).value;
  return all;
}

// Shows what the address holds. A damaged one leaves the page as it is.
async function restore() {
  changes += 1;
  clearTimeout(writing);
  let all = {};
  try {
    if (location.hash.length > 1) all = await unpacked(location.hash);
  } catch {
    $("damaged").hidden = false;
    return;
  }
  $("damaged").hidden = true;
  text.value = String(all.text ?? "");
  for (const id of ["after", ...FIELDS]) $(id).value = String(all[id] ?? "");
  for (const id of CHOICES) choose($(id), String(all[id] ?? ""));
  for (const id of Object.keys(OLD)) $(id).replaceChildren();
  openTab(TABS.includes(all.tab) ? all.tab : "check");
  // Who follows a link wants to see the answer.
  if (tab === "explain" && $("request-action").value) await explain();
  if (tab === "compare" && $("after").value) await compare();
}

// Browsers refuse longer addresses.
const LONGEST = 1 << 20;

let writing = 0;
let changes = 0;

// Replaces the address a little after the last change: browsers limit how often that may happen.
function keep() {
  changes += 1;
  markOld();
  clearTimeout(writing);
  writing = setTimeout(async () => {
    const own = changes;
    const isEmpty = Object.keys(state()).length === 2 && !text.value;
    const address = isEmpty ? "#" : await packed(state());
    // Another address may have been opened meanwhile.
    if (own === changes && address.length < LONGEST) history.replaceState(null, "", address);
  }, 150);
}

let typing = 0;

function changed() {
  clearTimeout(typing);
  typing = setTimeout(check, PAUSE);
  keep();
}

function fillChoices() {
  const fill = (id, choices) => {
    const { value } = $(id);
    $(id).replaceChildren(...choices.map(([word, key]) => el("option", { value: word }, t(key))));
    $(id).value = value;
  };
  fill("kind", [
    ["", "kindAuto"],
    ...["Identity", "Trust", "Session", "Bucket", "Boundary", "Scp"].map((one) => [one.toLowerCase(), `kind${one}`]),
  ]);
  fill("persona", [["", "personaRegular"], ["pedantic", "personaPedantic"], ["auditor", "personaAuditor"]]);
  $("share").replaceChildren(copyButton(async () => new URL(await packed(state()), location).href, "share"));
}

text.addEventListener("input", () => {
  choose($("example"), "");
  changed();
});
$("after").addEventListener("input", keep);
for (const id of FIELDS) $(id).addEventListener("input", keep);
for (const id of CHOICES) $(id).addEventListener("change", changed);
$("fix-all").addEventListener("click", fixAll);
$("sides").addEventListener("submit", compare);
$("request").addEventListener("submit", explain);
for (const button of document.querySelectorAll("[data-convert]"))
  button.addEventListener("click", () => convert(button.dataset.convert));
$("example").addEventListener("change", (event) => {
  const { value } = event.target;
  if (!value) return;
  write(EXAMPLES[value]);
  choose(event.target, value);
});
for (const name of TABS)
  $(`tab-${name}`).addEventListener("click", () => {
    openTab(name);
    keep();
  });
$("tabs").addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  openTab(TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]);
  $(`tab-${tab}`).focus();
  keep();
});
addEventListener("hashchange", async () => {
  await restore();
  check();
});
document.addEventListener("language", () => {
  document.title = t("playgroundTitle");
  fillChoices();
  check();
  if ($("decision").childElementCount) explain();
  if ($("difference").childElementCount) compare();
  if ($("converted").childElementCount) convert(converted);
});

document.title = t("playgroundTitle");
fillChoices();
openTab(tab);
await restore();
await check();
