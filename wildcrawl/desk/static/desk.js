// Autosave of forms, and keyboard keys. Without this script, forms are saved with their buttons.
"use strict";

const PAUSE = 700;
const AGAIN = 4000;

document.documentElement.classList.add("script");
for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);

// A key presses its button or focuses its field, except while typing, which Enter ends. Select
// fields opened with the mouse ignore letters, so that the next key gives the verdict.
let clicked = null;
document.addEventListener("pointerdown", (event) => (clicked = event.target.closest("select")));
document.addEventListener("focusout", (event) => {
  if (event.target === clicked) clicked = null;
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing && typing !== clicked) {
    const ended = event.key === "Enter" || event.key === "Escape";
    if (ended && !event.isComposing && typing.form?.matches(".judge")) typing.blur();
    return;
  }
  for (const each of document.querySelectorAll("[data-key]")) {
    if (each.dataset.key !== event.key) continue;
    event.preventDefault();
    clicked = null;
    if (each.matches("button")) each.click();
    else each.focus();
  }
});

for (const tag of document.querySelectorAll(".tag")) {
  showTag(tag);
  tag.addEventListener("input", () => showTag(tag));
}

// Marks changed tags, and lists the further species.
function showTag(tag) {
  const select = tag.querySelector("select");
  const boxes = [...tag.querySelectorAll("input[type=checkbox]")];
  for (const box of boxes) box.parentElement.hidden = box.value === select.value;
  const further = boxes.filter((box) => box.checked && box.value !== select.value);
  const now = [select.value, ...further.map((box) => box.value)].filter(Boolean);
  const was = tag.querySelector("input[type=hidden]").value.split(";").filter(Boolean);
  const same = now[0] === was[0] && now.length === was.length && now.every((each) => was.includes(each));
  tag.classList.toggle("changed", !same);
  const list = tag.querySelector("[data-chosen]");
  if (list) list.textContent = further.map((box) => box.parentElement.textContent.trim()).join(", ");
}

function keep(form) {
  const status = form.querySelector(".status");
  let wanted = 0; // number of changes, so that a save knows whether it was the last
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
    // A running save must end first, or the row would be written twice.
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
    // "Saved" is shown only if it covers the whole current form.
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
    status.textContent = `Not saved 未保存 (${problem.message}); keep this window open, saving is retried.`;
  }
}
