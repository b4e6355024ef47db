import type { Soon } from "../soon";
import { AttributeReader, AttributeWriter } from "./attributes";
import type { Connection } from "./connection";
import { ERRNO, NetlinkError } from "./errors";
import { attributesStart, genericRequest } from "./message";

/** The controller of generic netlink, "nlctrl" in linux/genetlink.h: GENL_ID_CTRL, CTRL_CMD_*, CTRL_ATTR_*. */
export const CONTROLLER = { family: 16, version: 1 } as const;
const GET_FAMILY = 3;
export const FAMILY_ID = 1;
const FAMILY_NAME = 2;

/** The number that the kernel gave to a generic netlink family. Throws NetlinkError: ENOENT where it has none. */
export function resolveFamily(connection: Connection, name: string): Soon<number> {
  const operation = `resolving the netlink family ${name}`;
  const attributes = new AttributeWriter().string(FAMILY_NAME, name).finish();
  return connection.request(genericRequest({ ...CONTROLLER, operation, command: GET_FAMILY, attributes }), (answer) => {
    const attributes = new AttributeReader(answer.buffer, attributesStart(answer, operation), answer.end, operation);
    while (attributes.next()) if (attributes.type === FAMILY_ID) return attributes.u16();
    throw new NetlinkError(operation, ERRNO.ENOENT);
  });
}
