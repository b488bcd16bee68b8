/** The pages that one can go to from anywhere, in the order of the side bar. */
export const PAGES = [
  { path: "/", name: "Overview", key: "o" },
  { path: "/explore", name: "Explore", key: "e" },
  { path: "/requests", name: "Requests", key: "r" },
  { path: "/use-cases", name: "Use cases", key: "u" },
  { path: "/accounts", name: "Users and accounts", key: "a" },
  { path: "/limits", name: "Limits", key: "l" },
  { path: "/value", name: "Value", key: "v" },
  { path: "/alerts", name: "Alerts", key: "t" },
  { path: "/prices", name: "Models and prices", key: "p" },
  { path: "/settings", name: "Settings", key: "s" },
] as const;

/** Where a page is found. */
export type PagePath = (typeof PAGES)[number]["path"];
