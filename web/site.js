// What all pages share: elements, words, the theme and the language.

import { words } from "./words.js";

const root = document.documentElement;

export const language = () => (root.lang.startsWith("zh") ? "zh" : "en");

/** A word of the page in its language, with values for its `{…}`. */
export function t(key, values = {}) {
  const [en, zh] = words[key];
  const text = language() === "zh" ? zh : en;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The text of a `{en, zh}` in the language of the page. */
export const local = (text) => (text ? text[language()] : "");

/** An element with attributes and children. A function among the attributes listens to the event of its name. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(2).filter(Boolean));
  return element;
}

/** Writes the words of all elements that name one. */
function translate(within = document) {
  for (const element of within.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of within.querySelectorAll("[data-placeholder]"))
    element.placeholder = t(element.dataset.placeholder);
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser may forbid it. The choice then holds for this page.
  }
}

/** A button that copies a text, which `text` returns or promises. */
export function copyButton(text, label = "copy") {
  const button = el("button", { type: "button" }, t(label));
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(await text());
      button.textContent = t("copied");
    } catch {
      // A browser may forbid it, and has no clipboard for a page without HTTPS.
      button.textContent = t("notCopied");
    }
    setTimeout(() => (button.textContent = t(label)), 1500);
  });
  return button;
}

/** The parts of a sentence: what stands between backticks is code. */
export const prose = (text) => text.split("`").map((part, at) => (at % 2 && part ? el("code", {}, part) : part));

/** A failure in words. */
export const failure = ({ error, help }) =>
  el("div", { class: "failure", role: "alert" }, el("p", {}, prose(error)), help.map((one) => el("p", {}, prose(one))));

/** The address of the page of an action. A name that somebody wrote may hold any character. */
export const actionAddress = (action) => `#/action/${encodeURI(action)}`;

/** Chooses an option of a select; the first one, if it has no such option. */
export function choose(select, value) {
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

// The fragment of the address is the state of the page, so the link to the content leaves it as it is.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelector("#main").focus();
});

const theme = document.querySelector("#theme");
theme.value = root.dataset.theme ?? "auto";
theme.addEventListener("change", () => {
  keep("theme", theme.value);
  if (theme.value === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme.value;
});

const languages = document.querySelector("#language");
languages.value = language();
languages.addEventListener("change", () => {
  keep("language", languages.value);
  // A table has a page for each language.
  const other = location.pathname.replace(/\.(en|zh)\.html$/, `.${languages.value}.html`);
  if (other !== location.pathname) {
    location.pathname = other;
    return;
  }
  root.lang = languages.value === "zh" ? "zh-Hans" : "en";
  translate();
  document.dispatchEvent(new Event("language"));
});

const folder = (path) => path.replace(/[^/]*$/, "");
for (const link of document.querySelectorAll("nav a")) {
  const of = new URL(link.href).pathname;
  const here = location.pathname.endsWith("/") ? `${location.pathname}index.html` : location.pathname;
  const isTable = of.includes("/permissions/") && folder(of) === folder(here);
  if (of === here || isTable) link.setAttribute("aria-current", of === here ? "page" : "true");
}
translate();
