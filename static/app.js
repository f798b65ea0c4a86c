// Optional improvements; every page also works without this script.
"use strict";
{
// A double click sends a form once: the answer to the first would be lost, and with it the
// new id of a session.
let last = {};
document.addEventListener("submit", (event) => {
  const isAgain = last.target === event.target && event.timeStamp - last.timeStamp < 1000;
  if (isAgain) event.preventDefault();
  else last = event;
});

// A refused sign-in has a token in its address: it should not stay in the history.
if (location.pathname.startsWith("/callback/") && location.search) {
  history.replaceState(null, "", location.pathname);
}

// Where there is room the stylesheet shows the folded menu. Opened, it is also there for
// what asks the document instead of the screen.
const menu = document.querySelector(".menu");
if (menu) {
  const wide = matchMedia("(min-width: 48.01rem)");
  const fit = () => { menu.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
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
      if (!item) return;
      show(item.querySelector("span"), step.word);
      if (item.className === step.class) return;
      item.className = step.class;
      if (step.class === "now") item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      if (step.class === "done") show(news, `${step.label} ${step.word}`);
    });
    for (const row of now.rows ?? []) {
      const tag = document.getElementById(row.id);
      show(tag, row.word);
      if (tag) tag.className = row.class;
    }
  });
  source.addEventListener("end", again);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(again, 5000);
  });
}

// A list in which several are chosen: all of a page at once, and what is chosen is kept
// when another page is asked for.
for (const button of document.querySelectorAll("[data-tick]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of button.form.querySelectorAll("[type=checkbox]")) box.checked = true;
  });
}
for (const link of document.querySelectorAll("[data-send]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const button = document.createElement("button");
    button.formAction = link.dataset.send;
    button.hidden = true;
    link.closest("form").append(button);
    button.click();
  });
}

// The fields of a form, as it sends them; without files.
const sent = (form) => {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
  return body;
};

// The name in the certificate while it is typed, by the server's own rule.
const preview = document.querySelector("[data-preview]");
if (preview) {
  const form = preview.closest("form");
  let pause = 0;
  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(preview.dataset.preview, { method: "POST", body: sent(form) });
      if (mine !== asked || !answer.ok || answer.redirected) return;
      const name = await answer.text();
      preview.querySelector("bdi").textContent = name;
      preview.hidden = !name;
    } catch { /* no network: the last page shows the name */ }
  };
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, 300);
  });
}

// The forms in which people type, and the one that would be lost: in which somebody typed.
const typable = () => [...document.querySelectorAll("#step, #note-form, [data-finds]")];
const typed = () => {
  const isTyped = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return "defaultValue" in field && field.value !== field.defaultValue;
  };
  return typable().find((form) => summary || [...form.elements].some(isTyped)) ?? null;
};

// Switching the language keeps what was typed. A search finds it in the other language, and
// what is ticked is kept.
const languages = document.querySelector("[data-keep]");
if (languages) {
  languages.addEventListener("click", async (event) => {
    const link = event.target.closest("a");
    const form = link && typed();
    if (!form) return;
    event.preventDefault();
    if ("finds" in form.dataset) {
      const { finds } = form.dataset;
      form.setAttribute("action", `${finds}${finds.includes("?") ? "&" : "?"}lang=${link.lang}`);
      return form.submit();
    }
    const body = sent(form);
    body.set("place", location.pathname);
    let query = "";
    try {
      const kept = await fetch(languages.dataset.keep, { method: "POST", body });
      // Signed out meanwhile: the form is kept as any that comes too late.
      if (kept.redirected) return form.submit();
      if (kept.ok) query = "&kept=yes";
    } catch { /* no network: the link cannot be followed either */ }
    location.assign(link.href + query);
  });
}

// The tabs of one kind of session tell each other; admins have sessions of their own.
const channel = (admin) => (window.BroadcastChannel ? new BroadcastChannel(admin ? "admin-session" : "session") : null);
if (new URLSearchParams(location.search).get("out") && !document.getElementById("session-end")) {
  const tabs = channel(location.pathname.startsWith("/admin"));
  if (tabs) tabs.postMessage("out");
}

// Warns before the session ends, and offers to extend it.
const ending = document.getElementById("session-end");
if (ending && ending.showModal) {
  const now = () => Date.now() / 1000;
  const last = now() + Number(ending.dataset.lastIn);
  let ends = now() + Number(ending.dataset.endsIn);
  let shown = "";
  ending.querySelector("[data-kept]").hidden = !typable().length;
  const stay = ending.querySelector("form[method=post]");
  const tabs = channel(new URL(stay.action).pathname.startsWith("/admin"));
  let out = false;
  const say = (when) => {
    if (when === shown) return;
    shown = when;
    for (const part of ending.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(when);
    if (!when) ending.close();
    else if (!ending.open) ending.showModal();
  };
  const look = () => {
    const left = Math.min(ends, last) - now();
    say(out ? "out" : left > 120 ? "" : left <= 0 ? "over" : last <= ends ? "last" : "soon");
  };
  const prolong = (seconds) => { ends = now() + seconds; look(); };
  if (tabs) {
    tabs.addEventListener("message", (event) => {
      out = event.data === "out";
      if (out) look();
      else prolong(event.data);
    });
    tabs.postMessage(Number(ending.dataset.endsIn));
  }
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
  const signIn = ending.querySelector("[data-when~=over] a");
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
