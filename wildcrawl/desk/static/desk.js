// Saves a form while it is filled in. Without this script each form has its button all the same.
"use strict";

const PAUSE = 700;
const AGAIN = 4000;

document.documentElement.classList.add("script");
for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);

// A button is pressed by its key, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  for (const button of document.querySelectorAll("button[data-key]")) {
    if (button.dataset.key === event.key) button.click();
  }
});

function keep(form) {
  const status = form.querySelector(".status");
  let wanted = 0; // counts changes, so that a save knows whether it was the last
  let saved = 0;
  let running = null;
  let timer = 0;

  form.addEventListener("input", (event) => {
    wanted += 1;
    if (!form.dataset.failed) status.textContent = "Saving 正在保存 …";
    const typing = event.target.matches("textarea, input:not([type=checkbox])");
    later(typing ? PAUSE : 0);
  });
  form.addEventListener("change", () => wanted > saved && later(0));
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    saved = wanted;
    // A save that is under way must end first, or the row would be written twice.
    if (!running) return;
    event.preventDefault();
    running.catch(() => {}).then(() => form.requestSubmit(event.submitter));
  });
  window.addEventListener("pagehide", () => {
    clearTimeout(timer);
    if (wanted > saved) send(true).catch(() => {});
  });
  window.addEventListener("beforeunload", (event) => {
    if (form.dataset.failed && wanted > saved) event.preventDefault();
  });

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  async function save() {
    if (running) return;
    const upTo = wanted;
    running = send(false).then((answer) => show(answer, upTo));
    try {
      await running;
      saved = Math.max(saved, upTo);
    } catch (problem) {
      fail(problem);
    }
    running = null;
    if (form.dataset.failed) later(AGAIN);
    else if (wanted > saved) later(0);
  }

  async function send(leaving) {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" },
      keepalive: leaving,
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  function show(answer, upTo) {
    delete form.dataset.failed;
    if ("key" in answer) form.elements.key.value = answer.key;
    if (answer.found_at && !form.elements.found_at.value) {
      form.elements.found_at.value = answer.found_at;
    }
    status.classList.remove("failed");
    // "Saved" is said of all that stands in the form, or not at all.
    if (upTo === wanted) status.textContent = `Saved 已保存 ${answer.saved}`;
    for (const place of form.querySelectorAll("[data-mistake]")) {
      const text = answer.mistakes[place.dataset.mistake] || "";
      place.textContent = text;
      place.hidden = !text;
    }
    for (const bar of document.querySelectorAll("progress")) bar.value = answer.searched;
    for (const place of document.querySelectorAll("[data-searched]")) {
      place.textContent = answer.searched;
    }
    if ("done" in answer) form.closest(".keyword")?.classList.toggle("done", answer.done);
  }

  function fail(problem) {
    form.dataset.failed = "1";
    status.classList.add("failed");
    status.textContent = `Not saved 未保存 (${problem.message}); leave this window open.`;
  }
}
