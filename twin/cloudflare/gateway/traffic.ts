import { isRange } from "../cidr";

/**
 * The conditions on traffic that the twin can tell the meaning of, as the API writes them after it has formatted them:
 * https://developers.cloudflare.com/cloudflare-one/traffic-policies/network-policies/#selectors
 */
const CONDITIONS: readonly ((text: string) => boolean)[] = [
  (text) => text === 'any(access.private_app[*] in {"*"})',
  (text) => /^net\.vnet_id == "[0-9a-f-]{36}"$/.test(text),
  (text) => /^net\.sni\.host == "[a-z0-9.-]+"$/.test(text),
  (text) => {
    const ranges = /^net\.dst\.ip in \{([^{}]+)\}$/.exec(text)?.[1]?.split(" ");
    return ranges?.every(isRange) ?? false;
  },
];

/** The first part of an expression that the twin cannot judge, if any. */
export function unjudged(traffic: string): string | undefined {
  return traffic.split(" and ").find((text) => !CONDITIONS.some((condition) => condition(text)));
}
