/** What is used of a client of `@clickhouse/client`, so that the server needs none installed. */
export interface ClickHouseClient {
  command(options: { readonly query: string }): Promise<unknown>;
  insert(options: {
    readonly table: string;
    readonly values: readonly unknown[];
    readonly format: "JSONEachRow";
    readonly clickhouse_settings: Record<string, string | number>;
  }): Promise<unknown>;
  query(options: {
    readonly query: string;
    readonly format: "JSONEachRow";
    readonly query_params: Record<string, unknown>;
  }): Promise<{ json<Row>(): Promise<Row[]> }>;
  /** Breaks off what is on its way. */
  close(): Promise<void>;
}
