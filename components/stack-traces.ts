/**
 * A frame in the folder of a scope itself, which is no package, e.g. "node_modules/@pulumi/resource.ts:1589:35". The
 * source maps of the Pulumi SDK produce such paths.
 */
const FRAME_WITHOUT_PACKAGE = /(node_modules[\\/]@[^\\/\s]+[\\/])(?=[^\\/\s]+:\d+:\d+)/g;

/**
 * Repairs stack traces of this process, so that Pulumi shows errors at once. Pulumi formats every error with colors
 * before it shows its message, and Node.js 20 and 22 spend 20 seconds and more on a frame without a package.
 */
function repairStackTraces(): void {
  const format = Error.prepareStackTrace;
  // Without source maps there are no such frames.
  if (!format) return;
  Error.prepareStackTrace = (error, frames) => {
    const text: unknown = format(error, frames);
    return typeof text === "string" ? text.replace(FRAME_WITHOUT_PACKAGE, "$1./") : text;
  };
}

repairStackTraces();
