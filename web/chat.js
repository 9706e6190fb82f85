// The patient page with JavaScript: sends without reloading, keeps what could not be sent, and tells screen readers.
// The server draws every turn; this module only puts it in its place. Without it the page works by plain form posts.
import { io } from "./socket.io.esm.min.js";

const page = JSON.parse(document.getElementById("page").textContent);
const $ = (id) => document.getElementById(id);
const transcript = $("transcript"), box = $("message"), state = $("state"), problem = $("problem");
const ACKNOWLEDGED_WITHIN = 15000, HEARD_FOR = 1000, AFTER_FOCUS = 250;
const say = (name, values = {}) => page.strings[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

document.documentElement.classList.add("js");
// The reader's own form of the page's language: a British reader sees 17:10, an American 5:10 PM.
const locale = navigator.languages.find((name) => name.startsWith(document.documentElement.lang)) ?? document.documentElement.lang;

// What must survive a reload of this tab: the draft, messages not yet answered, and a token where cookies are refused.
const keep = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* private mode: the tab's memory has it */ } },
  clear: () => { try { sessionStorage.clear(); } catch { /* nothing was kept */ } },
};
if (new URLSearchParams(location.search).has("deleted")) {
  keep.clear();
  history.replaceState(null, "", location.pathname + "?lang=" + document.documentElement.lang);
}
let waiting = JSON.parse(keep.get("waiting") || "[]"); // [{id, text}], oldest first
let caughtUp = false, sending = false;

// ---- showing turns ----

const itemsOf = (id) => transcript.querySelectorAll(`[data-turn="${CSS.escape(id)}"]`);
const known = (id) => [...itemsOf(id)].some((item) => !item.classList.contains("pending"));
const lastTurn = () => [...transcript.querySelectorAll(".assistant")].at(-1)?.dataset.turn ?? null;

function show(turn, { aloud = true } = {}) {
  if (known(turn.id)) return;
  const mine = itemsOf(turn.id).length > 0;
  itemsOf(turn.id).forEach((item) => item.remove());
  const firstPending = transcript.querySelector(".pending");
  const holder = document.createElement("template");
  holder.innerHTML = turn.html;
  const added = [...holder.content.children];
  transcript.insertBefore(holder.content, firstPending);
  settle();
  if (!aloud) return;
  announce(turn);
  scrollTo(mine && added.length > 1 ? added[1] : added[0]);
}

// Times as the reader's own clock shows them, answered questions closed, and "go to the newest message" kept right.
function settle() {
  for (const time of transcript.querySelectorAll("time:not([data-local])")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
    time.dataset.local = "";
  }
  const items = [...transcript.children];
  items.forEach((item, place) => {
    const reply = items.slice(place + 1).find((later) => later.classList.contains("you"));
    if (item.classList.contains("assistant") && reply) close(item, reply.querySelector(".words").textContent);
  });
  const link = document.querySelector("a.newest");
  link.hidden = !lastTurn();
  link.hash = `turn-${lastTurn()}`;
}

function close(item, reply) {
  for (const answer of item.querySelectorAll(".answers .answer:not([aria-disabled])")) {
    answer.setAttribute("aria-disabled", "true");
    if (answer.value === reply || answer.textContent === reply) {
      answer.classList.add("chosen");
      answer.append(` ${say("chosen")}`);
    }
  }
}

