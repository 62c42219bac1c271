import { randomUUID } from "node:crypto";
import type { Account } from "../store/cloudflare/account";
import type { StoredObject } from "../store/cloudflare/networks";
import { formatTimestamp } from "../store/store";
import { answerPage, type CloudflareCall, type CloudflareOperation } from "./call";
import type { CloudflareError } from "./errors";

/** The members of an item that callers set. */
export type ItemSettings<T extends StoredObject> = Omit<T, keyof StoredObject>;

/** A collection of objects in an account, from which its API operations are created. */
export interface Collection<T extends StoredObject> {
  /** Below `/accounts/{account_id}`. */
  path: string;
  permission: CloudflareOperation["permission"];
  /** Query parameters of the list, besides those for pagination. */
  query?: string[];
  getItems(account: Account): Map<string, T>;
  createUnknownError(): CloudflareError;
  /** Reads the body of POST, or of PUT or PATCH for the `stored` item. @throws CloudflareError */
  readSettings(call: CloudflareCall, stored?: T): Promise<ItemSettings<T>>;
  toWire(account: Account, item: T): Record<string, unknown>;
  /** @throws CloudflareError when the item is in use */
  refuseDeletion?(account: Account, id: string): void;
  /** Removes what goes with an item. */
  afterDeletion?(account: Account, item: T): void;
  /** Tells which of the objects are items of the collection. Default: all. */
  isItem?(item: T): boolean;
  /** Filters the list by query parameters. */
  isListed?(call: CloudflareCall, item: T): boolean;
  /** Order of the list. Default: order of creation. */
  compare?(one: T, other: T): number;
  /** Default: those of Access. */
  conventions?: ApiConventions;
}

/** The differences between the APIs of Cloudflare's products. */
export interface ApiConventions {
  /** PUT replaces an item, PATCH changes parts of it. */
  changeMethod: "PUT" | "PATCH";
  createdStatus: 200 | 201;
  deletedStatus: 200 | 202;
  isPaginated: boolean;
}

const ACCESS_API: ApiConventions = {
  changeMethod: "PUT",
  createdStatus: 201,
  deletedStatus: 202,
  isPaginated: true,
};

/** Creates the five operations of a collection: list, create, show, change, delete. */
export function createOperations<T extends StoredObject>(collection: Collection<T>): CloudflareOperation[] {
  const { path, permission, conventions = ACCESS_API, isItem = () => true } = collection;
  const one = `${path}/{id}`;
  const findItem = ({ account, c }: CloudflareCall) => {
    const item = collection.getItems(account).get(c.req.param("id") ?? "");
    if (!item || !isItem(item)) throw collection.createUnknownError();
    return item;
  };
  return [
    {
      call: `GET ${path}`,
      permission,
      query: [...(conventions.isPaginated ? ["page", "per_page"] : []), ...(collection.query ?? [])],
      handle(call) {
        const all = [...collection.getItems(call.account).values()].filter(
          (item) => isItem(item) && (collection.isListed?.(call, item) ?? true),
        );
        if (collection.compare) all.sort(collection.compare);
        const toWire = (item: T) => collection.toWire(call.account, item);
        return conventions.isPaginated
          ? answerPage(call, all, toWire)
          : { status: 200, result: all.map(toWire) };
      },
    },
    {
      call: `POST ${path}`,
      permission,
      async handle(call) {
        const settings = await collection.readSettings(call);
        const now = formatTimestamp(call.store.now());
        const item = { ...settings, id: randomUUID(), createdAt: now, updatedAt: now } as T;
        collection.getItems(call.account).set(item.id, item);
        return { status: conventions.createdStatus, result: collection.toWire(call.account, item) };
      },
    },
    {
      call: `GET ${one}`,
      permission,
      handle: (call) => ({ status: 200, result: collection.toWire(call.account, findItem(call)) }),
    },
    {
      call: `${conventions.changeMethod} ${one}`,
      permission,
      async handle(call) {
        const item = findItem(call);
        Object.assign(item, await collection.readSettings(call, item), {
          updatedAt: formatTimestamp(call.store.now()),
        });
        return { status: 200, result: collection.toWire(call.account, item) };
      },
    },
    {
      call: `DELETE ${one}`,
      permission,
      handle(call) {
        const item = findItem(call);
        const { id } = item;
        collection.refuseDeletion?.(call.account, id);
        collection.getItems(call.account).delete(id);
        collection.afterDeletion?.(call.account, item);
        return { status: conventions.deletedStatus, result: { id } };
      },
    },
  ];
}
