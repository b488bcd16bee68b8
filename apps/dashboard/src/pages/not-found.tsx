import { type ReactNode } from "react";
import { Link } from "react-router";

import { EmptyState } from "../parts/empty-state.tsx";
import { PageHeader } from "../parts/page-header.tsx";
import { Panel } from "../parts/panel.tsx";
import { linkTo } from "../url-state.ts";
import { useView } from "../use-view.ts";

import controls from "../parts/controls.module.css";

/** An address that is none of ours. */
export function NotFoundPage(): ReactNode {
  const { view } = useView();
  return (
    <>
      <PageHeader title="No such page" hasRange={false} />
      <Panel title="Nothing here">
        <EmptyState title="This address leads nowhere">
          <p>
            The link may be of another version.{" "}
            <Link className={controls["textLink"]} to={linkTo("/", view)}>
              Go to the overview
            </Link>
          </p>
        </EmptyState>
      </Panel>
    </>
  );
}
