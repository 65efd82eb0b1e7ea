// Pictures of a card: leafing with the arrow keys, zoom with z. Without this script, thumbnails and
// the large picture are plain links.
"use strict";

const zoomKey = document.querySelector("[data-zoom]")?.getAttribute("aria-keyshortcuts");
const figures = [...document.querySelectorAll(".pictures figure")];
const abouts = [...document.querySelectorAll(".pictures [data-about]")];
const thumbnails = [...document.querySelectorAll("[data-picture]")];
const zoom = document.createElement("dialog");
const zoomed = document.createElement("img");
let current = figures.findIndex((figure) => !figure.hidden);

if (figures.length) {
  const close = document.createElement("button");
  close.textContent = say("Close (Esc)", "关闭 (Esc)");
  close.addEventListener("click", () => zoom.close());
  zoom.className = "zoom";
  zoomed.alt = say("Enlarged picture", "放大的图片");
  zoom.setAttribute("aria-label", zoomed.alt);
  zoom.append(zoomed, close);
  zoom.addEventListener("close", () => zoom.classList.remove("natural"));
  zoomed.addEventListener("click", () => zoom.classList.toggle("natural"));
  document.querySelector(".pictures").append(zoom);

  for (const [place, figure] of figures.entries()) {
    const picture = figure.querySelector("img");
    const failed = () => (figure.querySelector(".failed").hidden = false);
    picture.addEventListener("error", failed);
    // The picture may have failed before this script ran.
    if (picture.complete && !picture.naturalWidth && !figure.hidden) failed();
    figure.querySelector("[data-zoom]").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      enlarge(place);
    });
  }
  for (const [place, thumbnail] of thumbnails.entries()) {
    thumbnail.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(place);
    });
  }
  window.addEventListener("load", () => fetchNext());
  document.addEventListener("keydown", (event) => {
    if (!zoomKey || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (figures.length < 2) return;
      event.preventDefault();
      show(current + (event.key === "ArrowRight" ? 1 : -1));
    } else if (keyOf(event) === zoomKey && !event.repeat) {
      event.preventDefault();
      if (!zoom.open) enlarge(current);
      else if (!zoom.classList.contains("natural")) zoom.classList.add("natural");
      else zoom.close();
    }
  });
}

// Shows a picture; after the last one comes the first.
function show(place) {
  current = (place + figures.length) % figures.length;
  for (const [each, figure] of figures.entries()) {
    figure.hidden = abouts[each].hidden = each !== current;
  }
  for (const [each, thumbnail] of thumbnails.entries()) {
    if (each === current) thumbnail.setAttribute("aria-current", "true");
    else thumbnail.removeAttribute("aria-current");
  }
  thumbnails[current]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (zoom.open) enlarge(current);
  fetchNext();
}

function enlarge(place) {
  zoomed.src = figures[place].querySelector("[data-zoom]").href;
  zoomed.alt = figures[place].querySelector("img").alt;
  if (!zoom.open) zoom.showModal();
}

// Loads the picture after the current one, so that leafing shows it at once.
function fetchNext() {
  const next = figures[(current + 1) % figures.length]?.querySelector("img");
  if (next) next.loading = "eager";
}

// What other advertisements say of the card is searched for once the card is on the screen. The
// cookie tells the desk that this script fetches it; without it, cards come whole.
const more = document.querySelector("[data-more]");
const AGAIN_AFTER = 1000; // ms until it is asked for again, while the desk is searching for others
// Time (in ms) after which a card that is still looked at gets it; a quick verdict costs no search.
const LINGER = 1000;
const asking = new AbortController();
if (more) {
  document.cookie = `later=1; path=/; max-age=31536000; SameSite=Strict${location.protocol === "https:" ? "; Secure" : ""}`;
  if (more.dataset.more) painted().then(() => setTimeout(fetchMore, LINGER));
  // The connection of a search that nobody waits for is free for the next card.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-guarded]") && !event.defaultPrevented) asking.abort();
  });
}

async function fetchMore(again = "") {
  if (sent || asking.signal.aborted) return;
  more.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(more.dataset.more + again, { signal: asking.signal });
    if (answer.status === 202) {
      setTimeout(fetchMore, AGAIN_AFTER, "&again=1");
      return;
    }
    if (!answer.ok) throw new Error(`${answer.status}`);
    more.innerHTML = await answer.text();
  } catch (problem) {
    if (sent || asking.signal.aborted) return;
    // The link to the whole card stays.
    const note = document.createElement("p");
    note.className = "wrong";
    note.textContent = say(`Not loaded (${problem.message})`, `未加载（${problem.message}）`);
    more.append(note);
  }
  more.removeAttribute("aria-busy");
}
