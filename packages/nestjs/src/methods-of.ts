/** A method as a class has it, its own or inherited. */
export interface OwnedMethod {
  readonly name: string;
  readonly descriptor: PropertyDescriptor;
  /** The class that declares it. */
  readonly owner: object;
}

/**
 * The methods that instances of `type` have by the classes of the application and its libraries, each by its nearest
 * declaration. Not those of Node and the language: `emit` or `push` are no work of the application's.
 */
export function methodsOf(type: { readonly prototype: unknown }): readonly OwnedMethod[] {
  const found = new Map<string, OwnedMethod>();
  let prototype = type.prototype as object | null;
  for (
    ;
    prototype !== null && !isBuiltIn(prototype);
    prototype = Object.getPrototypeOf(prototype) as object
  ) {
    const owner = prototype.constructor;
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      // A getter, too, hides what it overrides.
      if (!found.has(name)) found.set(name, { name, descriptor, owner });
    }
  }
  found.delete("constructor");
  return [...found.values()].filter(({ descriptor }) => typeof descriptor.value === "function");
}

/** The classes that applications derive from. */
const OF_NODE: ReadonlySet<unknown> = new Set(
  ["node:events", "node:stream", "node:net", "node:http"].flatMap((name) =>
    Object.values(process.getBuiltinModule(name) ?? {}),
  ),
);

function isBuiltIn({ constructor }: object): boolean {
  if (typeof constructor !== "function") return false;
  return OF_NODE.has(constructor) || Reflect.get(globalThis, constructor.name) === constructor;
}
