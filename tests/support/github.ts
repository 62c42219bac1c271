import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type HttpServer, startHttpServer } from "./http-server";

export interface StandInIssue {
  number: number;
  title: string;
  body: string;
  user: { login: string };
  state: "open" | "closed";
  labels: string[];
  pull_request?: object;
  comments: StandInComment[];
}

export interface StandInComment {
  id: number;
  body: string;
  user: { login: string };
}

/** The answer to the next matching request. */
interface Fault {
  readonly method: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
}

const TOKEN = "ghs_of_the_stand_in";
const BOT = { login: "github-actions[bot]" };
const HEADERS = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
const REPOSITORY = "contoso/access";

/**
 * A stand-in for the used part of GitHub's REST API, on loopback, for one repository. It refuses and records unknown
 * requests: `refused` must be empty after a test that expects none.
 * https://docs.github.com/rest/issues/issues, https://docs.github.com/rest/issues/comments
 */
export class StandInGitHub {
  readonly issues: StandInIssue[] = [];
  readonly faults: Fault[] = [];
  readonly refused: string[] = [];
  /** `GET /repos/contoso/access/issues`, in order. */
  readonly asked: string[] = [];
  /** Allows the token to write; otherwise writes are answered 403 with GitHub's message. */
  writes = true;
  /** Host in the links to further pages. Default: the stand-in's. */
  nextHost: string | undefined;
  private server!: HttpServer;
  private ids = 100;

  static async start(): Promise<StandInGitHub> {
    const github = new StandInGitHub();
    github.server = await startHttpServer((request, response) => void github.answer(request, response));
    return github;
  }

  /** The environment of a workflow's step. */
  get env(): Record<string, string> {
    return {
      GITHUB_API_URL: this.url,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_TOKEN: TOKEN,
      GITHUB_SERVER_URL: "https://github.test",
      GITHUB_RUN_ID: "42",
    };
  }

  private get url(): string {
    return this.server.url;
  }

  /** Opens an issue or a pull request. */
  open(issue: Partial<StandInIssue>): StandInIssue {
    const made: StandInIssue = {
      number: this.issues.length + 1,
      title: "",
      body: "",
      user: { login: "ana" },
      state: "open",
      labels: [],
      comments: [],
      ...issue,
    };
    this.issues.push(made);
    return made;
  }

  /** Adds a comment. */
  comment(on: StandInIssue, body: string, login = "ana"): StandInComment {
    const made = { id: this.ids++, body, user: { login } };
    on.comments.push(made);
    return made;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, pathname, query, sent } = await read(request, this.url);
    this.asked.push(`${method} ${pathname}`);
    const { status, content, headers = {}, refused } = this.reply(request, { method, pathname, query, sent });
    if (refused) this.refused.push(`${status} ${method} ${request.url}: ${refused}`);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(JSON.stringify(content));
  }

  private reply({ headers }: IncomingMessage, asked: Asked): Reply {
    if (!headers["user-agent"]) return refuse(403, "Request forbidden by administrative rules.");
    if (headers.authorization !== `Bearer ${TOKEN}`) return refuse(401, "Bad credentials");
    for (const [name, wanted] of Object.entries(HEADERS))
      if (headers[name] !== wanted) return refuse(400, `${name} is ${headers[name]}`);
    const fault = this.faults.findIndex(({ method }) => method === asked.method);
    if (fault >= 0) {
      const [{ status, headers: more, message = "" }] = this.faults.splice(fault, 1) as [Fault];
      return { status, content: { message }, ...(more ? { headers: more } : {}) };
    }
    if (asked.method !== "GET" && !this.writes) return refuse(403, "Resource not accessible by integration");
    const [, path] = new RegExp(`^/repos/${REPOSITORY}/(.+)$`).exec(asked.pathname) ?? [];
    if (path === undefined) return refuse(404, "Not Found");
    const stray = Object.keys(asked.sent).find((key) => !FIELDS.has(key));
    if (stray) return refuse(422, `unknown field ${stray}`);
    if (String(asked.sent.body ?? "").length > 65_536)
      return refuse(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    return this.route(path, asked);
  }

  private route(path: string, { method, query, sent }: Asked): Reply {
    const [, number] = /^issues\/(\d+)(?:\/comments)?$/.exec(path) ?? [];
    const [, comment] = /^issues\/comments\/(\d+)$/.exec(path) ?? [];
    const issue = this.issues.find((one) => one.number === Number(number)) as StandInIssue;
    if (number && !issue) return refuse(404, "Not Found");
    switch (`${method} ${path.replace(/\d+/, "n")}`) {
      case "GET issues": {
        const wanted = query.get("state") ?? "open";
        const found = this.issues.filter(({ state }) => wanted === "all" || state === wanted);
        return this.page(path, found.map(shownIssue), query);
      }
      case "POST issues":
        return { status: 201, content: shownIssue(this.open({ ...sent, user: BOT })) };
      case "PATCH issues/n":
        return { status: 200, content: shownIssue(Object.assign(issue, sent)) };
      case "GET issues/n/comments":
        return this.page(path, issue.comments.map(shownComment), query);
      case "POST issues/n/comments":
        return { status: 201, content: shownComment(this.comment(issue, String(sent.body), BOT.login)) };
      case "PATCH issues/comments/n": {
        const all = this.issues.flatMap(({ comments }) => comments);
        const found = all.find(({ id }) => id === Number(comment));
        if (!found) return refuse(404, "Not Found");
        return { status: 200, content: shownComment(Object.assign(found, sent)) };
      }
      default:
        return refuse(501, "the stand-in has no such route");
    }
  }

  private page(path: string, all: readonly object[], query: URLSearchParams): Reply {
    const stray = [...query.keys()].find((key) => !PARAMETERS.has(key));
    if (stray) return refuse(422, `unknown parameter ${stray}`);
    const [size, page] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
    if (size > 100) return refuse(422, "per_page is more than 100");
    const content = all.slice((page - 1) * size, page * size);
    if (page * size >= all.length) return { status: 200, content };
    const next = new URLSearchParams(
      [...query, ["page", String(page + 1)]].filter(([key], i, list) => {
        return list.findLastIndex(([other]) => other === key) === i;
      }) as [string, string][],
    );
    const host = this.nextHost ?? this.url;
    return {
      status: 200,
      content,
      headers: { link: `<${host}/repos/${REPOSITORY}/${path}?${next}>; rel="next"` },
    };
  }
}

const FIELDS = new Set(["title", "body", "labels", "state", "state_reason"]);
const PARAMETERS = new Set(["per_page", "page", "state", "sort", "direction"]);

interface Asked {
  readonly method: string;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly sent: Partial<StandInIssue>;
}

interface Reply {
  readonly status: number;
  readonly content: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

async function read(request: IncomingMessage, base: string): Promise<Asked> {
  const { method = "", url = "" } = request;
  const { pathname, searchParams: query } = new URL(url, base);
  const body = await text(request);
  return { method, pathname, query, sent: body ? JSON.parse(body) : {} };
}

const refuse = (status: number, message: string): Reply => ({
  status,
  content: { message, documentation_url: "https://docs.github.com/rest", status: String(status) },
  refused: message,
});

const shownIssue = ({ comments: _, ...issue }: StandInIssue) => ({
  ...issue,
  html_url: `https://github.test/issues/${issue.number}`,
});

const shownComment = (comment: StandInComment) => ({
  ...comment,
  html_url: `https://github.test/comments/${comment.id}`,
});
