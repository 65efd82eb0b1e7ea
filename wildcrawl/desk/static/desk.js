// Autosave of forms, and keyboard keys. Without this script, forms are saved with their buttons.
"use strict";

const PAUSE = 700;
const AGAIN = 4000;

const root = document.documentElement;
const say = (english, chinese) => (root.lang === "zh" ? chinese : english);
root.classList.add("script");
for (const form of document.querySelectorAll("form[data-autosave]")) keep(form);

// The letter or digit of a key event. Caps lock does not matter; with an input method or another
// script the place of the key counts, since its letter is "Process" or no Latin one.
function keyOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code);
  if (/^[a-z0-9]$/.test(key) || !place) return key;
  const typed = key.length === 1 && /[\x21-\x7e]/.test(key) && !event.code.startsWith("Digit");
  const named = key.length > 1 && !["Process", "Unidentified", "Dead"].includes(key);
  return typed || (named && event.keyCode !== 229) ? key : place[1].toLowerCase();
}

const card = document.getElementById("judge");
// Nobody sees and answers a card within this time (in ms), so that a key is one for the card before.
const GLANCE = 250;
// Longest wait (in ms) for the first picture of a card.
const PICTURE = 10000;
// Longest wait (in ms) for a frame of a page in view, after which the card counts as painted.
const FRAME = 1500;
// Time (in ms) after which a card says why it takes no keys, and after which one that the desk
// does not answer takes keys again; the desk refuses a verdict that it has already.
const SAYS_WHY = 3000;
const UNANSWERED = 15000;
let readyAt = card ? Infinity : 0; // moment from which the card takes keys and clicks
let foreign = "foreign" in root.dataset;
let sent = false;

if (card) {
  painted().then(makeReady);
  setTimeout(() => {
    if (readyAt === Infinity) announce(stillLoading());
  }, SAYS_WHY);
}
document.addEventListener("pointerdown", () => (foreign = false));
window.addEventListener("pageshow", (event) => {
  if (event.persisted) sent = false;
});

// Resolves once the card with its first picture is on the screen.
async function painted() {
  const picture = document.querySelector(".pictures figure:not([hidden]) img");
  const decoded = picture ? picture.decode().catch(() => {}) : null;
  await Promise.race([decoded, new Promise((done) => setTimeout(done, PICTURE))]);
  for (let each = 0; each < 2; each += 1) await nextFrame();
}

// Resolves at the next frame; a browser that makes none of a page in view is not waited for.
function nextFrame() {
  return new Promise((done) => {
    requestAnimationFrame(done);
    const look = () => (document.hidden ? setTimeout(look, FRAME) : done());
    setTimeout(look, FRAME);
  });
}

function makeReady() {
  readyAt = performance.now() + GLANCE;
  setTimeout(() => (root.dataset.ready = ""), GLANCE);
}

function stillLoading() {
  return say("The card is still loading: keys come within some seconds.", "卡片仍在加载：几秒后按键才生效。");
}

function early(event) {
  if (event.timeStamp >= readyAt && !foreign) return false;
  const off = say("Keys are off until you click in the page.", "点击页面后按键才生效。");
  const appeared = say("Ignored: the card had only just appeared.", "未执行：卡片刚刚出现。");
  const loads = readyAt === Infinity && performance.now() > SAYS_WHY;
  announce(foreign ? off : loads ? stillLoading() : appeared);
  return true;
}

// A verdict on its way takes no other; if no answer comes, the card says so and takes keys again.
function awaitAnswer() {
  sent = true;
  setTimeout(() => {
    if (!sent) return;
    announce(say("Waiting for the desk’s answer …", "正在等待工作台答复……"));
    clearTimeout(announce.timer);
  }, SAYS_WHY);
  setTimeout(() => {
    if (!sent) return;
    sent = false;
    announce(say("The desk has not answered: press again.", "工作台没有答复：请再按一次。"), true);
  }, UNANSWERED);
}

// A card is judged once, and by a key or click that came after it was seen.
document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-guarded]")) return;
    if (sent || early(event)) event.preventDefault();
    else awaitAnswer();
    if (event.defaultPrevented) event.stopImmediatePropagation();
  },
  true,
);

// A key presses its button or focuses its field, except while typing, which Enter ends. Select
// fields opened with the mouse ignore letters, so that the next key gives the verdict.
let clicked = null;
document.addEventListener("pointerdown", (event) => (clicked = event.target.closest("select")));
document.addEventListener("focusout", (event) => {
  if (event.target === clicked) clicked = null;
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat) return;
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
  if (typing && typing !== clicked) {
    const ended = event.key === "Enter" || event.key === "Escape";
    if (ended && !event.isComposing && typing.form?.matches(".judge")) typing.blur();
    return;
  }
  const key = keyOf(event);
  if (/^[0-9]$/.test(key)) return explain(key);
  for (const each of document.querySelectorAll("[data-key]")) {
    if (each.dataset.key !== key) continue;
    event.preventDefault();
    if (card && early(event)) return;
    clicked = null;
    if (each.matches("button, summary, a")) each.click();
    else each.focus();
    // What opens may be below the screen, as on a phone.
    if (each.matches("summary")) each.parentElement.scrollIntoView({ block: "nearest" });
  }
});

