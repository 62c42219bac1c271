import { z } from "zod";
import type { AccessTag, Account } from "../../../store/cloudflare/account";
import { formatTimestamp } from "../../../store/store";
import { validateBody } from "../../body";
import { answerPage, type CloudflareCall, type CloudflareOperation, readJsonBody } from "../../call";
import { accessConflict, unknownObject } from "../../errors";

const body = z.strictObject({ name: z.string().min(1) });

const path = "/access/tags";
const one = `${path}/{name}`;
const permission = "applications";

/** Tags of applications for the App Launcher: https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/tags/ */
export const tagOperations: CloudflareOperation[] = [
  {
    call: `GET ${path}`,
    permission,
    query: ["page", "per_page"],
    handle: (call) =>
      answerPage(call, [...call.account.accessTags.values()], (tag) => toWire(call.account, tag)),
  },
  {
    call: `POST ${path}`,
    permission,
    async handle(call) {
      const { name } = validateBody(call, body, await readJsonBody(call));
      if (call.account.accessTags.has(name)) throw accessConflict(`tag ${name} already exists`);
      const createdAt = formatTimestamp(call.store.now());
      const tag = { name, createdAt };
      call.account.accessTags.set(name, tag);
      return { status: 201, result: toWire(call.account, tag) };
    },
  },
  {
    call: `GET ${one}`,
    permission,
    handle: (call) => ({ status: 200, result: toWire(call.account, findTag(call)) }),
  },
  {
    call: `DELETE ${one}`,
    permission,
    handle(call) {
      const { name } = findTag(call);
      const user = findTaggedApplications(call.account, name)[0];
      if (user) throw accessConflict(`tag is used by ${user.name}`);
      call.account.accessTags.delete(name);
      return { status: 202, result: { name } };
    },
  },
];

function findTag({ account, c }: CloudflareCall): AccessTag {
  const tag = account.accessTags.get(c.req.param("name") ?? "");
  if (!tag) throw unknownObject("tag");
  return tag;
}

function findTaggedApplications(account: Account, name: string) {
  return [...account.accessApplications.values()].filter(({ tags }) => tags.includes(name));
}

function toWire(account: Account, { name, createdAt }: AccessTag): Record<string, unknown> {
  return {
    name,
    app_count: findTaggedApplications(account, name).length,
    created_at: createdAt,
    updated_at: createdAt,
  };
}
