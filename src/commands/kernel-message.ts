import { ERRNO } from "../netlink/errors";
import type { Change } from "../ipvs/model";
import { errnoText } from "../netlink/errno-text";

/** What was asked of the kernel: a change, or a service to be listed. */
type Asked = Change["kind"] | "list-service";

const NO_SERVICE = "No such service";
const NO_SUCH_NAME = "Scheduler or persistence engine not found";
const UNDEFINED_SERVICE = "Service not defined";
const NO_SERVER = "No such destination";

/** What an errno means where a certain thing was asked. These tables are made where something failed. */
const byQuestion = (): Readonly<Partial<Record<Asked, Readonly<Record<number, string>>>>> => ({
  "add-service": { [ERRNO.EEXIST]: "Service already exists", [ERRNO.ENOENT]: NO_SUCH_NAME },
  "edit-service": { [ERRNO.ESRCH]: NO_SERVICE, [ERRNO.ENOENT]: NO_SUCH_NAME },
  "delete-service": { [ERRNO.ESRCH]: NO_SERVICE },
  zero: { [ERRNO.ESRCH]: NO_SERVICE },
  "list-service": { [ERRNO.ESRCH]: NO_SERVICE },
  "add-server": { [ERRNO.ESRCH]: UNDEFINED_SERVICE, [ERRNO.EEXIST]: "Destination already exists" },
  "edit-server": { [ERRNO.ESRCH]: UNDEFINED_SERVICE, [ERRNO.ENOENT]: NO_SERVER },
  "delete-server": { [ERRNO.ESRCH]: UNDEFINED_SERVICE, [ERRNO.ENOENT]: NO_SERVER },
  "start-daemon": { [ERRNO.EEXIST]: "Daemon has already run" },
  "stop-daemon": { [ERRNO.ESRCH]: "No daemon is running" },
});

/** What an errno means anywhere. */
const anywhere = (): Readonly<Record<number, string>> => ({
  [ERRNO.EPERM]: "Permission denied (you must be root)",
  [ERRNO.EINVAL]: "Invalid operation.  Possibly wrong module version, address not unicast, ...",
  [ERRNO.ENOPROTOOPT]: "Protocol not available",
  [ERRNO.ENOMEM]: "Memory allocation problem",
  [ERRNO.EOPNOTSUPP]: "Operation not supported with IPv6",
  [ERRNO.EAFNOSUPPORT]: "Operation not supported with specified address family",
  [ERRNO.EMSGSIZE]: "Module is wrong version",
});

/** ipvsadm's words for the kernel's refusal of what was asked. */
export const kernelMessage = (asked: Asked | undefined, errno: number): string =>
  (asked && byQuestion()[asked]?.[errno]) ?? anywhere()[errno] ?? errnoText(errno);

/** What the user is told of a kernel whose IPVS cannot be used. */
export const cannotInitialize = (errno: number, inUserNamespace = false): string =>
  `Can't initialize ipvs: ${kernelMessage(undefined, errno)}\n` +
  "Are you sure that IP Virtual Server is built in the kernel or as module?" +
  // GENL_ADMIN_PERM asks for CAP_NET_ADMIN in the initial user namespace (netlink_capable in af_netlink.c).
  (inUserNamespace ? "\nThis is a user namespace: IPVS obeys only the root of the initial one." : "");
