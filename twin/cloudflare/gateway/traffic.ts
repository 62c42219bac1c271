import { isAddressRange } from "../cidr";

/**
 * The traffic conditions that the twin serves, in the API's normalized format:
 * https://developers.cloudflare.com/cloudflare-one/traffic-policies/network-policies/#selectors
 */
const CONDITIONS: readonly ((text: string) => boolean)[] = [
  (text) => text === 'any(access.private_app[*] in {"*"})',
  (text) => /^net\.vnet_id == "[0-9a-f-]{36}"$/.test(text),
  (text) => /^net\.sni\.host == "[a-z0-9.-]+"$/.test(text),
  (text) => {
    const ranges = /^net\.dst\.ip in \{([^{}]+)\}$/.exec(text)?.[1]?.split(" ");
    return ranges?.every(isAddressRange) ?? false;
  },
];

/** Finds the first condition of an expression that the twin does not serve. */
export function findUnservedCondition(traffic: string): string | undefined {
  return traffic.split(" and ").find((text) => !CONDITIONS.some((condition) => condition(text)));
}
