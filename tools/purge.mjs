// The participants' style sheet: what their pages use of Tabler, and nothing else (look/README.md: 9 kB on a phone).
import { writeFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const content = [
  "rapport/core/templates/core/base.html",
  "rapport/core/templates/core/participant_base.html",
  "rapport/core/templates/core/error.html",
  "rapport/core/templates/core/refused.html",
  "rapport/core/templates/core/_*.html",
  "rapport/core/templates/4*.html",
  "rapport/core/templates/500.html",
  "rapport/core/templates/cotton/*.html",
  "rapport/core/templatetags/house.py", // names the classes of form fields
  "rapport/*/templates/*/public/**/*.html",
  "rapport/access/templates/**/*.html",
  "rapport/checkins/templates/checkins/_*.html", // pieces of their pages, which staff's pages show as well
  "rapport/meetings/templates/meetings/outings/*.html",
  "rapport/events/templates/events/{days,groups}/{leading,session,public,sheet,_*}.html",
];
// Names that no template spells out: themes, directions, and what htmx or a browser adds.
const safelist = { standard: ["html", "body", "visually-hidden", "dir", "lang"], greedy: [/data-bs-theme/] };

for (const [from, to] of [["tabler.min.css", "participant.css"], ["tabler.rtl.min.css", "participant.rtl.css"]]) {
  const [result] = await new PurgeCSS().purge({
    content,
    css: [`rapport/core/static/vendor/${from}`],
    safelist,
    variables: true,
    fontFace: true,
    keyframes: true,
  });
  writeFileSync(`rapport/core/static/vendor/${to}`, result.css);
}
