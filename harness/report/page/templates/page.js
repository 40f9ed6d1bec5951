"use strict";
// The page is whole without this: it adds filters, a theme, copying, and opens what a link leads into.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);
  const root = document.documentElement;

  // ── light and dark: the system's choice, until the reader makes another ──
  const theme = one("#theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("drm-harness-theme"); } catch { return null; } };
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const tellTheme = () => {
    theme.setAttribute("aria-pressed", String(isDark()));
    theme.textContent = isDark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", "Dark theme");
  };
  const chosen = stored();
  if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("drm-harness-theme", root.dataset.theme); } catch { /* a page from a disk may not store */ }
    tellTheme();
  });
  dark.addEventListener("change", tellTheme);
  tellTheme();

  // ── a link into a run opens it ──
  const reveal = () => {
    const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.hidden && at.matches(".run, .group")) { form.reset(); filter(); }
    }
    if (target) target.scrollIntoView();
  };

  // ── filters ──
  const form = one("#filters");
  const runs = all(".run");
  const filter = () => {
    const { client, verdict, check, standing, tag, text } = Object.fromEntries(new FormData(form));
    form.standing.disabled = check === "";
    const wanted = text.trim().toLowerCase();
    let shown = 0;
    for (const run of runs) {
      const { client: its, verdict: ruling, rules, tags, name } = run.dataset;
      const letter = check === "" ? "" : rules[Number(check)];
      const fits = (client === "" || its === client) && (verdict === "" || ruling === verdict)
        && (check === "" || (standing ? letter === standing : letter !== "N"))
        && (tag === "" || tags.split(" ").includes(tag)) && name.toLowerCase().includes(wanted);
      run.hidden = !fits;
      shown += fits;
    }
    for (const group of all(".group")) group.hidden = all(".run:not([hidden])", group).length === 0;
    one("#shown").textContent = `${shown} of ${runs.length} runs shown`;
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
    one("#unfold").addEventListener("click", () => { for (const run of runs) if (!run.hidden) run.open = true; });
    for (const cell of all("a.cell")) {
      cell.addEventListener("click", () => {
        form.reset();
        form.client.value = cell.dataset.client;
        form.check.value = all("option", form.check).find((option) => option.dataset.id === cell.dataset.check).value;
        form.standing.value = one(cell.getAttribute("href")).dataset.rules[Number(form.check.value)];
        filter();
      });
    }
    filter();
  }
  addEventListener("hashchange", reveal);
  reveal();

  // ── commands to copy; print opens what did not hold ──
  if (navigator.clipboard) {
    for (const button of all(".copy")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.previousElementSibling.textContent);
        button.textContent = "Copied";
      });
    }
  }
})();
