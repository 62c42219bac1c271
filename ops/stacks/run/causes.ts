/**
 * Extracts the causes from the diagnostics of a failed run. Providers wrap an API's response several times, and the engine
 * adds stack frames and "update failed".
 */
export function extractCauses(diagnostics: readonly string[]): string[] {
  const causes = diagnostics.flatMap((diagnostic) => {
    const text = diagnostic
      .split("\n")
      .filter((line) => !NOISE.some((pattern) => pattern.test(line)))
      .map(unwrap)
      .filter((line) => line.trim() !== "")
      .join("\n");
    return text ? [unwrapResponse(text)] : [];
  });
  return [...new Set(causes)].filter(
    (cause, i, all) => !all.some((other, j) => i !== j && other.includes(cause)),
  );
}

const NOISE: readonly RegExp[] = [
  /^\s+at .*[:(]/, // stack frame
  /^\s*(error: )?(update|preview|refresh|destroy) failed\.?$/,
  /^Command failed with exit code \d+: /, // the SDK's own heading
  /Running program '.*' failed with an unhandled exception/,
  /^\s*promise: Promise \{|^\s*[{}]\s*$/,
];

/** Text that providers, bridge and SDK put around a cause. */
const WRAPPERS: readonly RegExp[] = [
  /^\s*error:\s+/i,
  /^Unhandled exception: (Error: )?/,
  /^invoking \S+:(\s+|$)/,
  /^(<ref \*\d+> )?(Unhandled exception: )?(Error: )?(error serializing \S+ \S+: )+/i,
  /^Error serializing arguments for invoke \S+ (Error: )?/,
  /(error serializing property "\w+": )+/g,
  /invocation of \S+ returned an error: /,
  /^(creating|updating|deleting|diffing|reading|Preview failed: diffing) urn:\S+:(\s+|$)/,
  /\b1 error occurred:\s*/,
  /^\s*\*\s+/,
  /^\s*sdk-v2\/provider2\.go:\d+: sdk\.helper_schema: /,
  /: provider=[a-z]+@[\d.]+\s*$/,
  /^\[ERROR\] /,
  /: failed to make http request$/,
  /^failed to make http request: /,
];

function unwrap(line: string): string {
  const inner = WRAPPERS.reduce((rest, wrapper) => rest.replace(wrapper, ""), line).trimEnd();
  return inner === line ? line : unwrap(inner);
}

/** Replaces a service's JSON response by the message in it. */
function unwrapResponse(text: string): string {
  const json = /\{.*\}/s.exec(text)?.[0];
  if (!json) return text;
  try {
    const message = readErrorMessage(JSON.parse(json));
    return message ? text.replace(json, message) : text;
  } catch {
    return text;
  }
}

interface ErrorResponse {
  error_description?: string;
  error?: { code?: string; message?: string } | string;
  errors?: { code?: number; message?: string }[];
}

function readErrorMessage({ error_description, error, errors }: ErrorResponse): string | undefined {
  // The ids that follow differ with each request.
  if (error_description) return error_description.split(/\s*Trace ID:/)[0];
  if (typeof error === "object" && error.code) return `${error.code}: ${error.message ?? ""}`;
  const codes = errors?.map(({ code, message }) => `Cloudflare ${code}: ${message}`);
  return codes && codes.length > 0 ? codes.join("; ") : undefined;
}
