/** The random stand-in, which needs no service. */
import type { PackageDefinition } from "../bridge/resource";
import { randomStringResource, randomUuidResource } from "./resources";

export function createRandomPackage(): PackageDefinition<object> {
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