function scrollTo(item) {
  if (box.value && document.activeElement === box) return; // never move the page under someone who is writing
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  item.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

// ---- telling screen readers, apart from the transcript ----

let focusMoved = 0;
addEventListener("focusin", () => { focusMoved = performance.now(); });

function announce(turn) {
  const wait = Math.max(0, AFTER_FOCUS - (performance.now() - focusMoved));
  const line = document.createElement("p");
  line.textContent = turn.announce;
  setTimeout(() => {
    (turn.alert ? $("alarm") : $("announcer")).append(line);
    setTimeout(() => line.remove(), HEARD_FOR);
  }, wait);
}

function status(name, away = false) {
  const text = name ? say(name) : "";
  if (state.textContent !== text) state.textContent = text;
  state.classList.toggle("away", away);
}

function complain(text) {
  problem.textContent = text;
  problem.hidden = !text;
  box.toggleAttribute("aria-invalid", Boolean(text));
  if (text) announce({ announce: text, alert: true });
}

// ---- sending: a message stays until its turn has come back ----

function send(text) {
  const words = text.trim();
  complain("");
  if (!words) return complain(say("empty")), false;
  if (words.length > page.limit) {
    complain(say("too_long", { limit: page.limit.toLocaleString(), numbers: page.numbers.join(", ") }));
    return false;
  }
  waiting.push({ id: newId(), text: words });
  remember();
  draw(waiting.at(-1));
  scrollTo(transcript.lastElementChild);
  deliver();
  return true;
}

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const remember = () => keep.set("waiting", JSON.stringify(waiting));

function draw({ id, text }) {
  if (itemsOf(id).length) return;
  const item = document.createElement("li"), who = document.createElement("p"), words = document.createElement("p"), note = document.createElement("p");
  item.className = "you pending";
  item.dataset.turn = id;
  who.className = "who";
  who.append(Object.assign(document.createElement("b"), { textContent: say("you") }));
  words.className = "words";
  words.textContent = text;
  note.className = "note unsent";
  item.append(who, words, note);
  transcript.append(item);
  settle();
}

function mark(id, name) {
  const note = transcript.querySelector(`[data-turn="${CSS.escape(id)}"] .unsent`);
  if (note) note.textContent = name ? say(name) : "";
}

// One at a time and in order. The server knows a message by its id, so sending it again is never counted twice.
async function deliver() {
  if (sending) return;
  sending = true;
  while (waiting.length && socket.connected && caughtUp) {
    const message = waiting[0];
    mark(message.id, "");
    status("working");
    try {
      const reply = await socket.timeout(ACKNOWLEDGED_WITHIN).emitWithAck("say", message);
      waiting = waiting.filter((other) => other.id !== message.id);
      reply.ok ? show(reply.turn) : refused(message, reply.error);
      status("connected");
    } catch {
      mark(message.id, socket.connected ? "not_arrived" : "not_sent");
      status("offline", true);
      if (socket.connected) await new Promise((done) => setTimeout(done, 2000));
    }
    remember();
  }
  sending = false;
  if (!socket.connected) waiting.forEach(({ id }) => mark(id, "not_sent"));
}

function refused(message, reason) {
  itemsOf(message.id).forEach((item) => item.remove());
  if (!box.value) box.value = message.text;
  complain(reason);
}

// ---- the connection ----

const socket = io({
  path: `${page.base}/socket`,
  transports: ["websocket", "polling"],
  tryAllTransports: true,
  reconnectionDelay: 500,
  reconnectionDelayMax: 5000,
  auth: (use) => use({ token: keep.get("token"), language: document.documentElement.lang }),
});

socket.on("connect", async () => {
  try {
    const { token, turns } = await socket.timeout(ACKNOWLEDGED_WITHIN).emitWithAck("catch_up", lastTurn());
    if (token) keep.set("token", token);
    for (const field of document.querySelectorAll("input[name=token]")) field.value = token ?? "";
    turns.forEach((turn, place) => show(turn, { aloud: place === turns.length - 1 && transcript.childElementCount > 0 }));
    waiting = waiting.filter(({ id }) => !known(id));
    remember();
    caughtUp = true;
    status("connected");
    deliver();
  } catch {
    socket.disconnect().connect();
  }
});
socket.on("turn", (turn) => {
  if (!caughtUp) return; // it comes with the turns to catch up on
  waiting = waiting.filter(({ id }) => id !== turn.id);
  remember();
  show(turn);
});
socket.on("forgotten", () => { keep.clear(); location.replace(`${page.base}/?deleted=1&lang=${document.documentElement.lang}`); });
socket.on("disconnect", lost);
socket.on("connect_error", lost);
function lost() {
  caughtUp = false;
  status("offline", true);
  waiting.forEach(({ id }) => mark(id, "not_sent"));
}

// The browser knows at once that a network is gone; the socket would wait for a missing heartbeat.
addEventListener("offline", () => socket.io.engine?.close());
addEventListener("online", () => { if (!socket.connected) socket.disconnect().connect(); });

// ---- what a person does ----

addEventListener("submit", (event) => {
  if (event.target.id !== "talk" && !event.target.matches(".quick")) return;
  event.preventDefault();
  const chosen = event.submitter?.name === "answer" ? event.submitter : null;
  if (chosen?.getAttribute("aria-disabled")) return;
  if (chosen) return void send(chosen.value);
  if (send(box.value)) { box.value = ""; keep.set("draft", ""); }
  else box.focus();
});
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $("talk").requestSubmit(document.querySelector(".send"));
});
box.addEventListener("input", () => { keep.set("draft", box.value); if (problem.textContent) complain(""); });

const actions = {
  print: () => print(),
  copy: async (button) => { await navigator.clipboard.writeText(button.dataset.text); status("copied"); },
  save: (button) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([button.dataset.text], { type: "text/plain;charset=utf-8" }));
    link.download = say("saved_as");
    link.click();
    URL.revokeObjectURL(link.href);
  },
};
addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do](button);
});
// Inside a frame the key does not reach the page around it.
if (parent !== window) addEventListener("keydown", (event) => { if (event.key === "Escape") parent.postMessage("close-assistant", "*"); });

// On paper everything is unfolded.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("#transcript details:not([open])")];
  unfolded.forEach((one) => { one.open = true; });
});
addEventListener("afterprint", () => unfolded.forEach((one) => { one.open = false; }));

// ---- the start ----

if (!box.value) box.value = keep.get("draft") || "";
waiting = waiting.filter(({ id }) => !known(id));
waiting.forEach(draw);
settle();
if (!socket.connected) status("connecting");
