import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The order of the files. Vitest would run one project after the other, and so what keeps the processor busy (browsers,
 * builds) apart from what waits (outages, pauses between attempts): side by side the one fills the gaps of the other.
 * Projects whose files share a process come last, each by itself, since that process ends where another project begins.
 */
export class MixedOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ofProjects = new Map<string, TestSpecification[]>();
    // oxlint-disable-next-line unicorn/no-array-sort -- Vitest's order: project by project, the longest first
    for (const file of await super.sort(files)) {
      const ofProject = ofProjects.get(file.project.name) ?? [];
      ofProjects.set(file.project.name, [...ofProject, file]);
    }
    return [...ofProjects.values()]
      .flatMap((ofProject) =>
        ofProject.map((file, index) => ({
          file,
          place: file.project.config.isolate ? index / ofProject.length : 1,
        })),
      )
      .toSorted((left, right) => left.place - right.place)
      .map(({ file }) => file);
  }
}
