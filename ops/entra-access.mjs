#!/usr/bin/env node
// `npx entra-access <command>` in a checkout: what `npm run ops -- <command>` does.
process.argv.splice(2, 0, "ops");
await import("./bootstrap.mjs");
