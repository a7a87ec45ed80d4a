// Small comforts on top of pages that work without them. No eval, no globals; written for Chrome 86 and Safari 13.
const all = (root, what) => Array.from(root.querySelectorAll(what));
const LOOK_MS = 3000; // between two looks for a newer map, while somebody sees the page
const NEAR = 0.9; // from nine tenths of the length on the counter speaks up
const KEEP_MS = 2 * 60 * 60 * 1000; // kept text is forgotten after two hours
const store = { // private windows may refuse storage
  get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch (refused) { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch (refused) { /* goes unsaved */ } },
  forget(key) { try { sessionStorage.removeItem(key); } catch (refused) { /* nothing was kept */ } },
  drop(test) {
    try {
      Object.keys(sessionStorage).filter((key) => key.startsWith("keep:") && test(store.get(key))).forEach((key) => sessionStorage.removeItem(key));
    } catch (refused) { /* nothing was kept */ }
  },
};

function count(area) {
  const most = Number(area.dataset.most);
  const line = document.createElement("span");
  const show = () => {
    const n = Array.from(area.value).length;
    line.textContent = n + " / " + most;
    line.classList.toggle("field__counter--near", n >= most * NEAR);
    line.classList.toggle("field__counter--over", n > most);
  };
  line.className = "field__counter";
  area.insertAdjacentElement("afterend", line);
  area.addEventListener("input", show);
  if (area.form) area.form.addEventListener("reset", () => setTimeout(show));
  show();
}

const keeping = new WeakSet();
const signedIn = /\/accounts\/(login|2fa\/authenticate)\/$/.test(new URL(document.referrer || location.href).pathname); // just before

function keep(area) {
  if (keeping.has(area)) return;
  keeping.add(area);
  const form = area.form;
  const choice = area.type === "checkbox" || area.type === "radio";
  const said = choice ? "checked" : "value";
  const whose = form && form.dataset.whose ? form.dataset.whose + ":" : "";
  const key = "keep:" + whose + location.pathname + ":" + area.name + (choice ? ":" + area.value : "");
  const version = form && form.elements.version;
  const was = area[said]; // as the server has it
  const kept = store.get(key);
  const first = kept && "was" in kept && kept.text === was ? kept.was : was;
  const save = (sent) => store.set(key, { text: area[said], was: first, version: version && version.value, at: Date.now(), sent });
  // what was sent after the session had ended never arrived; what was only typed is back where nothing else stands there now
  if (kept && kept.text !== was && (signedIn || (!choice && (!was || kept.was === was)))) {
    area[said] = kept.text;
    if (kept.version && kept.was !== was) version.value = kept.version; // so that both texts are shown
    area.dispatchEvent(new Event("input", { bubbles: true }));
    if (was || choice) tell(form);
  }
  area.addEventListener("input", () => save(false));
  if (!form) return;
  form.addEventListener("submit", () => { if (!choice || area[said] !== was) save(true); });
  form.addEventListener("reset", () => store.forget(key));
}

function tell(form) {
  if (!form || !form.dataset.typed || form.querySelector("[data-told]")) return;
  const line = document.createElement("p");
  const back = document.createElement("button");
  line.className = "notice cluster";
  line.dataset.told = "";
  line.setAttribute("role", "status");
  back.className = "button button--small";
  back.type = "reset";
  back.textContent = form.dataset.untype;
  line.append(form.dataset.typed + " ", back);
  form.prepend(line);
  form.addEventListener("reset", () => line.remove());
}

const typed = (form) => Array.from(form.elements).filter((one) => one.name && one.autocomplete !== "off" && !one.readOnly && !/^(hidden|file|password|submit|reset|button|fieldset)$/.test(one.type));

function prepare(root) {
  store.drop((kept) => !kept || Date.now() - kept.at > KEEP_MS);
  if (document.querySelector(".notice--success, [data-kept]")) store.drop((kept) => kept.sent);
  all(root, "[data-keep]:not([data-ready])").forEach(keep);
  all(root, "form[data-typed]").forEach((form) => typed(form).forEach(keep));
  all(root, "textarea[data-most]:not([data-ready])").forEach(count);
  all(root, "textarea, [data-keep]").forEach((area) => area.setAttribute("data-ready", ""));
}

