import { Monitor, Moon, Sun } from "lucide-react";
import { type ReactNode, useState } from "react";

import { THEMES, chooseTheme, readTheme } from "../theme.ts";
import { IconButton } from "./icon-button.tsx";

const NAMES = { system: "as the system", light: "light", dark: "dark" } as const;
const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

/** System, light, dark: each press takes the next. */
export function ThemeSwitch(): ReactNode {
  const [theme, setTheme] = useState(readTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system";
  const Icon = ICONS[theme];
  return (
    <IconButton
      label={`Colours: ${NAMES[theme]}. Switch to ${NAMES[next]}`}
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}
