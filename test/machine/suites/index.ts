import type { Suite } from "../lab";
import { originals } from "./originals";

export const SUITES: readonly Suite[] = [originals];
