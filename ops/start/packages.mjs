import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { readJson, root, run, userError } from "./run.mjs";

/**
 * npm records the installed packages in node_modules/.package-lock.json at the end, so an interrupted install has none.
 *
 * @param withDev requires the packages for development too
 */
export function packagesMatchLockfile(withDev) {
  if (!existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  let installed;
  try {
    installed = readJson("node_modules/.package-lock.json").packages;
  } catch {
    return false;
  }
  const required = Object.entries(readJson("package-lock.json").packages).filter(
    ([path, entry]) => path !== "" && (withDev || !entry.dev),
  );
  // Optional packages of other platforms are never installed.
  return required.every(([path, entry]) =>
    installed[path] ? installed[path].version === entry.version : entry.optional === true,
  );
}

export async function installPackages(withDev) {
  refuseLinkedFolder();
  console.log("Installing the packages of package-lock.json with npm ci (once, one to three minutes)");
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const isTerminal = process.stdout.isTTY;
  const timer = setInterval(
    () => process.stdout.write(isTerminal ? `\r  ${seconds()} ` : `  npm ci: ${seconds()}\n`),
    isTerminal ? 1000 : 10_000,
  );
  const result = await npmCi(withDev).finally(() => clearInterval(timer));
  if (isTerminal) process.stdout.write("\r");
  if (result.code !== 0) throw userError(...explainNpm(result));
  console.log(`Packages installed in ${seconds()}`);
}

/** npm ci empties node_modules first: behind a link, that is the folder of another checkout. */
function refuseLinkedFolder() {
  const folder = join(root, "node_modules");
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw userError(`node_modules must be a folder of this checkout; found a link to ${readlinkSync(folder)}`, [
    "Its packages do not match package-lock.json, and npm ci would empty the folder behind the link.",
    `Remove the link and run the command again: rm ${folder}`,
  ]);
}

async function npmCi(withDev) {
  const npm = process.env.npm_execpath?.endsWith(".js")
    ? [process.execPath, process.env.npm_execpath]
    : ["npm"];
  // Without a registry, npm ci retries every package for minutes, although a full cache is enough.
  const ping = await run([...npm, "ping", "--fetch-retries=0", "--fetch-timeout=10000"], "pipe");
  const isOffline = UNREACHABLE.test(ping.output);
  const options = ["--no-audit", "--no-fund", "--loglevel=error", ...(isOffline ? ["--offline"] : [])];
  // Also with NODE_ENV=production or omit=dev in .npmrc.
  if (withDev) options.push("--include=dev");
  const result = await run([...npm, "ci", ...options], "pipe");
  return isOffline && result.code !== 0 ? { ...result, output: ping.output } : result;
}

const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR/;

function explainNpm({ output, code }) {
  const lines = output.split("\n").map((line) => /^npm (?:error|ERR!) ?(.*)/.exec(line)?.[1] ?? "");
  const messages = lines
    .filter((line) => line.trim() !== "" && !/^(code|errno|syscall|\s+at) /.test(line))
    .slice(0, 3)
    .map((line) => `npm: ${line}`);
  const registry = /https?:\/\/[^\s/]+/.exec(lines.join(" "))?.[0] ?? "in the configuration of npm";
  const CAUSES = [
    [
      /spawn npm ENOENT/,
      "npm must be on PATH",
      ["Install Node.js with npm: https://nodejs.org/en/download."],
    ],
    [
      /ENOSPC/,
      "the disk is full; packages need about 800 MB",
      ["Free some space and run the command again."],
    ],
    [
      UNREACHABLE,
      `the npm registry ${registry} is out of reach`,
      ["Check the network and proxy, or use another registry: npm config set registry <url>."],
    ],
    [/EACCES|EPERM/, "npm has no write permission", [`Check the owner of ${root} and of the npm cache.`]],
    [/EUSAGE/, "package-lock.json must match package.json", ["Run npm install and review the changes."]],
    [
      /EINTEGRITY/,
      "a package does not match its checksum in package-lock.json",
      ["Check the registry, then: npm cache clean --force."],
    ],
  ];
  const known = CAUSES.find(([pattern]) => pattern.test(output));
  if (known) return [`packages could not be installed: ${known[1]}`, [...known[2], ...messages]];
  return [
    `packages could not be installed: npm ci failed with ${code}`,
    messages.length > 0 ? messages : [output.trim()],
  ];
}
