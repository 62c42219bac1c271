const { readdirSync, readFileSync } = require("node:fs");

/**
 * Lists other processes with this setting in their environment; only Linux supports it (proc(5)).
 *
 * @param {string} setting `NAME=value`
 */
exports.processesWith = (setting) => {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const settings = read(`/proc/${pid}/environ`).split("\0");
    if (!settings.includes(setting)) return [];
    return [{ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim() }];
  });
};

exports.terminate = (pid) => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
};

/** Processes end while they are listed, and those of other users can't be read. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
