// Optional improvements; every page also works without this script.
"use strict";
{
// A refused sign-in has a token in its address: it should not stay in the history.
if (location.pathname.startsWith("/callback/") && location.search) {
  history.replaceState(null, "", location.pathname);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; }, 2000);
    } catch { /* the text can still be selected and copied by hand */ }
  });
}
const summary = document.getElementById("error-summary");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A running issuance: updates the steps as they complete, then reloads the page.
const steps = document.querySelector("[data-events]");
if (steps) {
  const news = document.getElementById("news");
  const source = new EventSource(steps.dataset.events);
  const again = () => { source.close(); location.reload(); };
  const show = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };
  source.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    for (const part of document.querySelectorAll("[data-live]")) show(part, now[part.dataset.live]);
    now.steps.forEach((step, at) => {
      const item = steps.children[at];
      if (!item || item.className === step.class) return;
      item.className = step.class;
      show(item.querySelector("span"), step.word);
      if (step.class === "now") item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      if (step.class === "done") show(news, `${step.label} ${step.word}`);
    });
  });
  source.addEventListener("end", again);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 5000);
  });
}

// What would be lost: the form of this page, if somebody typed in it.
const typed = () => {
  const form = document.getElementById("step");
  if (!form) return null;
  const isTyped = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  return summary || [...form.elements].some(isTyped) ? form : null;
};

// Switching the language keeps what was typed.
const languages = document.querySelector("[data-keep]");
if (languages) {
  languages.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    const form = link && typed();
    if (!form) return;
    event.preventDefault();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    body.set("place", location.pathname);
    let query = "";
    try {
      const kept = await fetch(languages.dataset.keep, { method: "POST", body });
      if (kept.ok) query = "&kept=yes";
    } catch { /* no network: the link cannot be followed either */ }
    location.assign(link.href + query);
  });
}

// Warns before the session ends, and offers to extend it.
const ending = document.getElementById("session-end");
if (ending && ending.showModal) {
  const now = () => Date.now() / 1000;
  const last = now() + Number(ending.dataset.lastIn);
  let ends = now() + Number(ending.dataset.endsIn);
  let shown = "";
  const tabs = window.BroadcastChannel ? new BroadcastChannel("session") : null;
  const say = (when) => {
    if (when === shown) return;
    shown = when;
    for (const part of ending.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== when;
    if (!when) ending.close();
    else if (!ending.open) ending.showModal();
  };
  const look = () => {
    const left = Math.min(ends, last) - now();
    say(left > 120 ? "" : left <= 0 ? "over" : last <= ends ? "last" : "soon");
  };
  const prolong = (seconds) => { ends = now() + seconds; look(); };
  if (tabs) {
    tabs.addEventListener("message", (event) => prolong(event.data));
    tabs.postMessage(Number(ending.dataset.endsIn));
  }
  const stay = ending.querySelector("form[method=post]");
  stay.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(stay.action, { method: "POST", body: new URLSearchParams(new FormData(stay)) });
      const seconds = answer.status === 204 ? Number(answer.headers.get("x-session-seconds")) : 0;
      prolong(seconds);
      if (tabs && seconds) tabs.postMessage(seconds);
    } catch { /* no network: the dialog stays open for another try */ }
  });
  // What was typed is sent, kept for its owner, and there again after the sign-in.
  const signIn = ending.querySelector("[data-when=over] a");
  signIn.addEventListener("click", (event) => {
    const form = typed();
    if (!form) return;
    event.preventDefault();
    form.submit();
  });
  setInterval(look, 1000);
  look();
}
}
