// What makes the staff page more comfortable with JavaScript; without it all works by plain forms.
document.documentElement.classList.add("js");

// Enter sends, as on the patient page.
addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-enter-sends]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit(event.target.form.querySelector(".send"));
});

// A form is sent once.
addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("aria-disabled") || event.target.dataset.sent) return event.preventDefault();
  if (event.submitter?.value !== "download") event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => delete form.dataset.sent));

// A list is narrowed to what has all the words that are looked for.
addEventListener("input", ({ target }) => {
  if (!target.matches("[data-filter]")) return;
  const wanted = target.value.toLowerCase().split(/\s+/);
  const rows = [...document.getElementById(target.dataset.filter).children];
  for (const row of rows) row.hidden = !wanted.every((word) => row.dataset.name.includes(word));
  document.getElementById(`${target.dataset.filter}-found`).textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
});

// The story as YAML follows the form; only the answer to the last change counts, and what is being written there is left alone.
const story = document.querySelector("form[data-story]");
let changes = 0;
story?.addEventListener("change", async ({ target }) => {
  if (!target.closest(".step") || target.dataset.filter) return;
  const change = ++changes, written = story.elements.text.value;
  const told = new URLSearchParams(new FormData(story));
  told.set("do", "show");
  const answer = await (await fetch(story.action, { method: "POST", body: told })).text();
  const panel = new DOMParser().parseFromString(answer, "text/html").getElementById("yaml");
  if (panel && change === changes && story.elements.text.value === written) document.getElementById("yaml").replaceWith(panel);
});

// The progress of a run.
const bar = document.querySelector("progress[data-watch]");
if (bar) {
  const look = async () => {
    const { done, total, ended } = await (await fetch(bar.dataset.watch)).json();
    if (ended) return location.reload();
    bar.value = done;
    bar.max = total;
    document.getElementById("done").textContent = done;
    setTimeout(look, 1000);
  };
  setTimeout(look, 1000);
}
