export { followParent, followProcesses } from "./follow-parent.ts";
export { launchers } from "./launchers.ts";
