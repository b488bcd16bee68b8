/** The platform's answers about saved reports, in the shapes of the wire. What is written is kept. */
type Body = Readonly<Record<string, unknown>>;

/** The answer to a call below `/reports`; undefined where there is none. */
export function makeReports(): (method: string, url: URL, body: unknown) => object | undefined {
  const reports = new Map<string, Body>();
  return (method, url, body) => {
    const id = url.pathname.split("/")[4];
    if (id !== undefined) return { request_id: "fixture", message: String(reports.delete(id)) };
    if (method === "GET") return { request_id: "fixture", items: [...reports.values()], cursor: null };
    const made = { report_id: `report_${reports.size + 1}`, ...(body as Body) };
    reports.set(made.report_id, made);
    return made;
  };
}
