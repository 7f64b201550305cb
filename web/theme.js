// Runs before the first paint, so that the page does not flash in the other theme or language.
const kept = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const root = document.documentElement;
const theme = kept("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
if (!root.hasAttribute("data-fixed-language")) {
  const language = kept("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  root.lang = language === "zh" ? "zh-Hans" : "en";
}
