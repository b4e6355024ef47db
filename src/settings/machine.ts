import { FouClient } from "../rtnetlink/fou-client";
import type { Link } from "../rtnetlink/model";
import { RouteClient } from "../rtnetlink/route-client";
import { SettingsFailure } from "./failure";
import { Modules } from "./modules";
import { Sysctls } from "./sysctl";

/** The kernel as settings read and change it: this process's network namespace, and the modules of all. */
export class Machine {
  readonly sysctls = new Sysctls();
  readonly modules = new Modules();
  /** Labels of addresses that a rehearsal has given away. */
  readonly promisedLabels = new Set<string>();
  /** Whether all is only as if: then, privileges are not needed. */
  rehearses = false;
  private routeClient: RouteClient | undefined;
  private fouClient: FouClient | undefined;

  get route(): RouteClient {
    return (this.routeClient ??= RouteClient.open());
  }

  /** Throws SettingsFailure where there is none of that name. */
  async link(name: string): Promise<Link> {
    const link = await this.route.link(name);
    if (link === undefined) throw new SettingsFailure(`there is no network device ${name}`);
    return link;
  }

  /** Undefined while the module is not loaded. */
  async fou(): Promise<FouClient | undefined> {
    return (this.fouClient ??= await FouClient.open());
  }

  async fouLoaded(): Promise<FouClient> {
    const fou = await this.fou();
    if (fou === undefined) throw new SettingsFailure("the kernel module fou is not loaded");
    return fou;
  }

  close(): void {
    this.routeClient?.close();
    this.fouClient?.close();
  }
}
