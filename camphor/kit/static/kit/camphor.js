// Small comforts on top of pages that work without them. No eval, no globals; written for Chrome 86 and Safari 13.
const all = (root, what) => Array.from(root.querySelectorAll(what));
const LOOK_MS = 3000; // between two looks for a newer map, while somebody sees the page
const NEAR = 0.9; // from nine tenths of the length on the counter speaks up
const KEEP_MS = 2 * 60 * 60 * 1000; // kept text is forgotten after two hours
const store = { // private windows may refuse storage
  get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch (refused) { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch (refused) { /* goes unsaved */ } },
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
  show();
}

function keep(area) {
  const key = "keep:" + location.pathname + ":" + area.name;
  const kept = store.get(key);
  if (kept && !area.value) {
    area.value = kept.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.addEventListener("input", () => store.set(key, { text: area.value, at: Date.now() }));
  if (area.form) area.form.addEventListener("submit", () => store.set(key, { text: area.value, at: Date.now(), sent: true }));
}

function prepare(root) {
  store.drop((kept) => !kept || Date.now() - kept.at > KEEP_MS);
  if (document.querySelector(".notice--success, [data-kept]")) store.drop((kept) => kept.sent);
  all(root, "textarea[data-keep]:not([data-ready]), input[data-keep]:not([data-ready])").forEach(keep);
  all(root, "textarea[data-most]:not([data-ready])").forEach(count);
  all(root, "textarea, input[data-keep]").forEach((area) => area.setAttribute("data-ready", ""));
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
