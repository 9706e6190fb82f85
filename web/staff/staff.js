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
