// Puts the assistant on a clinic's page:
//   <script src="https://assistant.example/chat/static/embed.js" data-clinic="Riverside" data-lang="en" data-position="left" async></script>
// One native button, one native dialog, the page itself in a frame. The shadow root keeps the site's styles out.
(() => {
  const script = document.currentScript;
  const home = new URL("..", script.src); // .../chat/
  const words = {} /* from the string tables */;
  const { clinic = "", lang = "", position = "right" } = script.dataset;
  const { launch, close } = words[lang] ?? Object.values(words)[0];
  const { open = launch } = script.dataset;
  const title = [open, clinic].filter(Boolean).join(", ");

  const place = document.createElement("div");
  place.style.cssText = "all: initial !important"; // set by script, which a site's style policy allows
  const root = place.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  // em and not rem: rem would follow the clinic's root element, while medium follows the reader's browser.
  sheet.replaceSync(`
    :host { all: initial; font: 600 medium/1.4 system-ui, sans-serif; }
    * { box-sizing: border-box; font: inherit; }
    button { min-height: 2.75em; min-width: 2.75em; padding: 0.5em 1.25em; border: 0.125em solid #fff; border-radius: 0.5em; background: #0b4a6f; color: #fff; cursor: pointer; }
    button:focus-visible { outline: 0.2em solid #8a3ffc; outline-offset: 0.15em; }
    .launcher { position: fixed; bottom: 1em; ${position === "left" ? "left" : "right"}: 1em; z-index: 2147483647; max-width: calc(100vw - 2em); }
    dialog { width: min(48em, 100vw); height: min(60em, 100dvh); max-width: none; max-height: none; padding: 0; border: 0.125em solid #0b4a6f; border-radius: 0.5em; background: Canvas; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / 0.6); }
    .bar { display: flex; justify-content: flex-end; padding: 0.25em; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media print { .launcher { display: none; } }
  `);
  root.adoptedStyleSheets = [sheet];

  const make = (name, values) => Object.assign(document.createElement(name), values);
  const launcher = make("button", { type: "button", className: "launcher", textContent: title });
  const dialog = make("dialog", { ariaLabel: title });
  const bar = make("div", { className: "bar" });
  const closer = make("button", { type: "button", textContent: close });
  const frame = make("iframe", { title });
  const address = new URL(home);
  if (lang) address.searchParams.set("lang", lang);

  launcher.ariaHasPopup = "dialog";
  bar.append(closer);
  dialog.append(bar, frame);
  root.append(launcher, dialog);

  launcher.addEventListener("click", () => {
    frame.src ||= address.href; // nothing is loaded before it is asked for
    dialog.showModal();
  });
  closer.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => launcher.focus());
  addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.origin === home.origin && event.data === "close-assistant") dialog.close();
  });
  const put = () => document.body.append(place);
  document.body ? put() : addEventListener("DOMContentLoaded", put);
})();
