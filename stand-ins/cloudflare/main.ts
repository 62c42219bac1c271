/** The program `pulumi-resource-cloudflare`, the stand-in for cloudflare 6.22.1. */
import { servePlugin } from "../bridge/plugin";
import { createCloudflarePackage } from "./package";

void servePlugin(createCloudflarePackage());
