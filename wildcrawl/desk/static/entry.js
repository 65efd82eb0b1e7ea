// Entry forms: counters with buttons, and pictures that are chosen, dropped or pasted. Without this
// script, counts are typed, and chosen pictures are added with a button.
"use strict";

(() => {
  const say = (english, chinese) => (document.documentElement.lang === "zh" ? chinese : english);

  for (const button of document.querySelectorAll("[data-step]")) {
    const field = button.parentElement.querySelector("input");
    const step = Number(button.dataset.step);
    button.hidden = false;
    button.addEventListener("click", () => count(field, step));
    // Tab leads from count to count; on the keyboard, arrows are the buttons.
    field.addEventListener("keydown", (event) => {
      if (event.key !== (step > 0 ? "ArrowUp" : "ArrowDown")) return;
      event.preventDefault();
      count(field, step);
    });
  }
  // Who saved a post goes on with the next one; going to the address's heading takes the focus away.
  window.addEventListener("load", () => {
    if (location.hash === "#new") document.querySelector("form.post [name=advertisements]")?.select();
  });

  function count(field, step) {
    field.value = Math.max(Number(field.dataset.least), (Number(field.value) || 0) + step);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  const places = [...document.querySelectorAll("[data-pictures]")];
  let last = places[0];
  for (const place of places) prepare(place);
  document.addEventListener("focusin", (event) => (last = placeOf(event.target) ?? last));

  function placeOf(element) {
    return element.closest("form")?.querySelector("[data-pictures]");
  }

  function pictures(files) {
    return [...(files ?? [])].filter((file) => file.type.startsWith("image/"));
  }

  document.addEventListener("paste", (event) => {
    const files = pictures(event.clipboardData?.files);
    const place = placeOf(event.target) ?? last;
    if (!files.length || !place) return;
    event.preventDefault();
    add(place, files);
  });
  // A picture that misses its place must not replace the page.
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!places.length || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      const place = placeOf(event.target);
      for (const each of places) each.classList.toggle("over", kind === "dragover" && each === place);
      if (kind === "drop" && place) add(place, [...event.dataTransfer.files]);
    });
  }

  function prepare(place) {
    const field = place.querySelector("input[type=file]");
    place.querySelector("[data-add]").hidden = true;
    field.addEventListener("change", () => {
      const files = [...field.files];
      field.value = "";
      add(place, files);
    });
    place.addEventListener("click", (event) => {
      const button = event.target.closest("button[name=payload]");
      if (!button) return;
      event.preventDefault();
      const body = bodyOf(place);
      body.set("payload", button.value);
      send(place, button.getAttribute("formaction"), body);
    });
  }

  function bodyOf(place) {
    const body = new FormData(place.closest("form"));
    body.delete("pictures");
    return body;
  }

  async function add(place, files) {
    // One by one, so that one that is too large does not refuse the others.
    for (const file of files) {
      const body = bodyOf(place);
      body.append("pictures", file, file.name || "pasted.png");
      await send(place, place.dataset.pictures, body, file.name);
    }
  }

  async function send(place, address, body, name = "") {
    const said = place.querySelector("[data-said]");
    place.queue = (place.queue ?? Promise.resolve()).then(async () => {
      said.classList.remove("failed");
      said.textContent = say("Adding …", "正在添加 …");
      try {
        const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
        if (answer.status === 413) throw new Error(say("too large", "太大"));
        if (!answer.ok) throw new Error(`${answer.status}`);
        const { html, refused, number, key } = await answer.json();
        place.querySelector("[data-list]").innerHTML = html;
        if (key !== undefined) place.closest("form").elements.key.value = key;
        const kept = say(`${number} kept as evidence`, `已存 ${number} 张为证据`);
        said.textContent = [...refused, kept].join(" · ");
        said.classList.toggle("failed", refused.length > 0);
      } catch (problem) {
        said.classList.add("failed");
        said.textContent = say(
          `Not added: ${name} (${problem.message}); try again.`,
          `未添加：${name}（${problem.message}）；请重试。`,
        );
      }
    });
    await place.queue;
  }
})();
