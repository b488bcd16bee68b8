import { type ReadHeader } from "./routes/feature-options.ts";

/** Somebody who uses Trailblazer. A real app would know them by their session. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The customer who pays for them. */
  readonly account: string;
  /** May set limits and choose the judge. */
  readonly administrator?: boolean;
  readonly vehicle: { readonly make: string; readonly model: string };
}

export const PEOPLE: readonly Person[] = [
  {
    id: "jane",
    name: "Jane Park",
    account: "acme",
    administrator: true,
    vehicle: { make: "Jeep", model: "Wrangler Rubicon" },
  },
  { id: "omar", name: "Omar Haddad", account: "acme", vehicle: { make: "Toyota", model: "4Runner" } },
  { id: "li", name: "Li Wei", account: "summit-tours", vehicle: { make: "Ford", model: "Bronco" } },
  {
    id: "sofia",
    name: "Sofia Reyes",
    account: "summit-tours",
    vehicle: { make: "Land Rover", model: "Defender" },
  },
  { id: "ben", name: "Ben Carter", account: "weekend-club", vehicle: { make: "Subaru", model: "Outback" } },
];

/** Who sends a request; undefined when nobody is signed in. */
export function findPerson(header: ReadHeader): Person | undefined {
  const id = header("x-user-id");
  return PEOPLE.find((person) => person.id === id);
}
