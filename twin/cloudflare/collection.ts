import { randomUUID } from "node:crypto";
import type { Account } from "../store/account";
import { wholeSeconds } from "../store/store";
import { type Call, type Operation, page } from "./call";
import type { CloudflareError } from "./errors";

interface Item {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/** What callers decide of an item. */
export type Settings<T extends Item> = Omit<T, keyof Item>;

/** Things of one kind that Cloudflare keeps for an account. */
export interface Collection<T extends Item> {
  /** Below `/accounts/{account_id}`. */
  path: string;
  permission: Operation["permission"];
  /** Query parameters of the list, beside those of pages. */
  query?: string[];
  of(account: Account): Map<string, T>;
  /** There is no such thing. */
  unknown(): CloudflareError;
  /** What the body of POST asks for, or of PUT or PATCH instead of what is `stored`. @throws CloudflareError */
  read(call: Call, stored?: T): Promise<Settings<T>>;
  wire(account: Account, item: T): Record<string, unknown>;
  /** @throws CloudflareError when something else needs it */
  mayGo?(account: Account, id: string): void;
  /** Whether the list has it. */
  listed?(call: Call, item: T): boolean;
  /** What comes first in the list, where that is not what was made first. */
  compare?(one: T, other: T): number;
  /** Default: that of Access. */
  habits?: Habits;
}

/** In what the APIs of Cloudflare's products differ. */
export interface Habits {
  /** How a thing is changed: as a whole or in parts. */
  change: "PUT" | "PATCH";
  made: 200 | 201;
  deleted: 200 | 202;
  /** Whether the list comes in pages. */
  pages: boolean;
}

const ACCESS: Habits = { change: "PUT", made: 201, deleted: 202, pages: true };

/** The five calls that every kind of thing has: list, make, show, replace, delete. */
export function operationsOf<T extends Item>(kind: Collection<T>): Operation[] {
  const { path, permission, habits = ACCESS } = kind;
  const one = `${path}/:id`;
  const find = ({ account, c }: Call) => {
    const item = kind.of(account).get(c.req.param("id") ?? "");
    if (!item) throw kind.unknown();
    return item;
  };
  return [
    {
      method: "GET",
      path,
      permission,
      query: [...(habits.pages ? ["page", "per_page"] : []), ...(kind.query ?? [])],
      handle(call) {
        const all = [...kind.of(call.account).values()].filter((item) => kind.listed?.(call, item) ?? true);
        if (kind.compare) all.sort(kind.compare);
        const wires = (items: T[]) => items.map((item) => kind.wire(call.account, item));
        if (!habits.pages) return { status: 200, result: wires(all) };
        const { items, info } = page(call, all);
        return { status: 200, result: wires(items), resultInfo: info };
      },
    },
    {
      method: "POST",
      path,
      permission,
      async handle(call) {
        const settings = await kind.read(call);
        const now = wholeSeconds(call.store.now());
        const item = { ...settings, id: randomUUID(), createdAt: now, updatedAt: now } as T;
        kind.of(call.account).set(item.id, item);
        return { status: habits.made, result: kind.wire(call.account, item) };
      },
    },
    {
      method: "GET",
      path: one,
      permission,
      handle: (call) => ({ status: 200, result: kind.wire(call.account, find(call)) }),
    },
    {
      method: habits.change,
      path: one,
      permission,
      async handle(call) {
        const item = find(call);
        Object.assign(item, await kind.read(call, item), { updatedAt: wholeSeconds(call.store.now()) });
        return { status: 200, result: kind.wire(call.account, item) };
      },
    },
    {
      method: "DELETE",
      path: one,
      permission,
      handle(call) {
        const { id } = find(call);
        kind.mayGo?.(call.account, id);
        kind.of(call.account).delete(id);
        return { status: habits.deleted, result: { id } };
      },
    },
  ];
}
