export const STYLE = `
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; display: inline-block; padding: .5rem; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 1rem 0 0; } h2 { font-size: 1.25rem; margin: 0; } h3 { display: inline; font-size: 1rem; font-weight: 400; margin: 0; }
header p { margin: .5rem 0; } .quiet, small, dt { color: var(--quiet); } .error { color: var(--error); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0; }
section { background: var(--paper); padding: 1rem; margin: 1rem 0; box-shadow: 0 1px 3px #0003; scroll-margin-top: 1rem; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: .25rem 0 .75rem; } dl div { overflow-wrap: anywhere; }
dt, dd { display: inline; margin: 0; } td ul, details > ul { margin: 0; padding-left: 1.2rem; }
.flow { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 2rem; list-style: none; padding: 0; margin: .75rem 0; }
.flow > li { position: relative; border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; overflow-wrap: anywhere; }
.flow > li > small, .flow > li > b { display: block; } .flow ul { list-style: none; margin: 0; padding: 0; } .flow ul + p { margin: 0; }
.flow > li + li::before { content: "→" / ""; position: absolute; left: -2rem; width: 2rem; top: 50%; transform: translateY(-50%); text-align: center; font-size: 1.25rem; }
.flow > .third { grid-column-start: 3; } .flow > .bad { border-color: var(--error); box-shadow: inset 0 0 0 1px var(--error); }
.parts { display: flex; flex-wrap: wrap; gap: .5rem; }
details { border: 1px solid var(--line); border-radius: .5rem; max-width: 100%; min-width: 0; } details[open] { flex-basis: 100%; } details > :not(summary) { margin: 0 .75rem .75rem; }
summary { padding: .25rem .75rem; cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .75rem 0; }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); padding: .25rem .5rem; max-width: 100%; }
button { cursor: pointer; padding: .25rem 1rem; }
/* Positioned, so that its visually hidden text scrolls with it. */
.scroll { position: relative; overflow-x: auto; }
table { border-collapse: collapse; min-width: 100%; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); min-width: 4rem; }
time { white-space: nowrap; font-weight: 400; } code { font-size: .9em; } td > code { display: inline-block; min-width: 10rem; overflow-wrap: anywhere; }
.button { display: inline-block; padding: .1rem 1rem; background: var(--accent); color: var(--on-accent); text-decoration: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 50rem) { .flow { grid-template-columns: minmax(0, 1fr); } .flow > .third { grid-column-start: auto; }
  .flow > li + li::before { content: "↓" / ""; left: 0; width: 100%; top: -1rem; } }`;
