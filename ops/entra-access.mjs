#!/usr/bin/env node
// Runs `npx entra-access <command>` in a checkout, as `npm run ops -- <command>` does.
process.argv.splice(2, 0, "ops");
await import("./start.mjs");
