/** lvs-director(8). */
import { director } from "./director/program";
import { asProcess } from "./settings/as-process";

asProcess("lvs-director", director);
