/** The rig's reader of the other namespace: it looks for it beside the program that it is bundled into. */
import "../differential/observer";
