/** OpenAI: the last call at an old price and the first at a new one, for every dated change of our own rows. */
import { type PriceCase, on } from "./price-case.ts";

const OPENAI = "system.openai";
const PAGE = "https://developers.openai.com/api/docs/pricing";

/** Both sides of every dated change. */
export const openaiFirstDayCases: readonly PriceCase[] = [
  ...on({ category: OPENAI, at: "2026-07-29T12:00:00Z", source: PAGE }, (at) => [
    at("last day before 2026-07-30, gpt-5.6-terra batch, long prompt", "gpt-5.6-terra", { tier: "batch" }, [
      "text.input 300001 × 5 × 0.5 / 1000000 = 0.7500025",
      "text.output 503 × 22.5 × 0.5 / 1000000 = 0.00565875",
    ]),
    at("last day before 2026-07-30, gpt-5.6-terra batch", "gpt-5.6-terra", { tier: "batch" }, [
      "text.input 2001 × 2.5 × 0.5 / 1000000 = 0.00250125",
      "text.output 503 × 15 × 0.5 / 1000000 = 0.0037725",
    ]),
    at("last day before 2026-07-30, gpt-5.6-luna batch, long prompt", "gpt-5.6-luna", { tier: "batch" }, [
      "text.input 300001 × 2 × 0.5 / 1000000 = 0.300001",
      "text.output 503 × 9 × 0.5 / 1000000 = 0.0022635",
    ]),
    at("last day before 2026-07-30, gpt-5.6-luna batch", "gpt-5.6-luna", { tier: "batch" }, [
      "text.input 2001 × 1 × 0.5 / 1000000 = 0.0010005",
      "text.output 503 × 6 × 0.5 / 1000000 = 0.001509",
    ]),
    at("last day before 2026-07-30, gpt-5.6-terra flex, long prompt", "gpt-5.6-terra", { tier: "flex" }, [
      "text.input 300001 × 5 × 0.5 / 1000000 = 0.7500025",
      "text.output 503 × 22.5 × 0.5 / 1000000 = 0.00565875",
    ]),
    at("last day before 2026-07-30, gpt-5.6-terra flex", "gpt-5.6-terra", { tier: "flex" }, [
      "text.input 2001 × 2.5 × 0.5 / 1000000 = 0.00250125",
      "text.output 503 × 15 × 0.5 / 1000000 = 0.0037725",
    ]),
    at("last day before 2026-07-30, gpt-5.6-luna flex, long prompt", "gpt-5.6-luna", { tier: "flex" }, [
      "text.input 300001 × 2 × 0.5 / 1000000 = 0.300001",
      "text.output 503 × 9 × 0.5 / 1000000 = 0.0022635",
    ]),
    at("last day before 2026-07-30, gpt-5.6-luna flex", "gpt-5.6-luna", { tier: "flex" }, [
      "text.input 2001 × 1 × 0.5 / 1000000 = 0.0010005",
      "text.output 503 × 6 × 0.5 / 1000000 = 0.001509",
    ]),
    at(
      "last day before 2026-07-30, gpt-5.6-terra priority, long prompt",
      "gpt-5.6-terra",
      { tier: "priority" },
      ["text.input 300001 × 5 × 2 / 1000000 = 3.00001", "text.output 503 × 22.5 × 2 / 1000000 = 0.022635"],
    ),
    at("last day before 2026-07-30, gpt-5.6-terra priority", "gpt-5.6-terra", { tier: "priority" }, [
      "text.input 2001 × 2.5 × 2 / 1000000 = 0.010005",
      "text.output 503 × 15 × 2 / 1000000 = 0.01509",
    ]),
    at(
      "last day before 2026-07-30, gpt-5.6-luna priority, long prompt",
      "gpt-5.6-luna",
      { tier: "priority" },
      ["text.input 300001 × 2 × 2 / 1000000 = 1.200004", "text.output 503 × 9 × 2 / 1000000 = 0.009054"],
    ),
    at("last day before 2026-07-30, gpt-5.6-luna priority", "gpt-5.6-luna", { tier: "priority" }, [
      "text.input 2001 × 1 × 2 / 1000000 = 0.004002",
      "text.output 503 × 6 × 2 / 1000000 = 0.006036",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2026-07-30T12:00:00Z", source: PAGE }, (at) => [
    at("first day of 2026-07-30, gpt-5.6-terra batch, long prompt", "gpt-5.6-terra", { tier: "batch" }, [
      "text.input 300001 × 2.00 / 1000000 = 0.600002",
      "text.output 503 × 9.00 / 1000000 = 0.004527",
    ]),
    at("first day of 2026-07-30, gpt-5.6-terra batch", "gpt-5.6-terra", { tier: "batch" }, [
      "text.input 2001 × 1.00 / 1000000 = 0.002001",
      "text.output 503 × 6.00 / 1000000 = 0.003018",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna batch, long prompt", "gpt-5.6-luna", { tier: "batch" }, [
      "text.input 300001 × 0.20 / 1000000 = 0.0600002",
      "text.output 503 × 0.90 / 1000000 = 0.0004527",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna batch", "gpt-5.6-luna", { tier: "batch" }, [
      "text.input 2001 × 0.10 / 1000000 = 0.0002001",
      "text.output 503 × 0.60 / 1000000 = 0.0003018",
    ]),
    at("first day of 2026-07-30, gpt-5.6-terra flex, long prompt", "gpt-5.6-terra", { tier: "flex" }, [
      "text.input 300001 × 2.00 / 1000000 = 0.600002",
      "text.output 503 × 9.00 / 1000000 = 0.004527",
    ]),
    at("first day of 2026-07-30, gpt-5.6-terra flex", "gpt-5.6-terra", { tier: "flex" }, [
      "text.input 2001 × 1.00 / 1000000 = 0.002001",
      "text.output 503 × 6.00 / 1000000 = 0.003018",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna flex, long prompt", "gpt-5.6-luna", { tier: "flex" }, [
      "text.input 300001 × 0.20 / 1000000 = 0.0600002",
      "text.output 503 × 0.90 / 1000000 = 0.0004527",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna flex", "gpt-5.6-luna", { tier: "flex" }, [
      "text.input 2001 × 0.10 / 1000000 = 0.0002001",
      "text.output 503 × 0.60 / 1000000 = 0.0003018",
    ]),
    at(
      "first day of 2026-07-30, gpt-5.6-terra priority, long prompt",
      "gpt-5.6-terra",
      { tier: "priority" },
      ["text.input 300001 × 8.00 / 1000000 = 2.400008", "text.output 503 × 36.00 / 1000000 = 0.018108"],
    ),
    at("first day of 2026-07-30, gpt-5.6-terra priority", "gpt-5.6-terra", { tier: "priority" }, [
      "text.input 2001 × 4.00 / 1000000 = 0.008004",
      "text.output 503 × 24.00 / 1000000 = 0.012072",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna priority, long prompt", "gpt-5.6-luna", { tier: "priority" }, [
      "text.input 300001 × 0.80 / 1000000 = 0.2400008",
      "text.output 503 × 3.60 / 1000000 = 0.0018108",
    ]),
    at("first day of 2026-07-30, gpt-5.6-luna priority", "gpt-5.6-luna", { tier: "priority" }, [
      "text.input 2001 × 0.40 / 1000000 = 0.0008004",
      "text.output 503 × 2.40 / 1000000 = 0.0012072",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2026-08-20T12:00:00Z", source: PAGE }, (at) => [
    at("last day before 2026-08-21, gpt-5.6-sol batch, long prompt", "gpt-5.6-sol", { tier: "batch" }, [
      "text.input 300001 × 10 × 0.5 / 1000000 = 1.500005",
      "text.output 503 × 45 × 0.5 / 1000000 = 0.0113175",
    ]),
    at("last day before 2026-08-21, gpt-5.6-sol flex, long prompt", "gpt-5.6-sol", { tier: "flex" }, [
      "text.input 300001 × 10 × 0.5 / 1000000 = 1.500005",
      "text.output 503 × 45 × 0.5 / 1000000 = 0.0113175",
    ]),
    at("last day before 2026-08-21, gpt-5.6-sol priority, long prompt", "gpt-5.6-sol", { tier: "priority" }, [
      "text.input 300001 × 10 × 2 / 1000000 = 6.00002",
      "text.output 503 × 45 × 2 / 1000000 = 0.04527",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2026-08-21T12:00:00Z", source: PAGE }, (at) => [
    at("first day of 2026-08-21, gpt-5.6-sol batch, long prompt", "gpt-5.6-sol", { tier: "batch" }, [
      "text.input 300001 × 4.00 / 1000000 = 1.200004",
      "text.output 503 × 15.00 / 1000000 = 0.007545",
    ]),
    at("first day of 2026-08-21, gpt-5.6-sol flex, long prompt", "gpt-5.6-sol", { tier: "flex" }, [
      "text.input 300001 × 4.00 / 1000000 = 1.200004",
      "text.output 503 × 15.00 / 1000000 = 0.007545",
    ]),
    at("first day of 2026-08-21, gpt-5.6-sol priority, long prompt", "gpt-5.6-sol", { tier: "priority" }, [
      "text.input 300001 × 16.00 / 1000000 = 4.800016",
      "text.output 503 × 60.00 / 1000000 = 0.03018",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2025-06-09T12:00:00Z", source: PAGE }, (at) => [
    at(
      "last day before 2025-06-10, o3 batch",
      "o3",
      { tier: "batch", status: "ambiguous", units: { text: [2001, 503] } },
      [],
    ),
    at(
      "last day before 2025-06-10, o3 flex",
      "o3",
      { tier: "flex", status: "ambiguous", units: { text: [2001, 503] } },
      [],
    ),
    at(
      "last day before 2025-06-10, o3 priority",
      "o3",
      { tier: "priority", status: "ambiguous", units: { text: [2001, 503] } },
      [],
    ),
  ]),
  ...on({ category: OPENAI, at: "2025-06-10T12:00:00Z", source: PAGE }, (at) => [
    at("first day of 2025-06-10, o3 batch", "o3", { tier: "batch" }, [
      "text.input 2001 × 1.00 / 1000000 = 0.002001",
      "text.output 503 × 4.00 / 1000000 = 0.002012",
    ]),
    at("first day of 2025-06-10, o3 flex", "o3", { tier: "flex" }, [
      "text.input 2001 × 1.00 / 1000000 = 0.002001",
      "text.output 503 × 4.00 / 1000000 = 0.002012",
    ]),
    at("first day of 2025-06-10, o3 priority", "o3", { tier: "priority" }, [
      "text.input 2001 × 3.50 / 1000000 = 0.0070035",
      "text.output 503 × 14.00 / 1000000 = 0.007042",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2025-12-31T12:00:00Z", source: PAGE }, (at) => [
    at("last day before 2026-01-01, gpt-4o-transcribe", "gpt-4o-transcribe", {}, [
      "audio.input 6001 × 6 / 1000000 = 0.036006",
      "text.output 301 × 10 / 1000000 = 0.00301",
    ]),
    at("last day before 2026-01-01, gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe", {}, [
      "audio.input 6001 × 3 / 1000000 = 0.018003",
      "text.output 301 × 5 / 1000000 = 0.001505",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2026-01-01T12:00:00Z", source: PAGE }, (at) => [
    at("first day of 2026-01-01, gpt-4o-transcribe", "gpt-4o-transcribe", {}, [
      "audio.input 6001 × 2.50 / 1000000 = 0.0150025",
      "text.output 301 × 10 / 1000000 = 0.00301",
    ]),
    at("first day of 2026-01-01, gpt-4o-mini-transcribe", "gpt-4o-mini-transcribe", {}, [
      "audio.input 6001 × 1.25 / 1000000 = 0.00750125",
      "text.output 301 × 5 / 1000000 = 0.001505",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2025-05-31T12:00:00Z", source: PAGE }, (at) => [
    at(
      "last day before 2025-06-01, gpt-4.1",
      "gpt-4.1",
      { status: "unknown_unit", units: { web_search_preview_request: [0, 3] } },
      [],
    ),
    at(
      "last day before 2025-06-01, o3",
      "o3",
      { status: "unknown_unit", units: { web_search_preview_request: [0, 3] } },
      [],
    ),
  ]),
  ...on({ category: OPENAI, at: "2025-06-01T12:00:00Z", source: PAGE }, (at) => [
    at("first day of 2025-06-01, gpt-4.1", "gpt-4.1", {}, [
      "web_search_preview_request.other 3 × 25 / 1000 = 0.075",
    ]),
    at("first day of 2025-06-01, o3", "o3", {}, ["web_search_preview_request.other 3 × 10 / 1000 = 0.03"]),
  ]),
  ...on({ category: OPENAI, at: "2026-06-01T12:00:00Z", source: PAGE }, (at) => [
    at("last day before 2026-06-02, gpt-5.4, a session of untold length", "gpt-5.4", {}, [
      "code_interpreter_session.other 2 × 0.03 / 1 = 0.06",
    ]),
    at("last day before 2026-06-02, gpt-5.4", "gpt-5.4", {}, [
      "container_session@4gb.other 2 × 0.12 / 1 = 0.24",
      "container_minute@4gb.other 40 × 0 / 1 = 0",
    ]),
  ]),
  ...on({ category: OPENAI, at: "2026-06-02T12:00:00Z", source: PAGE }, (at) => [
    at(
      "first day of 2026-06-02, gpt-5.4, a session of untold length",
      "gpt-5.4",
      { status: "unknown_unit", units: { code_interpreter_session: [0, 2] } },
      [],
    ),
    at("first day of 2026-06-02, gpt-5.4", "gpt-5.4", {}, [
      "container_session@4gb.other 2 × 0 / 1 = 0",
      "container_minute@4gb.other 40 × 0.12 / 20 = 0.24",
    ]),
  ]),
];