const free = (form) => { delete form.dataset.busy; form.classList.remove("is-busy"); };

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.busy) { event.preventDefault(); return; }
  form.dataset.busy = "1";
  form.classList.add("is-busy");
  setTimeout(() => free(form), 8000); // a lost connection must not lock the form
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print], [data-copy]");
  if (!button) return;
  if (button.hasAttribute("data-print")) { window.print(); return; }
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) return;
  navigator.clipboard.writeText((source.value || source.textContent).trim()).then(() => {
    if (button.dataset.done) button.textContent = button.dataset.done;
  });
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || !"123".includes(event.key)) return;
  const button = all(document, "[data-ballot] .ballot__buttons button")[Number(event.key) - 1];
  if (button) button.click();
});

window.addEventListener("pageshow", () => all(document, "form[data-busy]").forEach(free));
document.addEventListener("htmx:afterRequest", () => all(document, "form[data-busy]").forEach(free));
document.addEventListener("htmx:afterSettle", (event) => { // after a vote keyboard and screen reader go on at the new statement
  const next = event.target.id === "card" && event.target.querySelector("[data-focus]");
  if (next) next.focus();
});
setInterval(() => { // what lives on the page asks whether there is something newer
  if (document.visibilityState === "visible") all(document, "[data-live]").forEach((part) => part.dispatchEvent(new Event("look")));
}, LOOK_MS);
let place = null; // where the reader is in a part that is about to be renewed
const tops = (part) => all(part, "[id]").map((node) => ({ id: node.id, top: node.getBoundingClientRect().top }));
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (!part || !part.hasAttribute("data-live")) return;
  const chosen = document.getSelection();
  const reading = chosen && !chosen.isCollapsed && part.contains(chosen.anchorNode);
  if (event.detail.xhr.status === 304 || reading) { event.detail.shouldSwap = false; return; }
  place = {
    part: part.id,
    open: all(part, "details[open]").map((one) => one.id),
    focus: part.contains(document.activeElement) ? document.activeElement.id : "",
    seen: tops(part).filter((node) => node.top < innerHeight).reverse(), // the last heading above or on the screen
  };
});
document.addEventListener("htmx:afterSwap", () => {
  const part = place && document.getElementById(place.part);
  if (!part) return;
  place.open.forEach((id) => { const one = id && document.getElementById(id); if (one) one.open = true; });
  const focused = place.focus && document.getElementById(place.focus);
  if (focused && focused !== document.activeElement) focused.focus({ preventScroll: true });
  const kept = place.seen.find((node) => node.id && document.getElementById(node.id));
  if (kept) scrollBy(0, document.getElementById(kept.id).getBoundingClientRect().top - kept.top);
  place = null;
});
// A vote that was not acknowledged is sent again, with the same key, so that it counts once.
const spread = (seconds) => seconds * 1000 * (1 + Math.random()); // not all at the same moment
const again = (root) => all(root, "[data-retry]:not([data-set])").forEach((button) => {
  button.dataset.set = "1";
  setTimeout(() => { if (button.isConnected) button.click(); }, spread(Number(button.dataset.retry)));
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 503 && event.detail.target.id === "card") { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("htmx:sendError", (event) => { // no network, or the service is restarting
  const form = event.detail.elt.closest("[data-ballot], .ballot"), lost = document.getElementById("lost");
  const sent = event.detail.requestConfig.triggeringEvent;
  if (!form || !lost) return;
  lost.hidden = false;
  const button = sent && sent.submitter;
  if (button) setTimeout(() => { if (button.isConnected) button.click(); }, spread(3));
});
document.addEventListener("htmx:afterSwap", (event) => {
  const lost = document.getElementById("lost");
  if (lost && event.detail.target.id === "card") lost.hidden = true;
});
document.addEventListener("htmx:load", (event) => { prepare(event.target); again(event.target); });
again(document);
prepare(document);
const errors = document.querySelector("[data-errors]");
if (errors) errors.focus();
