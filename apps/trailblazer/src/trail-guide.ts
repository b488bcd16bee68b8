/** A trail as the guide knows it. `miles` is one way. */
export interface GuideTrail {
  readonly name: string;
  readonly difficulty: "easy" | "moderate" | "hard";
  readonly miles: number;
  readonly note: string;
}

/** What the guide says about one area. */
export interface GuideArea {
  /** As it is written out, e.g. `Moab, Utah`. */
  readonly name: string;
  readonly trails: readonly GuideTrail[];
}

type Row = readonly [name: string, difficulty: GuideTrail["difficulty"], miles: number, note: string];

const AREAS: Readonly<Record<string, readonly [name: string, rows: readonly Row[]]>> = {
  moab: [
    "Moab, Utah",
    [
      ["Gemini Bridges", "easy", 13, "twin sandstone arches, one steep shelf at the start"],
      ["Onion Creek", "easy", 19, "more than twenty creek crossings between red fins"],
      ["Fins and Things", "moderate", 9, "rolling slickrock with short, steep climbs"],
      ["Top of the World", "moderate", 8, "ledges near the end, a cliff-edge view over Fisher Valley"],
      ["Hell's Revenge", "hard", 6, "exposed slickrock ridges with optional hot tubs"],
      ["Poison Spider Mesa", "hard", 13, "ledges, deep sand and a view down on the Colorado River"],
    ],
  ],
  ouray: [
    "Ouray, Colorado",
    [
      ["Last Dollar Road", "easy", 18, "aspens and the Sneffels range, slick when wet"],
      ["Yankee Boy Basin", "easy", 9, "wildflowers in July, rockier past the outhouse"],
      ["Imogene Pass", "moderate", 17, "13,114 feet, mine ruins, snow until late June"],
      ["Engineer Pass", "moderate", 13, "the north half of the Alpine Loop"],
      ["Black Bear Pass", "hard", 12, "one way down the switchbacks above Telluride"],
      ["Poughkeepsie Gulch", "hard", 5, "the Wall near the top wants a locker"],
    ],
  ],
  sedona: [
    "Sedona, Arizona",
    [
      ["Schnebly Hill Road", "easy", 12, "washboard and loose rock up to the Mogollon Rim"],
      ["Diamondback Gulch", "moderate", 11, "a narrow wash that drains fast after rain"],
      ["Soldier Pass", "moderate", 3, "a permit is needed, the sinkhole is at the start"],
      ["Broken Arrow", "moderate", 4, "Submarine Rock and the Devil's Staircase"],
      ["Smiley Rock", "hard", 25, "boulders in Martin Canyon, tight for full-size"],
    ],
  ],
  tahoe: [
    "Lake Tahoe, California",
    [
      ["Mount Watson Road", "easy", 10, "forest road with a lake view at the end"],
      ["Blackwood Canyon", "easy", 7, "paved at first, then a rocky climb to Barker Pass"],
      ["Barrett Lake", "moderate", 6, "granite steps, open in late summer only"],
      ["Rubicon Trail", "hard", 22, "Loon Lake to Tahoma, two days, armour required"],
      ["Fordyce Creek", "hard", 11, "five deep crossings, water is low in September"],
    ],
  ],
  "big bear": [
    "Big Bear, California",
    [
      ["Holcomb Valley", "easy", 15, "gold-rush sites on graded dirt"],
      ["Butler Peak", "easy", 9, "up to a fire lookout, narrow at the top"],
      ["Dishpan Springs", "moderate", 5, "a rock garden at the creek"],
      ["Gold Mountain", "hard", 5, "loose boulders and a tight climb"],
      ["John Bull", "hard", 3, "the roughest miles in the San Bernardinos"],
    ],
  ],
  "death valley": [
    "Death Valley, California",
    [
      ["Titus Canyon", "easy", 26, "one way from Nevada, the walls close in at the end"],
      ["Racetrack Road", "easy", 26, "washboard to the moving stones, carry two spares"],
      ["Echo Canyon", "moderate", 9, "Eye of the Needle after three miles of gravel"],
      ["Mengel Pass", "moderate", 22, "Goler Wash to Butte Valley, one rocky step"],
      ["Lippincott Mine Road", "hard", 7, "an exposed shelf, no passing for a mile"],
    ],
  ],
};

/** The area that a text names, or one made up for it: the same place always gets the same trails. */
export function findArea(place: string): GuideArea {
  const text = place.toLowerCase();
  for (const [key, [name, rows]] of Object.entries(AREAS)) {
    if (text.includes(key)) return { name, trails: rows.map(toTrail) };
  }
  return { name: place, trails: imagine(place) };
}

/** The names of the areas that the guide knows. */
export function areaNames(): readonly string[] {
  return Object.values(AREAS).map(([name]) => name);
}

function toTrail([name, difficulty, miles, note]: Row): GuideTrail {
  return { name, difficulty, miles, note };
}

const SHAPES: readonly Row[] = [
  ["Lookout Road", "easy", 11, "graded dirt to an old fire tower"],
  ["Creek Road", "easy", 8, "three shallow crossings, shaded all day"],
  ["Ridge Trail", "moderate", 9, "loose climbs and long views on both sides"],
  ["Mine Loop", "moderate", 14, "past tailings and a stamp mill"],
  ["Canyon Trail", "hard", 6, "ledges up to two feet between narrow walls"],
];

function imagine(place: string): readonly GuideTrail[] {
  const [town = place] = place.split(",");
  let sum = 0;
  for (const character of town) sum += character.codePointAt(0) ?? 0;
  return SHAPES.map(([shape, difficulty, miles, note], index) => ({
    name: `${town.trim()} ${shape}`,
    difficulty,
    miles: miles + ((sum + index) % 5),
    note,
  }));
}
