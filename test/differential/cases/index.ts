import type { Group } from "./case";
import { legality } from "./legality";
import { popt } from "./popt";
import { restore } from "./restore";
import { tunnels } from "./tunnels";
import { values } from "./values";
import { order, views } from "./views";

export const groups: readonly Group[] = [...legality, ...tunnels, ...views, order, ...values, ...popt, ...restore];
