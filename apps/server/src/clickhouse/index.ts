export { type ClickHouseClient } from "./client.ts";
export { type Answered, SumsReader } from "./copied-answers.ts";
export { copyAll, prepareCopy } from "./copier.ts";
export { CopyRunner } from "./copy-runner.ts";
export { connectClickHouse } from "./http-client.ts";
