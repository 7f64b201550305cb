// The permission matrix: a search in all actions, and a page for each.

import { ask } from "./ask.js";
import { actionAddress, choose, copyButton, el, failure, language, local, prose, t } from "./site.js";
import { packed } from "./state.js";

const AT_ONCE = 50;
// So many lines fill a window. The others are drawn once these are on the screen.
const FIRST = 12;
// The most lines that are kept: most of a list was also in the one before it.
const KEPT = 2000;
const FILTERS = ["service", "granularity", "level", "ip", "credentials"];

const $ = (id) => document.querySelector(`#${id}`);
const list = $("list");
const article = $("action");
const text = $("text");
const actions = $("actions");
const more = $("more");

let filters;
let shown = 0;
let latest = 0;
// What the list shows.
let current = "";
const lines = new Map();

const fact = (word) => ({ yes: t("supported"), no: t("unsupported"), unknown: t("unknown") })[word];

function fill(select, choices) {
  const value = select.value;
  select.replaceChildren(
    el("option", { value: "" }, t("any")),
    ...choices.map(([word, label]) => el("option", { value: word }, label)),
  );
  choose(select, value);
}

function fillFilters() {
  const count = (number) => number.toLocaleString("en");
  $("intro").textContent = t("matrixIntro", {
    actions: count(filters.actions),
    documented: count(filters.documented),
  });
  fill($("service"), filters.services.map((one) => [one.id, one.name ? `${one.id} – ${local(one.name)}` : one.id]));
  fill($("granularity"), filters.granularities.map((one) => [one.word, local(one.label)]));
  fill($("level"), filters.levels.map((one) => [one.word, local(one.label)]));
  fill($("ip"), ["yes", "no", "unknown"].map((word) => [word, fact(word)]));
  fill($("credentials"), ["yes", "no", "unknown"].map((word) => [word, t(word)]));
}

const label = (choices, word) => local(choices.find((one) => one.word === word)?.label);

function line(found) {
  const marks = [el("span", { class: `mark ${found.granularity}` }, label(filters.granularities, found.granularity))];
  if (found.level !== "unknown") marks.push(el("span", { class: "mark" }, label(filters.levels, found.level)));
  if (found.ip === "yes") marks.push(el("span", { class: "mark" }, t("ip")));
  if (found.credentials === "yes") marks.push(el("span", { class: "mark alarm" }, t("credentials")));
  if (found.removed) marks.push(el("span", { class: "mark alarm" }, t("removed")));
  return el(
    "li",
    {},
    el("a", { href: actionAddress(found.action) }, found.action),
    el("span", { class: "marks" }, marks),
    found.description && el("p", {}, local(found.description)),
    found.patterns.length > 0 && el("p", { class: "patterns" }, found.patterns.map((one) => el("code", {}, one))),
  );
}

function kept(found) {
  if (lines.size > KEPT) lines.clear();
  if (!lines.has(found.action)) lines.set(found.action, line(found));
  return lines.get(found.action);
}

const afterFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

// The search that the form states.
function asked() {
  const question = { ask: "search", text: text.value };
  for (const name of FILTERS) if ($(name).value) question[name] = $(name).value;
  return question;
}

// Searches with what the form has. With `further` it adds to what is shown.
async function search(further = false) {
  latest += 1;
  const own = latest;
  const question = asked();
  const answer = await ask({ ...question, skip: further ? shown : 0, limit: AT_ONCE });
  if (own !== latest) return;
  if (answer.error) {
    $("count").replaceChildren(failure(answer));
    return;
  }
  current = JSON.stringify(question);
  if (further) {
    actions.append(...answer.actions.map(kept));
    shown += answer.actions.length;
  } else {
    actions.replaceChildren(...answer.actions.slice(0, FIRST).map(kept));
    shown = answer.actions.length;
  }
  more.hidden = shown >= answer.total;
  const key = { 0: "foundNone", 1: "foundOne" }[answer.total] ?? "found";
  $("count").textContent = t(key, { count: answer.total.toLocaleString("en") });
  document.dispatchEvent(new CustomEvent("searched", { detail: question.text }));
  if (further || shown <= FIRST) return;
  await afterFrame();
  if (own === latest) actions.append(...answer.actions.slice(FIRST).map(kept));
}

// The address of the search.
function address() {
  const parameters = new URLSearchParams();
  if (text.value) parameters.set("text", text.value);
  for (const name of FILTERS) if ($(name).value) parameters.set(name, $(name).value);
  const query = parameters.toString();
  return query ? `#/?${query}` : "#/";
}

let writing = 0;

// The address holds the search, so that it can be shared and the way back leads to it.
function keepSearch() {
  clearTimeout(writing);
  if (list.hidden || !filters) return;
  back = address();
  history.replaceState(null, "", back);
}

