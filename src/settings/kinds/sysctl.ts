import { z } from "zod";
import { defineKind } from "../kind";
import { deviceOf, keyOfDevice, sysctlName } from "../sysctl";

/** Below /proc/sys, with slashes, for names of devices have dots. */
const KEY = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[^/\0\s]+(\/[^/\0\s]+)+$/;

export const sysctlSetting = z.object({
  kind: z.literal("sysctl"),
  key: z.string().regex(KEY),
  value: z.union([z.number(), z.string()]),
  /** Some kernels have it not, and do without. */
  optional: z.boolean().optional(),
  /** Other values that do as well, or more: where one of them is there, it is kept. */
  stricter: z.array(z.number()).optional(),
});

const written = (value: number | string): string => String(value).trim().replace(/\s+/g, " ");

export const sysctl = defineKind({
  setting: sysctlSetting,
  state: z.string(),
  id: ({ key }) => `sysctl ${key}`,
  subject: ({ key }) => sysctlName(key),
  wanted: ({ value }) => written(value),
  shown: (found) => found,
  read: async (machine, { key }) => machine.sysctls.read(key),
  holds: ({ value, stricter = [] }, found) => [value, ...stricter].some((one) => found === written(one)),
  isOurs: ({ value }, found) => found === written(value),
  dispensable: ({ optional = false }) => optional,
  obstacle: async (machine, { key }, found) => (found === undefined ? undefined : machine.sysctls.obstacle(key, machine.rehearses)),
  apply: async (machine, { key, value, optional = false }) => {
    if (optional && machine.sysctls.read(key) === undefined) return;
    machine.sysctls.write(key, written(value));
  },
  restore: async (machine, { key }, before) => machine.sysctls.write(key, before),
  devices: ({ key }) => {
    const device = deviceOf(key);
    return device === undefined ? [] : [device];
  },
  renamed: (setting, nameOf) => {
    const device = deviceOf(setting.key);
    if (device === undefined) return setting;
    const name = nameOf(device);
    return name === undefined ? undefined : { ...setting, key: keyOfDevice(setting.key, name) };
  },
  command: async (_machine, { key, value }) => sysctlCommand(key, written(value)),
  undo: ({ key }, before) => sysctlCommand(key, before),
});

const sysctlCommand = (key: string, value: string): string =>
  `sysctl -w ${value.includes(" ") ? `'${sysctlName(key)}=${value}'` : `${sysctlName(key)}=${value}`}`;
