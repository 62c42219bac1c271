import { z } from "zod";

/** Methods that the API takes, in any case. */
const METHODS = ["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

const flag = z.boolean().optional();
const texts = z.array(z.string().min(1)).optional();

/**
 * The response to preflight requests, of which each part is a list or everything:
 * https://developers.cloudflare.com/api/resources/zero_trust/subresources/access/subresources/applications/
 */
export const corsSchema = z
  .strictObject({
    allow_all_headers: flag,
    allow_all_methods: flag,
    allow_all_origins: flag,
    allow_credentials: flag,
    allowed_headers: texts,
    allowed_methods: z.array(z.enum(METHODS)).optional(),
    allowed_origins: texts,
    max_age: z.number().min(-1).max(86_400).optional(),
  })
  .refine(
    (cors) => !(cors.allow_all_headers && cors.allowed_headers?.length),
    "must not have allowed_headers together with allow_all_headers",
  )
  .refine(
    (cors) => Boolean(cors.allow_all_methods) !== Boolean(cors.allowed_methods?.length),
    "must have either allow_all_methods or allowed_methods",
  )
  .refine(
    (cors) => Boolean(cors.allow_all_origins) !== Boolean(cors.allowed_origins?.length),
    "must have either allow_all_origins or allowed_origins",
  )
  .refine(
    (cors) => !(cors.allow_credentials && cors.allow_all_origins),
    "must not have allow_credentials together with allow_all_origins",
  );
