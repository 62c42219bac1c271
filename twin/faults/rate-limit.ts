import { createRateLimitBody, ERROR_BODIES } from "./errors";

/** Length of a window, and of a block, in milliseconds. */
const FIVE_MINUTES = 300_000;

interface Count {
  /** Start of the window or of the block, in milliseconds since 1970. */
  since: number;
  requests: number;
  blocked: boolean;
}

/** A limit of requests, which counts on the twin's clock. */
export interface RateLimit {
  /** Counts a request. @returns the refusal, or undefined when the request may pass */
  take(caller: string, now: number): Response | undefined;
  /** Returns the headers of every answer to this caller. */
  headers(caller: string): Record<string, string>;
}

/**
 * Cloudflare's limit of requests per token and five minutes; once exceeded, all are refused for five minutes.
 * Limits and headers: https://developers.cloudflare.com/fundamentals/api/reference/limits/
 */
export class TokenRateLimit implements RateLimit {
  private readonly counts = new Map<string, Count>();

  constructor(private readonly limit: number) {}

  take(caller: string, now: number): Response | undefined {
    let count = this.counts.get(caller);
    if (!count || now >= count.since + FIVE_MINUTES) {
      count = { since: now, requests: 0, blocked: false };
      this.counts.set(caller, count);
    }
    if (!count.blocked && count.requests < this.limit) {
      count.requests++;
      return undefined;
    }
    if (!count.blocked) Object.assign(count, { since: now, blocked: true });
    return this.refusal(count.since + FIVE_MINUTES, now);
  }

  headers(caller: string): Record<string, string> {
    const remaining = Math.max(0, this.limit - (this.counts.get(caller)?.requests ?? 0));
    return { "x-ratelimit-limit": String(this.limit), "x-ratelimit-remaining": String(remaining) };
  }

  private refusal(until: number, now: number): Response {
    return Response.json(createRateLimitBody(this.limit), {
      status: 429,
      headers: {
        "retry-after": String(Math.ceil((until - now) / 1000)),
        "x-ratelimit-reset": new Date(until).toUTCString(),
      },
    });
  }
}

/**
 * Microsoft Graph's limit of requests per tenant and second for a service. An answer says nothing about it, and a refusal
 * not when to try again: https://learn.microsoft.com/graph/throttling-limits
 */
export class TenantRateLimit implements RateLimit {
  /** By tenant. */
  private readonly seconds = new Map<string, { since: number; requests: number }>();

  constructor(private readonly limit: number) {}

  take(tenant: string, now: number): Response | undefined {
    let second = this.seconds.get(tenant);
    if (!second || now >= second.since + 1000) {
      second = { since: now, requests: 0 };
      this.seconds.set(tenant, second);
    }
    second.requests++;
    if (second.requests <= this.limit) return undefined;
    const context = { path: "", clientRequestId: undefined, now: new Date(now) };
    return Response.json(ERROR_BODIES.graph(429, context), { status: 429 });
  }

  headers(): Record<string, string> {
    return {};
  }
}
