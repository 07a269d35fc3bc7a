// A tap on a day sheet saves in place, and waits where there is no network. Without this script each tap is a page.
// What is sent carries the number of its press, so that sending it again keeps nothing twice.

const waiting = [];
let busy = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-taps]")) return;
  event.preventDefault();
  const sent = new FormData(form, event.submitter);
  const pair = form.closest("li");
  for (const button of pair.querySelectorAll("[name=outcome]")) button.setAttribute("aria-pressed", String(button === event.submitter));
  pair.setAttribute("aria-busy", "true");
  waiting.push({ pair: pair.id, sent });
  sendNext();
});

async function sendNext() {
  if (busy || !waiting.length) return;
  busy = true;
  const { pair, sent } = waiting[0];
  try {
    const answer = await fetch(location.href, { method: "POST", body: sent });
    if (answer.status >= 500) throw new Error("later");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    waiting.shift();
    replace(page, pair);
    busy = false;
    sendNext();
  } catch {
    busy = false;
    setTimeout(sendNext, 3000);
  }
}

function replace(page, pair) {
  const fresh = page.getElementById(pair);
  const refusal = page.querySelector("main [role=alert]");
  if (!fresh) return location.reload();
  const old = document.getElementById(pair);
  const had = document.activeElement;
  const name = old.contains(had) && [had.name, had.value];
  old.replaceWith(document.adoptNode(fresh));
  if (name) fresh.querySelector(`[name="${name[0]}"][value="${name[1]}"]`)?.focus({ preventScroll: true });
  const marked = page.getElementById("marked");
  if (marked) document.getElementById("marked")?.replaceWith(document.adoptNode(marked));
  if (refusal) fresh.append(document.adoptNode(refusal));
}

window.addEventListener("online", sendNext);
window.addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
