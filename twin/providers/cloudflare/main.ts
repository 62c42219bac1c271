/** The program `pulumi-resource-cloudflare` that stands in for cloudflare 6.22.1. */
import { servePlugin } from "../plugin";
import { cloudflare } from "./package";

void servePlugin(cloudflare());
