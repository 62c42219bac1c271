export const STYLE = `
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; display: inline-block; padding: .5rem; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; } h2 { margin-top: 0; } h3 { margin-top: 2rem; font-size: 1.1rem; } h4 { margin: 0; font-size: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
section { background: var(--paper); padding: 1rem; margin: 1rem 0; box-shadow: 0 1px 3px #0003; }
section, article { scroll-margin-top: 1rem; }
article { border-left: 4px solid var(--line); padding-left: 1rem; margin: 1.5rem 0; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; } dd ul, td ul { margin: 0; padding-left: 1.2rem; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } }
/* Positioned, so that its visually hidden text scrolls with it. */
.scroll { position: relative; overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; min-width: 100%; font-size: .9375rem; } caption { text-align: left; } caption h3 { margin: 1rem 0 .25rem; } h5 { font-size: .9rem; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); min-width: 4rem; }
tbody th { font-weight: 600; } time { white-space: nowrap; font-weight: 400; } code { font-size: .9em; } td code { overflow-wrap: break-word; }
.error { color: var(--error); } .empty { color: var(--quiet); }
.button { display: inline-block; padding: .35rem 1rem; background: var(--accent); color: var(--on-accent); text-decoration: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }`;
