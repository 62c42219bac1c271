import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Creates an error that a person can fix, shown without its stack trace. @param next what to do, line by line */
export function userError(message, next) {
  return Object.assign(new Error(message), { next });
}

export function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

/** Runs a program in the root and forwards signals to it. @param stdio "inherit", or "pipe" to return its output */
export function run([command, ...args], stdio, env = {}) {
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["inherit", stdio, stdio],
      env: { ...process.env, ...env },
    });
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", forward).on("SIGTERM", forward);
    const done = (code) => {
      process.off("SIGINT", forward).off("SIGTERM", forward);
      resolve({ code, output });
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
    child.on("error", (error) => {
      output += error.message;
      done(1);
    });
    child.on("close", (code, signal) => done(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}
