import { z } from "zod";

/** What the kernel takes for the name of a device (dev_valid_name in net/core/dev.c). */
export const linkName = z.string().regex(/^(?!\.\.?$)[^/:\s\0]{1,15}$/, { error: "no name of a device" });
