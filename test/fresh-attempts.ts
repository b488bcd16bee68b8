/**
 * A test that is tried again finds its file as the first attempt found it: what the file's hooks have set up is made
 * anew, and the tests before it are run again, since what they left may be what it looks at. Without that a second
 * attempt would fail by the traces of the first, a name that is taken or an event that is known, and not by what it tests.
 *
 * What a file keeps outside its hooks is not made anew, and so not taken down either: a suite without a `beforeAll`
 * stays as it is.
 */
import {
  type RunnerTask,
  type RunnerTestCase,
  type RunnerTestFile,
  type RunnerTestSuite,
  TestRunner,
  beforeEach,
} from "vitest";

/** As long as the tests of the longest file may take on a busy machine. */
const REPLAY_MS = 600_000;

let isReplaying = false;

beforeEach(async ({ task }) => {
  if (isReplaying || (task.result?.retryCount ?? 0) === 0) return;
  const path = pathOf(task);
  const madeAnew = path.filter(setsUp);
  if (madeAnew.length === 0) return;
  isReplaying = true;
  try {
    for (const suite of madeAnew.toReversed()) await runHooks(suite, "afterAll");
    await replayBefore(task, task.file, new Set<RunnerTask>(path));
  } finally {
    isReplaying = false;
  }
}, REPLAY_MS);

/** The file, and the suites from the outermost to the test's own. */
function pathOf({ suite, file }: RunnerTestCase): readonly RunnerTestSuite[] {
  const path: RunnerTestSuite[] = [];
  for (let at = suite; at !== undefined && at !== file; at = at.suite) path.unshift(at);
  return [file, ...path];
}

function setsUp(suite: RunnerTestFile | RunnerTestSuite): boolean {
  return TestRunner.getSuiteHooks(suite).beforeAll.length > 0;
}

/** Enters a suite of the path and does again what came before the test. */
async function replayBefore(
  test: RunnerTestCase,
  suite: RunnerTestSuite,
  path: ReadonlySet<RunnerTask>,
): Promise<void> {
  await runHooks(suite, "beforeAll");
  for (const task of suite.tasks) {
    if (task === test) return;
    // oxlint-disable-next-line no-await-in-loop -- in the order of the file
    if (task.type === "suite" && path.has(task)) return replayBefore(test, task, path);
    // oxlint-disable-next-line no-await-in-loop
    await replay(task);
  }
}

async function replay(task: RunnerTask): Promise<void> {
  if (task.mode !== "run" && task.mode !== "queued") return;
  if (task.type === "test") return replayTest(task);
  await runHooks(task, "beforeAll");
  // oxlint-disable-next-line no-await-in-loop -- in the order of the file
  for (const inner of task.tasks) await replay(inner);
  await runHooks(task, "afterAll");
}

/** How it ends was told when it ran in earnest. */
async function replayTest(test: RunnerTestCase): Promise<void> {
  const path = pathOf(test);
  const cleanups: unknown[] = [];
  try {
    for (const suite of path) {
      for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        cleanups.push(await hook(test.context, suite));
      }
    }
    await TestRunner.getTestFn(test)();
  } catch {
    // What it leaves is what it left before.
  }
  for (const suite of path.toReversed()) {
    for (const hook of TestRunner.getSuiteHooks(suite).afterEach.toReversed()) {
      // oxlint-disable-next-line no-await-in-loop
      await Promise.resolve(hook(test.context, suite)).catch(() => undefined);
    }
  }
  // oxlint-disable-next-line no-await-in-loop
  for (const cleanup of cleanups.toReversed()) if (typeof cleanup === "function") await cleanup();
}

async function runHooks(suite: RunnerTestSuite, name: "beforeAll" | "afterAll"): Promise<void> {
  const hooks = TestRunner.getSuiteHooks(suite)[name];
  // oxlint-disable-next-line no-await-in-loop -- one after the other
  for (const hook of name === "afterAll" ? hooks.toReversed() : hooks) await hook(suite);
}
