import { randomUUID } from "node:crypto";
import type { Account } from "../../store/account";
import { wholeSeconds } from "../../store/store";
import { type Call, type Operation, page } from "../call";
import { unknown } from "../errors";

interface Item {
  id: string;
  createdAt: string;
  updatedAt: string;
}

/** What callers decide of an item. */
export type Settings<T extends Item> = Omit<T, keyof Item>;

/** Things of one kind that Access keeps for an account. */
export interface Collection<T extends Item> {
  /** Below `/accounts/{account_id}`. */
  path: string;
  permission: Operation["permission"];
  /** Query parameters of the list, beside those of pages. */
  query?: string[];
  of(account: Account): Map<string, T>;
  /** Of one, in Cloudflare's error. */
  name: Parameters<typeof unknown>[0];
  /** What the body of POST asks for, or of PUT instead of what is `stored`. @throws CloudflareError */
  read(call: Call, stored?: T): Promise<Settings<T>>;
  wire(account: Account, item: T): Record<string, unknown>;
  /** @throws CloudflareError when something else needs it */
  mayGo?(account: Account, id: string): void;
  /** Whether the list has it. */
  listed?(call: Call, item: T): boolean;
}

/** The five calls that every kind of thing has: list, make, show, replace, delete. */
export function operationsOf<T extends Item>(kind: Collection<T>): Operation[] {
  const { path, permission } = kind;
  const one = `${path}/:id`;
  const find = ({ account, c }: Call) => {
    const item = kind.of(account).get(c.req.param("id") ?? "");
    if (!item) throw unknown(kind.name);
    return item;
  };
  return [
    {
      method: "GET",
      path,
      permission,
      query: ["page", "per_page", ...(kind.query ?? [])],
      handle(call) {
        const all = [...kind.of(call.account).values()];
        const { items, info } = page(
          call,
          all.filter((item) => kind.listed?.(call, item) ?? true),
        );
        const result = items.map((item) => kind.wire(call.account, item));
        return { status: 200, result, resultInfo: info };
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
        return { status: 201, result: kind.wire(call.account, item) };
      },
    },
    {
      method: "GET",
      path: one,
      permission,
      handle: (call) => ({ status: 200, result: kind.wire(call.account, find(call)) }),
    },
    {
      method: "PUT",
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
        return { status: 202, result: { id } };
      },
    },
  ];
}
