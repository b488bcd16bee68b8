import { useQuery } from "@tanstack/react-query";
import {
  Bell,
  ChartColumnStacked,
  Gauge,
  Keyboard,
  LayoutDashboard,
  List,
  LogOut,
  type LucideIcon,
  Scale,
  Search,
  Settings,
  Tags,
  Users,
  Waypoints,
} from "lucide-react";
import { type ReactNode, Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { NavLink, Outlet, useLocation } from "react-router";

import { endSession, sessionQuery } from "../api-administration.ts";
import { statusQuery } from "../api.ts";
import { copyExactAmounts } from "../copy-exact.ts";
import { LiveProvider } from "../live-updates.tsx";
import { PAGES, type PagePath } from "../navigation.ts";
import { isSignInNeeded, onSessionChange, readApiKey, signOut } from "../session.ts";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";
import { ApplicationSwitch } from "./application-switch.tsx";
import { FaultBoundary } from "./fault-boundary.tsx";
import { IconButton } from "./icon-button.tsx";
import { LiveMark } from "./live-mark.tsx";
import { Logo } from "./logo.tsx";
import { SearchDialog } from "./search-dialog.tsx";
import { ShortcutHelp, useShortcuts } from "./shortcuts.tsx";
import { SignIn } from "./sign-in.tsx";
import { Skeleton } from "./skeleton.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";

import styles from "./shell.module.css";

const ICONS: Readonly<Record<PagePath, LucideIcon>> = {
  "/": LayoutDashboard,
  "/explore": ChartColumnStacked,
  "/settings": Settings,
  "/requests": List,
  "/use-cases": Waypoints,
  "/accounts": Users,
  "/limits": Gauge,
  "/value": Scale,
  "/alerts": Bell,
  "/prices": Tags,
};

/** Everything around a page: navigation, search, keys, and the sign-in page when the platform asks for a key. */
export function Shell(): ReactNode {
  const { pathname } = useLocation();
  const isSignedOut = useSyncExternalStore(onSessionChange, isSignInNeeded);
  useEffect(() => {
    document.addEventListener("copy", copyExactAmounts);
    return () => document.removeEventListener("copy", copyExactAmounts);
  }, []);
  if (isSignedOut) return <SignIn />;
  return (
    <LiveProvider>
      <div className={styles["shell"]}>
        <a className={styles["skip"]} href="#content">
          Skip to the content
        </a>
        <SideBar />
        <main id="content" className={styles["main"]} tabIndex={-1}>
          <Suspense fallback={<Skeleton lines={6} />}>
            <FaultBoundary key={pathname}>
              <Outlet />
            </FaultBoundary>
          </Suspense>
        </main>
      </div>
    </LiveProvider>
  );
}

/** Out, whichever way one came in; nothing of what was seen stays in memory. */
async function leave(): Promise<void> {
  if (readApiKey() === undefined) await endSession();
  signOut();
  globalThis.location.assign("/");
}

function SideBar(): ReactNode {
  const { view } = useView();
  const status = useQuery(statusQuery);
  const isMember = useQuery(sessionQuery).data?.caller === "member";
  const [dialog, setDialog] = useState<"search" | "help">();
  useShortcuts(setDialog);
  const { pathname } = useLocation();
  const pages = useRef<HTMLElement>(null);
  // On a narrow screen the pages are one line, and the one that is open may be out of sight.
  useEffect(() => {
    const open = PAGES.findLastIndex(({ path }) => pathname.startsWith(path));
    pages.current?.children[open]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <header className={styles["column"]}>
      <div className={styles["side"]}>
        <div className={styles["brand"]}>
          <Logo />
          <span className={styles["names"]}>
            <span className={styles["product"]}>Payi</span>
            <ApplicationSwitch name={status.data?.application ?? ""} />
          </span>
        </div>
        <button
          type="button"
          className={styles["search"]}
          aria-label="Search"
          onClick={() => setDialog("search")}
        >
          <Search size={14} aria-hidden="true" />
          <span>Search</span>
          <kbd>/</kbd>
        </button>
        <nav aria-label="Pages" className={styles["pages"]} ref={pages}>
          {PAGES.map(({ path, name }) => {
            const Icon = ICONS[path];
            return (
              <NavLink key={path} to={linkTo(path, view)} end={path === "/"} className={styles["page"] ?? ""}>
                <Icon size={16} aria-hidden="true" />
                <span>{name}</span>
              </NavLink>
            );
          })}
        </nav>
        <div className={styles["foot"]}>
          <LiveMark />
          <div className={styles["tools"]}>
            <ThemeSwitch />
            <IconButton label="Keyboard shortcuts" onClick={() => setDialog("help")}>
              <Keyboard size={16} aria-hidden="true" />
            </IconButton>
            {readApiKey() === undefined && !isMember ? null : (
              <IconButton label="Sign out" onClick={() => void leave()}>
                <LogOut size={16} aria-hidden="true" />
              </IconButton>
            )}
          </div>
        </div>
        <SearchDialog isOpen={dialog === "search"} onClose={() => setDialog(undefined)} />
        <ShortcutHelp isOpen={dialog === "help"} onClose={() => setDialog(undefined)} />
      </div>
    </header>
  );
}