// The browser's message about a missing name is in its own language, and does not say why.
const nameField = document.getElementById("by");
nameField?.addEventListener("invalid", () => {
  nameField.setCustomValidity(
    say(
      "First enter your name: it stands with each verdict, and is asked once.",
      "请先填写审核人：它与每次判定一同保存，只需填写一次。",
    ),
  );
});
nameField?.addEventListener("input", () => nameField.setCustomValidity(""));

// Reasons of the verdict given last. A digit pressed while the next card loads is kept for it.
const KEPT = "wildcrawl reason";
const reasons = document.querySelector("[data-reasons]");
reasons?.addEventListener("submit", (event) => {
  event.preventDefault();
  give(event.submitter);
});
const digit = kept();
if (digit) explain(digit);

function explain(key) {
  if (sent) return keepForNext(key);
  const button = reasons?.querySelector(`[data-digit="${key}"]`);
  if (button) give(button);
}

async function give(button) {
  const body = new URLSearchParams(new FormData(reasons));
  body.set("reason", button.getAttribute("aria-pressed") === "true" ? "" : button.value);
  try {
    const answer = await fetch(reasons.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { reason, name } = await answer.json();
    for (const each of reasons.querySelectorAll("[name=reason]")) {
      each.setAttribute("aria-pressed", `${each.value === reason}`);
    }
    announce(reason ? say(`Reason saved: ${name}`, `已保存原因：${name}`) : say("Reason removed", "已删除原因"));
  } catch (problem) {
    announce(say(`Reason not saved (${problem.message})`, `原因未保存（${problem.message}）`), true);
  }
}

function keepForNext(key) {
  try {
    const { site, ad_id: ad } = (card ?? document.querySelector("form.group")).elements;
    sessionStorage.setItem(KEPT, JSON.stringify([site.value, ad.value, key]));
  } catch {
    // Without storage the reason is given on the next card.
  }
}

// The digit kept for the verdict that this page shows as the last one.
function kept() {
  try {
    const [site, ad, key] = JSON.parse(sessionStorage.getItem(KEPT)) ?? [];
    sessionStorage.removeItem(KEPT);
    const fits = reasons && reasons.elements.site.value === site && reasons.elements.ad_id.value === ad;
    return fits ? key : "";
  } catch {
    return "";
  }
}

// Screen readers say only what changes in a page, so the verdict before is put into it once more.
const before = document.querySelector(".last [role=status]")?.textContent.trim();
if (before) {
  setTimeout(() => {
    const place = document.getElementById("announcement");
    if (!place.textContent) place.textContent = before;
  }, 500);
}

function announce(text, wrong = false) {
  const place = document.getElementById("announcement");
  place.textContent = text;
  place.classList.toggle("shown", true);
  place.classList.toggle("failed", wrong);
  clearTimeout(announce.timer);
  announce.timer = setTimeout(() => place.classList.remove("shown"), wrong ? 20000 : 4000);
}

// Writing and importing may take minutes: it is said, and begun once.
for (const form of document.querySelectorAll("form[data-slow]")) {
  form.addEventListener("submit", (event) => {
    const again = form.hasAttribute("aria-busy");
    if (again) event.preventDefault();
    form.setAttribute("aria-busy", "true");
    announce(say("Working; this may take some minutes …", "正在处理，可能需要几分钟……"));
    clearTimeout(announce.timer);
  });
}
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-slow]")) form.removeAttribute("aria-busy");
});

// What a page says of work that goes on is renewed; once it has ended, the page is loaded anew.
const working = document.querySelector("[data-working]");
if (working) setInterval(renew, 2000);

async function renew() {
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-working]");
    if (now) working.replaceChildren(...now.childNodes);
    else location.reload();
  } catch {
    // The desk does not answer: it is asked again.
  }
}

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
    if (!form.dataset.failed) status.textContent = say("Saving …", "正在保存 …");
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
    if (upTo === wanted) status.textContent = `${say("Saved", "已保存")} ${answer.saved}`;
    const mistakes = Object.values(answer.mistakes).filter(Boolean);
    if (mistakes.length) {
      // Read out with the status; each mistake also is beside its field.
      const spoken = document.createElement("span");
      spoken.className = "hidden";
      spoken.textContent = ` ${say("Mistakes", "错误")}: ${mistakes.join(" ")}`;
      status.append(spoken);
    }
    for (const place of form.querySelectorAll("[data-mistake]")) {
      const text = answer.mistakes[place.dataset.mistake] || "";
      place.textContent = text;
      place.hidden = !text;
      const field = place.id && form.querySelector(`[aria-describedby~="${place.id}"]:not(fieldset)`);
      if (field && text) field.setAttribute("aria-invalid", "true");
      else if (field) field.removeAttribute("aria-invalid");
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
    status.textContent = say(
      `Not saved (${problem.message}); keep this window open, saving is retried.`,
      `未保存（${problem.message}）；请不要关闭窗口，正在重试。`,
    );
  }
}
