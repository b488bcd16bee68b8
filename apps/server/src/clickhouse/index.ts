export { type ClickHouseClient } from "./client.ts";
export { type CopiedSums, copiedSums } from "./copied-sums.ts";
export { copyAll, copyRange, prepareCopy } from "./copier.ts";
export { COPY_TABLE, CREATE_COPY_TABLE } from "./schema.ts";
