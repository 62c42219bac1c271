import { type Dispatcher, fetch, type Headers } from "undici";
import { createProxyAgent } from "../../proxy-agent";
import { UserError } from "../errors";

type Method = "GET" | "POST" | "PATCH";

/** Milliseconds: for one answer, and for all pauses of one request together. */
const PATIENCE = { answer: 30_000, pauses: 10 * 60_000 };
const TRIES = 4;
/** What GitHub asks for where a limit names no time: a minute, and longer each time. */
const MINUTE = 60_000;
/** GitHub has no more than this on a page. */
const PAGE = 100;

const ADVICE: Readonly<Record<number, string>> = {
  401: "GITHUB_TOKEN is not accepted: give the step github.token.",
  403: "The job's permissions lack it: issues: write for an issue, pull-requests: write for a comment.",
  404: "There is no such repository or number, or the token may not see it.",
  410: "The repository has issues switched off.",
};

/**
 * GitHub's REST API as a workflow has it: GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api says when to wait, and for how long.
 */
export class GitHub {
  private readonly address: string;
  private readonly token: string;
  private readonly dispatcher: Dispatcher;

  /** @throws UserError where the environment is not that of a workflow */
  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    private readonly wait = (time: number) => new Promise<void>((done) => setTimeout(done, time)),
  ) {
    const { GITHUB_REPOSITORY: repository = "", GITHUB_TOKEN: token, GITHUB_API_URL: api } = env;
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
      throw new UserError(`GITHUB_REPOSITORY is "${repository}"; want <owner>/<name>`);
    if (!token) throw new UserError("GITHUB_TOKEN is not set", [ADVICE[401] ?? ""]);
    this.address = `${(api || "https://api.github.com").replace(/\/$/, "")}/repos/${repository}`;
    this.token = token;
    this.dispatcher = createProxyAgent(env, undefined);
  }

  /** Address of the workflow's run, for people; undefined outside of one. */
  get run(): string | undefined {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = this.env;
    return server && id ? `${server}/${repository}/actions/runs/${id}` : undefined;
  }

  /** @param path below the repository, for example `/issues/7` */
  async ask<T>(method: Method, path: string, body?: object): Promise<T> {
    return (await this.send<T>(method, `${this.address}${path}`, body)).content;
  }

  /** Every page of a list, in GitHub's order. */
  async list<T>(path: string): Promise<T[]> {
    const all: T[] = [];
    let next: string | undefined = `${this.address}${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}`;
    while (next) {
      const page: { content: T[]; headers: Headers } = await this.send<T[]>("GET", next);
      all.push(...page.content);
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
      if (next && new URL(next).origin !== new URL(this.address).origin)
        throw new UserError(`the next page is on another host: ${new URL(next).origin}`);
    }
    return all;
  }

  private async send<T>(
    method: Method,
    url: string,
    body?: object,
  ): Promise<{ content: T; headers: Headers }> {
    const what = `${method} ${new URL(url).pathname}`;
    let waited = 0;
    for (let tries = 1; ; tries++) {
      const answer = await fetch(url, {
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
        signal: AbortSignal.timeout(PATIENCE.answer),
      }).catch((error: Error & { cause?: Error }) => ({ broken: (error.cause ?? error).message }));
      const broken = "broken" in answer;
      if (!broken && answer.ok) return { content: (await answer.json()) as T, headers: answer.headers };
      const status = broken ? 0 : answer.status;
      const said = broken ? answer.broken : await messageOf(answer);
      const limit = broken ? undefined : pauseFor(status, said, answer.headers, tries);
      // What was posted may be there all the same: not twice.
      const again = method !== "POST" && (broken || status >= 500) ? 1000 * 2 ** (tries - 1) : undefined;
      const pause = limit ?? again;
      if (pause === undefined || tries === TRIES || waited + pause > PATIENCE.pauses)
        throw failure(what, status, said, limit);
      await this.wait(pause);
      waited += pause;
    }
  }
}

async function messageOf(answer: { status: number; text(): Promise<string> }): Promise<string> {
  const text = await answer.text();
  try {
    const { message = "", errors } = JSON.parse(text) as { message?: string; errors?: unknown };
    return [message, ...(errors ? [JSON.stringify(errors)] : [])].join(" ");
  } catch {
    return text.trim().split("\n")[0]?.slice(0, 200) ?? "";
  }
}

/** Milliseconds that GitHub wants between this answer and the next request; undefined where it is no limit. */
function pauseFor(status: number, said: string, headers: Headers, tries: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = headers.get("retry-after");
  if (after && /^\d+$/.test(after)) return Number(after) * 1000;
  if (headers.get("x-ratelimit-remaining") === "0")
    return Math.max(1000, Number(headers.get("x-ratelimit-reset")) * 1000 - Date.now());
  return status === 429 || /rate limit/i.test(said) ? MINUTE * 2 ** (tries - 1) : undefined;
}

function failure(what: string, status: number, said: string, limit: number | undefined): UserError {
  if (status === 0) return new UserError(`GitHub is out of reach for ${what}: ${said}`);
  if (limit !== undefined)
    return new UserError(`GitHub refused ${what}, its rate limit is used up: ${said}`, [
      `It wants another ${Math.ceil(limit / 1000)} seconds; run it again then.`,
    ]);
  const advice = ADVICE[status];
  return new UserError(`GitHub refused ${what}: ${status} ${said}`, advice ? [advice] : []);
}
