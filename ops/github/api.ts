import { type Dispatcher, fetch, type Headers } from "undici";
import { createProxyAgent } from "../../clouds/proxy-agent";
import { UserError } from "../errors";

type Method = "GET" | "POST" | "PATCH";

/** Milliseconds for one response, and for all pauses of one request together. */
const TIMEOUTS = { response: 30_000, pauses: 10 * 60_000 };
const MAX_TRIES = 4;
/** The first pause after a rate limit that names no time; GitHub asks for a minute, and longer each time. */
const MINUTE = 60_000;
const PAGE_SIZE = 100;

const ADVICE: Readonly<Record<number, string>> = {
  401: "Set GITHUB_TOKEN of the step to github.token.",
  403: "Add to the permissions of the job: issues: write for an issue, pull-requests: write for a comment.",
  404: "Check that the repository and the number exist and that the token may read them.",
  410: "Enable issues in the settings of the repository.",
};

/**
 * A client of GitHub's REST API with the environment of a workflow: GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL. It
 * waits as https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api asks for.
 */
export class GitHub {
  private readonly address: string;
  private readonly token: string;
  private readonly dispatcher: Dispatcher;

  /** @throws UserError if the environment is not that of a workflow */
  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly wait = (time: number) => new Promise<void>((done) => setTimeout(done, time)),
  ) {
    const { GITHUB_REPOSITORY: repository = "", GITHUB_TOKEN: token, GITHUB_API_URL: api } = env;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
      throw new UserError(`GITHUB_REPOSITORY must be <owner>/<name>; found "${repository}"`);
    if (!token) throw new UserError("GITHUB_TOKEN is required", [ADVICE[401] ?? ""]);
    this.address = `${(api || "https://api.github.com").replace(/\/$/, "")}/repos/${repository}`;
    this.token = token;
    this.dispatcher = createProxyAgent(env, undefined);
  }

  /** Address of the workflow run; undefined outside of one. */
  get runUrl(): string | undefined {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = this.env;
    return server && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  }

  /** @param path below the repository, for example `/issues/7` */
  async request<T>(method: Method, path: string, body?: object): Promise<T> {
    return (await this.send<T>(method, `${this.address}${path}`, body)).content;
  }

  /** Reads all pages of a list, in GitHub's order. */
  async list<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    let next: string | undefined =
      `${this.address}${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE_SIZE}`;
    while (next) {
      const page: { content: T[]; headers: Headers } = await this.send<T[]>("GET", next);
      all.push(...page.content);
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
      if (next && new URL(next).origin !== new URL(this.address).origin)
        throw new UserError(
          `the next page must be on ${new URL(this.address).origin}; found ${new URL(next).origin}`,
        );
    }
    return all;
  }

  private async send<T>(
    method: Method,
    url: string,
    body?: object,
  ): Promise<{ content: T; headers: Headers }> {
    const call = `${method} ${new URL(url).pathname}`;
    let waited = 0;
    for (let tries = 1; ; tries++) {
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          accept: "application/vnd.github+json",
          "x-github-api-version": "2022-11-28",
          "user-agent": "entra-access",
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        dispatcher: this.dispatcher,
        signal: AbortSignal.timeout(TIMEOUTS.response),
      }).catch((error: Error & { cause?: Error }) => ({ failure: (error.cause ?? error).message }));
      const isUnreachable = "failure" in response;
      if (!isUnreachable && response.ok)
        return { content: (await response.json()) as T, headers: response.headers };
      const status = isUnreachable ? 0 : response.status;
      const message = isUnreachable ? response.failure : await readMessage(response);
      const limit = isUnreachable ? undefined : readPause(status, message, response.headers, tries);
      // A POST is not repeated, as it may have succeeded despite the error.
      const canRepeat = method !== "POST" && (isUnreachable || status >= 500);
      const pause = limit ?? (canRepeat ? 1000 * 2 ** (tries - 1) : undefined);
      if (pause === undefined || tries === MAX_TRIES || waited + pause > TIMEOUTS.pauses)
        throw createError(call, status, message, limit);
      await this.wait(pause);
      waited += pause;
    }
  }
}

async function readMessage(response: { status: number; text(): Promise<string> }): Promise<string> {
  const text = await response.text();
  try {
    const { message = "", errors } = JSON.parse(text) as { message?: string; errors?: unknown };
    return [message, ...(errors ? [JSON.stringify(errors)] : [])].join(" ");
  } catch {
    return text.trim().split("\n")[0]?.slice(0, 200) ?? "";
  }
}

/** Reads the milliseconds to wait before the next request; returns undefined if the response is no rate limit. */
function readPause(status: number, message: string, headers: Headers, tries: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = headers.get("retry-after");
  if (after && /^\d+$/.test(after)) return Number(after) * 1000;
  if (headers.get("x-ratelimit-remaining") === "0")
    return Math.max(1000, Number(headers.get("x-ratelimit-reset")) * 1000 - Date.now());
  return status === 429 || /rate limit/i.test(message) ? MINUTE * 2 ** (tries - 1) : undefined;
}

function createError(call: string, status: number, message: string, limit: number | undefined): UserError {
  if (status === 0) return new UserError(`GitHub is unreachable for ${call}: ${message}`);
  if (limit !== undefined)
    return new UserError(`GitHub refused ${call}, as its rate limit is used up: ${message}`, [
      `Run it again in ${Math.ceil(limit / 1000)} seconds.`,
    ]);
  const advice = ADVICE[status];
  return new UserError(`GitHub refused ${call}: ${status} ${message}`, advice ? [advice] : []);
}
