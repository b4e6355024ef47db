/** lvs-realserver(8). */
import { realServer } from "./real-server/program";
import { asProcess } from "./settings/as-process";

asProcess("lvs-realserver", realServer);
