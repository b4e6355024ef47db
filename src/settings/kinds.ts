import { z } from "zod";
import type { Bound, Kind } from "./kind";
import { address, type addressSetting } from "./kinds/address";
import { forwarding, type forwardingSetting } from "./kinds/forwarding";
import { fouPort, type fouPortSetting } from "./kinds/fou-port";
import { link, type linkSetting } from "./kinds/link";
import { linkUp, type linkUpSetting } from "./kinds/link-up";
import { module, type moduleSetting } from "./kinds/module";
import { sourceNat, type sourceNatSetting } from "./kinds/source-nat";
import { sysctl, type sysctlSetting } from "./kinds/sysctl";
import { uniqueAddress, type uniqueAddressSetting } from "./kinds/unique-address";

/** Every setting that there can be. */
export type Setting = z.infer<
  | typeof addressSetting
  | typeof forwardingSetting
  | typeof fouPortSetting
  | typeof linkSetting
  | typeof linkUpSetting
  | typeof moduleSetting
  | typeof sourceNatSetting
  | typeof sysctlSetting
  | typeof uniqueAddressSetting
>;

const KINDS: Readonly<Record<Setting["kind"], Kind>> = {
  address,
  forwarding,
  "fou-port": fouPort,
  link,
  "link-up": linkUp,
  module,
  "source-nat": sourceNat,
  sysctl,
  "unique-address": uniqueAddress,
};

const isKind = (kind: string): kind is Setting["kind"] => Object.hasOwn(KINDS, kind);
const ofKind = z.object({ kind: z.string().refine(isKind) });

export const bind = (setting: Setting): Bound => KINDS[setting.kind].bind(setting);

/** A setting as the record has it. Throws ZodError. */
export const bindJson = (json: unknown): Bound => {
  const { kind } = ofKind.parse(json);
  if (!isKind(kind)) throw new Error(`no kind of settings is called ${kind}`);
  return KINDS[kind].bind(json);
};