function readSearch(query) {
  const parameters = new URLSearchParams(query);
  text.value = parameters.get("text") ?? "";
  for (const name of FILTERS) choose($(name), parameters.get(name) ?? "");
}

// The statement that grants an action on resources of these shapes, or on `*` if there are none. What the person has not
// filled in stands in angle brackets.
function statement(action, shapes, values) {
  const fillIn = (shape) =>
    shape.replace(/\$\{(\w+)\}/g, (_, name) => values[name] || (name === "region" ? "" : `<${name}>`));
  const resource = shapes.length > 0 ? shapes.map(fillIn) : ["*"];
  return JSON.stringify({ effect: "allow", action: [action], resource }, null, 2);
}

const placeholders = (shapes) => [
  ...new Set(shapes.flatMap((shape) => [...shape.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1]))),
];

function statementBox(details) {
  const patterns = details.documented?.patterns ?? [];
  const output = el("pre", { tabindex: "0", id: "statement" });
  const values = {};
  const inputs = el("div", { class: "row" });
  const singles = patterns.map((one) => one.single);
  const choices = patterns.flatMap((one) => [
    [one.single, [one.single]],
    ...(one.all === one.single ? [] : [[`${one.all} (${t("all")})`, [one.all]]]),
  ]);
  if (singles.length > 1) choices.push([t("together", { count: singles.length }), singles]);
  let shapes = singles.slice(0, 1);
  const open = el("a", { href: "playground.html" }, t("try"));
  const write = async () => {
    const text = statement(details.action, shapes, values);
    output.textContent = text;
    const policy = JSON.stringify({ version: "2.0", statement: [JSON.parse(text)] }, null, 2);
    const state = await packed({ text: policy });
    if (output.textContent === text) open.href = `playground.html${state}`;
  };
  const ask = () => {
    inputs.replaceChildren();
    for (const name of placeholders(shapes)) {
      const takes = patterns.flatMap((one) => one.placeholders).find((one) => one.name === name)?.takes;
      const hint = { uin: t("placeholderUin"), region: t("placeholderRegion") }[name] ?? local(takes);
      const input = el("input", { value: values[name] ?? "", placeholder: hint, autocomplete: "off", spellcheck: "false" });
      input.addEventListener("input", () => {
        values[name] = input.value.trim();
        write();
      });
      inputs.append(el("label", {}, el("span", {}, name), input));
    }
  };
  const select = el("select", {
    change: () => {
      [, shapes] = choices[select.selectedIndex];
      ask();
      write();
    },
  });
  select.append(...choices.map(([name]) => el("option", {}, name)));
  ask();
  write();
  return el(
    "section",
    {},
    el("h2", {}, t("statement")),
    patterns.length > 0 && el("p", {}, t("statementIntro")),
    singles.length > 1 && el("p", {}, t("needsSeveral")),
    patterns.length > 0 && el("label", { class: "wide" }, el("span", {}, t("pattern")), select),
    inputs,
    output,
    el("div", { class: "row" }, copyButton(() => output.textContent), open),
  );
}

const link = (url, name) => el("a", { href: url, rel: "noopener" }, name);
const searchFor = (action) => {
  const words = action.slice(action.indexOf(":") + 1);
  return el("a", { href: `#/?${new URLSearchParams({ text: words })}` }, t("searchFor"));
};
const actionLink = (action) => el("a", { href: actionAddress(action) }, action);

function resources(details) {
  const { documented } = details;
  if (details.granularity === "operation") return t("operationResource");
  if (!documented || documented.patterns.length === 0) return t("unknownResource");
  return documented.patterns.map((one) =>
    el("p", {}, el("code", {}, one.single), one.description && el("span", {}, ` ${local(one.description)}`)),
  );
}

function sdk({ status, since, gone }) {
  const words = [status ? t("sdkStatus", { status }) : t("sdkListed")];
  if (gone) words.push(t("sdkGone", { day: gone }));
  if (since) words.push(since);
  return words.join(t("comma"));
}

