/** A made-up user of Trailblazer. */
export interface DemoPerson {
  readonly userId: string;
  readonly accountName: string;
  readonly vehicleMake: string;
  readonly vehicleModel: string;
  /** How much of the traffic is theirs, relative to the others. */
  readonly weight: number;
}

type Row = readonly [userId: string, accountName: string, make: string, model: string, weight: number];

const ROWS = [
  ["jane", "acme", "Jeep", "Wrangler Rubicon", 30],
  ["omar", "acme", "Toyota", "4Runner", 18],
  ["priya", "acme", "Ford", "Bronco", 9],
  ["tom", "acme", "Jeep", "Gladiator", 4],
  ["li", "summit-tours", "Ford", "Bronco", 14],
  ["sofia", "summit-tours", "Land Rover", "Defender", 10],
  ["mateo", "summit-tours", "Toyota", "Tacoma", 6],
  ["hana", "summit-tours", "Toyota", "Land Cruiser", 3],
  ["ben", "weekend-club", "Subaru", "Outback", 7],
  ["aisha", "weekend-club", "Subaru", "Forester", 4],
  ["noah", "weekend-club", "Suzuki", "Jimny", 2],
  ["ruth", "ranger-district-9", "Chevrolet", "Colorado ZR2", 3],
] as const satisfies readonly Row[];

const [first, ...others] = ROWS;

/** Twelve people of four accounts; the first makes a quarter of the traffic, as one always does. */
export const DEMO_PEOPLE: readonly [DemoPerson, ...DemoPerson[]] = [toPerson(first), ...others.map(toPerson)];

function toPerson([userId, accountName, vehicleMake, vehicleModel, weight]: Row): DemoPerson {
  return { userId, accountName, vehicleMake, vehicleModel, weight };
}
