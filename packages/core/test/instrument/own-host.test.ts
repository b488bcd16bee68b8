import { expect, test } from "vitest";

import { isBelow } from "../../src/instrument/own-host.ts";

test.for([
  ["http://localhost", "http://localhost:11434/v1/chat/completions", false],
  ["http://localhost:1143", "http://localhost:11434/v1/chat/completions", false],
  ["https://payi.example", "https://payi.example.org/v1/chat/completions", false],
  ["https://payi.example/api", "https://payi.example/apis/v1/chat/completions", false],
  ["https://payi.example/api", "https://payi.example/v1/chat/completions", false],
  ["http://localhost", "https://localhost/v1/chat/completions", false],
  ["http://localhost", "http://localhost/v1/chat/completions", true],
  ["http://localhost:80", "http://localhost/api/v1/ingest", true],
  ["HTTPS://Payi.Example/api", "https://payi.example/api/v1/ingest", true],
  ["https://payi.example/api", "https://payi.example/api", true],
  ["https://payi.example/api", "https://payi.example/api?page=2", true],
] as const)(
  "a provider whose address only begins with the platform's went unmetered: %s, %s",
  ([baseUrl, href, isOwn]) => {
    expect(isBelow(new URL(href), baseUrl)).toBe(isOwn);
  },
);
