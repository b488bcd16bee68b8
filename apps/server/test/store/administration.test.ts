import { afterAll, beforeAll, expect, test } from "vitest";

import { type AuditEntry } from "../../src/store/audit.ts";
import { type OneTimeToken } from "../../src/store/member.ts";
import { type Page } from "../../src/store/query.ts";
import { type TestStore, onEachEngine, openTestStore } from "./support.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const token = (text: string, lifeMs = 60_000): OneTimeToken => ({
  hash: bytes(text),
  expiresMs: Date.now() + lifeMs,
});
const NOBODY_YET = { createdMs: 0, seenMs: 0 };

onEachEngine("administration", (engine) => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore(engine);
  });
  afterAll(() => store.close());

  async function wholeLog(organization: boolean): Promise<readonly AuditEntry[]> {
    const entries: AuditEntry[] = [];
    let after: Page<AuditEntry>["next"];
    do {
      const page = { limit: 3, ascending: true, after };
      // oxlint-disable-next-line no-await-in-loop -- page by page
      const found: Page<AuditEntry> = await store.audit({ application: "shop", organization }, page);
      entries.push(...found.items);
      after = found.next;
    } while (after !== undefined);
    return entries;
  }

  test("keys are made, exchanged and revoked, and two at most are full", async () => {
    await store.createApplication({ id: "shop", name: "Shop", group: null }, "ann");
    const key = (text: string) => ({ application: "shop", name: text, prefix: "", hash: bytes(text) });
    const first = await store.createKey(key("one"));
    await store.createKey(key("two"));
    await expect(store.createKey(key("three"))).rejects.toThrow(/has its 2 full keys/);
    const scoped = await store.createKey({ ...key("scoped"), scope: "read", actor: "ann" });
    const imprint = { prefix: "p", hash: bytes("one, again") };
    const rotated = await store.rotateKey("shop", first.id, imprint, "ann");
    expect(rotated).toMatchObject({ name: "one", scope: "full", prefix: "p" });
    expect(await store.findKey(bytes("one"))).toBeUndefined();
    expect(await store.findKey(bytes("one, again"))).toMatchObject({ application: "shop", scope: "full" });
    await store.revokeKey("shop", scoped.id, "ann");
    await expect(store.rotateKey("shop", scoped.id, imprint)).rejects.toThrow(/is revoked/);
    await expect(store.revokeKey("default", first.id)).rejects.toThrow(/no key/);
    expect(await store.keys("shop")).toHaveLength(4);
  });

  test("settings come back as they were written, and a change to the same is not logged", async () => {
    const settings = {
      keepText: true,
      timeZone: "Asia/Tokyo",
      declaredProperties: ['with "quotes"', "__proto__"],
      retention: { textDays: 1, eventDays: 30, totalDays: null },
    };
    await store.changeApplication({ id: "shop", settings }, "ann");
    await store.changeApplication({ id: "shop", settings }, "ann");
    expect((await store.application("shop"))?.settings).toEqual(settings);
    await expect(store.changeApplication({ id: "nowhere" }, "ann")).rejects.toThrow(/no application/);
    const log = (await wholeLog(false)).filter((entry) => entry.action === "settings.changed");
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ actor: "ann", before: { keepText: false }, after: { keepText: true } });
  });

  test("members come in by tokens that work once, and leave with their sessions", async () => {
    await store.offerSetUp(token("set-up"));
    await store.offerSetUp(token("late", -1));
    const first = { email: "ann@example.com", name: "Ann" };
    await expect(store.setUp(bytes("late"), first, "p")).rejects.toThrow(/has expired/);
    const ann = await store.setUp(bytes("set-up"), first, "p");
    await expect(store.setUp(bytes("set-up"), first, "p")).rejects.toThrow(/was used/);
    await expect(store.removeMember(ann.id, "ann")).rejects.toThrow(/only owner/);
    const wanted = { email: "bob@example.com", name: "Bob", role: "viewer", groups: ["a"] } as const;
    const bob = await store.inviteMember(wanted, token("bob"), "ann");
    await expect(store.inviteMember(wanted, token("other"), "ann")).rejects.toThrow(/a member already/);
    await store.renewInvitation(bob.id, token("bob, again"), "ann");
    await expect(store.acceptInvitation(bytes("bob"), "q")).rejects.toThrow(/was used/);
    expect(await store.acceptInvitation(bytes("bob, again"), "q")).toMatchObject({ hasPassword: true });
    expect(await store.credentials("bob@example.com")).toMatchObject({
      password: "q",
      member: { groups: ["a"] },
    });
    await store.startSession(bytes("session"), bob.id, NOBODY_YET);
    await store.linkIdentity(bob.id, "issuer subject");
    expect((await store.identified("issuer subject"))?.member).toMatchObject({
      id: bob.id,
      hasIdentity: true,
    });
    await store.touchSession(bytes("session"));
    expect((await store.findSession(bytes("session")))?.member.lastSeenMs).toBeGreaterThan(0);
    await store.changeMember({ id: bob.id, role: "editor", groups: null }, "ann");
    expect((await store.findSession(bytes("session")))?.member).toMatchObject({
      role: "editor",
      groups: null,
    });
    await store.removeMember(bob.id, "ann");
    expect(await store.findSession(bytes("session"))).toBeUndefined();
    expect((await store.members()).map((member) => member.name)).toEqual(["Ann"]);
    expect(await store.hasMembers()).toBe(true);
  });

  test("sessions that have ended by age go when somebody signs in", async () => {
    const [ann] = await store.members();
    if (ann === undefined) throw new Error("The test before made a member.");
    await store.startSession(bytes("old"), ann.id, NOBODY_YET);
    const now = Date.now() + 1000;
    await store.startSession(bytes("new"), ann.id, { createdMs: now, seenMs: 0 });
    expect(await store.findSession(bytes("old"))).toBeUndefined();
    await store.endSession(bytes("new"));
    expect(await store.findSession(bytes("new"))).toBeUndefined();
  });

  test("the log is one list of all changes, prices among them, each once and in order", async () => {
    await store.renameOrganization("Trails", "ann");
    expect(await store.organization()).toMatchObject({ id: "default", name: "Trails" });
    await store.setDbuPrice({ category: "system.databricks.aws", startMs: 0, usd: "0.1" }, "ann");
    const log = await wholeLog(true);
    const ids = log.map((entry) => `${entry.source} ${entry.seq}`);
    expect(new Set(ids).size).toBe(ids.length);
    expect(log.map((entry) => entry.timeMs)).toEqual(
      log.map((entry) => entry.timeMs).toSorted((a, b) => a - b),
    );
    expect(log.some((entry) => entry.source === "prices")).toBe(true);
    expect((await wholeLog(false)).every((entry) => entry.application === "shop")).toBe(true);
    const page = { limit: 100, ascending: false, after: undefined };
    const narrowed = await store.audit({ application: "shop", organization: true, action: "key" }, page);
    expect(new Set(narrowed.items.map((entry) => entry.action))).toEqual(
      new Set(["key.created", "key.rotated", "key.revoked"]),
    );
  });

  test("an application that is closed is left with its data and without keys", async () => {
    await store.archiveApplication("shop", "ann");
    expect((await store.keys("shop")).every((key) => key.revokedMs !== null)).toBe(true);
    expect((await store.archiveApplication("shop", "ann")).archivedMs).not.toBeNull();
    expect((await store.applications()).map((one) => one.id)).toContain("shop");
    expect(await store.verify()).toEqual([]);
  });
});
