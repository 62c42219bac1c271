/** The random stand-in. It talks to nobody. */
import type { Package } from "../resource";
import { randomStringResource, randomUuidResource } from "./resources";

export function random(): Package<object> {
  return {
    name: "random",
    version: "4.21.2",
    bridge: "framework",
    secretSettings: [],
    connect: async () => ({}),
    resources: {
      "random:index/randomString:RandomString": randomStringResource,
      "random:index/randomUuid:RandomUuid": randomUuidResource,
    },
    functions: {},
  };
}
