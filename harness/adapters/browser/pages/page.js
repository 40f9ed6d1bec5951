// What every player's page has in common: the film's own events, and the way to tell what happens.
//
// A page of its own calls `play({prepare, start, retry, cancel})` and tells the player's events by `tell(event, fields)`.
// `tellHarness` is put into the page by the harness. Fields are plain data; `text` is what the player says in words.
"use strict";

const video = document.querySelector("video");

function tell(event, fields = {}) {
  window.tellHarness(event, JSON.parse(JSON.stringify(fields)));
}

// Loads the player's own bundle.
function script(url) {
  return new Promise((loaded, failed) => {
    const element = document.createElement("script");
    element.src = url;
    element.onload = loaded;
    element.onerror = () => failed(new Error(`${url} cannot be loaded`));
    document.head.append(element);
  });
}

for (const event of ["playing", "waiting", "stalled", "ended"]) {
  video.addEventListener(event, () => tell(`video.${event}`, { at: video.currentTime }));
}
video.addEventListener("error", () => {
  if (video.error) tell("video.error", { code: video.error.code, text: video.error.message });
});

// The calls of the harness. Each returns at once; what becomes of it is told.
function play(player) {
  const call = (name, then) => (...given) => {
    Promise.resolve()
      .then(() => player[name](...given))
      .then(then)
      .catch((error) => tell("page.rejected", { call: name, text: String(error) }));
  };
  window.player = {
    prepare: (setup) => player.prepare(setup),
    start: call("start"),
    retry: call("retry"),
    cancel: call("cancel", () => tell("page.cancelled")),
  };
}
