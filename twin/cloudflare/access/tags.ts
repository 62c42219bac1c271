import { z } from "zod";
import type { AccessTag, Account } from "../../store/account";
import { wholeSeconds } from "../../store/store";
import { checkedBody } from "../body";
import { type Call, jsonBody, type Operation, page } from "../call";
import { conflict, unknown } from "../errors";

const body = z.strictObject({ name: z.string().min(1) });

const path = "/access/tags";
const one = `${path}/:name`;
const permission = "applications";

/** Names for applications, by which the App Launcher sorts: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/tags/ */
export const tagOperations: Operation[] = [
  {
    method: "GET",
    path,
    permission,
    query: ["page", "per_page"],
    handle(call) {
      const { items, info } = page(call, [...call.account.accessTags.values()]);
      return { status: 200, result: items.map((tag) => wire(call.account, tag)), resultInfo: info };
    },
  },
  {
    method: "POST",
    path,
    permission,
    async handle(call) {
      const { name } = checkedBody(call, body, await jsonBody(call));
      if (call.account.accessTags.has(name)) throw conflict(`there is a tag ${name} already`);
      const createdAt = wholeSeconds(call.store.now());
      const tag = { name, createdAt };
      call.account.accessTags.set(name, tag);
      return { status: 201, result: wire(call.account, tag) };
    },
  },
  {
    method: "GET",
    path: one,
    permission,
    handle: (call) => ({ status: 200, result: wire(call.account, find(call)) }),
  },
  {
    method: "DELETE",
    path: one,
    permission,
    handle(call) {
      const { name } = find(call);
      const user = usersOf(call.account, name)[0];
      if (user) throw conflict(`tag is used by ${user.name}`);
      call.account.accessTags.delete(name);
      return { status: 202, result: { name } };
    },
  },
];

function find({ account, c }: Call): AccessTag {
  const tag = account.accessTags.get(c.req.param("name") ?? "");
  if (!tag) throw unknown("tag");
  return tag;
}

function usersOf(account: Account, name: string) {
  return [...account.accessApplications.values()].filter(({ tags }) => tags.includes(name));
}

function wire(account: Account, { name, createdAt }: AccessTag): Record<string, unknown> {
  return {
    name,
    app_count: usersOf(account, name).length,
    created_at: createdAt,
    updated_at: createdAt,
  };
}