function page(details) {
  const { documented, named } = details;
  const rows = [
    ["description", documented?.description && local(documented.description)],
    ["service", `${details.service}${details.product ? ` – ${local(details.product)}` : ""}`],
    ["granularity", el("span", { class: `mark ${details.granularity}` }, local(details.granularity_label))],
    ["resources", resources(details)],
    ["printedPatterns", documented?.printed_patterns.map((one) => el("code", {}, one))],
    ["level", local(details.level_label)],
    ["ip", fact(details.ip)],
    ["credentials", t(details.credentials)],
    ["keys", documented?.condition_keys.map((one) => el("code", {}, one))],
    ["restriction", documented?.restriction && local(documented.restriction)],
    ["alternative", documented?.alternative && actionLink(documented.alternative)],
    ["removedOn", documented?.removed],
    ["replacement", documented?.replaced_by && actionLink(documented.replaced_by)],
    ["surface", documented?.surface && local(documented.surface)],
    ["category", documented?.category && local(documented.category)],
    ["notes", documented?.notes.map((one) => el("p", {}, prose(local(one))))],
    [
      "documentation",
      documented && [
        documented.doc_url && el("p", {}, link(documented.doc_url, t("page"))),
        documented.references.map((one) => el("p", {}, link(one.url, local(one.title)))),
      ].flat().filter(Boolean),
    ],
    [
      "source",
      documented && [
        documented.source.url ? link(documented.source.url, documented.source.title) : documented.source.title,
        documented.source.dated ? t("comma") + t("sourceDated", { day: documented.source.dated }) : "",
        t("comma") + t("sourceRead", { day: documented.source.read }) + t("stop"),
        link(`permissions/${details.service}.${language()}.html`, t("table")),
      ],
    ],
    ["sdk", named && [el("p", {}, sdk(named)), named.assumed_service && el("p", {}, t("assumedService"))].filter(Boolean)],
    ["rust", documented?.rust && el("code", {}, documented.rust)],
  ];
  const given = rows.filter(([, value]) => value && (!Array.isArray(value) || value.length > 0));
  return [
    el("p", {}, el("a", { href: back, id: "back" }, `← ${t("back")}`)),
    el("h1", {}, details.action),
    el("dl", {}, given.map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, value)))),
    statementBox(details),
  ];
}

let back = "#/";
// The action that was opened from the list, and where its line stood then.
let opened;

const opener = (hash) => [...actions.querySelectorAll("a")].find((link) => link.hash === hash);

async function comeBack({ hash, top }) {
  const link = opener(hash);
  if (!link) return;
  link.focus({ preventScroll: true });
  // The height of a line is known once it is drawn.
  for (let step = 0; step < 2; step += 1) {
    scrollBy(0, link.getBoundingClientRect().top - top);
    await afterFrame();
  }
}

// An address that somebody wrote by hand may hold a `%` that means itself.
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function route() {
  clearTimeout(writing);
  const [, kind, name] = /^#\/(action\/)?(.*)$/.exec(location.hash) ?? [];
  const left = kind && !list.hidden && opener(location.hash);
  if (left) opened = { hash: location.hash, top: left.getBoundingClientRect().top };
  article.hidden = !kind;
  list.hidden = Boolean(kind);
  if (kind) {
    const action = decoded(name);
    const details = await ask({ ask: "action", action });
    article.replaceChildren(
      ...(details.error
        ? [el("p", {}, el("a", { href: back }, `← ${t("back")}`)), el("h1", {}, action), failure(details), el("p", {}, searchFor(action))]
        : page(details)),
    );
    document.title = action;
    article.querySelector("h1").tabIndex = -1;
    article.querySelector("h1").focus({ preventScroll: true });
    scrollTo(0, 0);
  } else {
    document.title = t("matrixTitle");
    readSearch((name ?? "").replace(/^\?/, ""));
    back = address();
    // Whoever comes back from an action finds the list as it was.
    if (JSON.stringify(asked()) !== current) await search();
    else if (opened) comeBack(opened);
    opened = undefined;
  }
}

// Whether somebody has typed before there was anything to search in.
let early = false;

function changed() {
  early ||= !filters;
  search();
  // Browsers limit how often the address may change.
  clearTimeout(writing);
  writing = setTimeout(keepSearch, 150);
}

text.addEventListener("input", changed);
for (const name of FILTERS) $(name).addEventListener("change", changed);
$("search").addEventListener("submit", (event) => event.preventDefault());
$("clear").addEventListener("click", () => {
  text.value = "";
  for (const name of FILTERS) $(name).value = "";
  changed();
  text.focus();
});
more.addEventListener("click", () => search(true));
// The way back from an action leads to the search as it is now.
list.addEventListener("click", keepSearch, true);
addEventListener("hashchange", route);
document.addEventListener("language", () => {
  // Until there is an answer, there is nothing to write in another language.
  if (!filters || filters.error) return;
  lines.clear();
  current = "";
  fillFilters();
  route();
});

filters = await ask({ ask: "filters" });
if (filters.error) {
  $("intro").replaceChildren(failure({ error: t("failed", { why: filters.error }), help: [] }));
} else {
  fillFilters();
  if (early && !list.hidden) {
    const { value } = text;
    readSearch(/^#\/\?(.*)$/.exec(location.hash)?.[1] ?? "");
    text.value = value;
    keepSearch();
  }
  await route();
}
