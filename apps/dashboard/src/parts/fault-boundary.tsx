import { Button } from "@base-ui/react/button";
import { Component, type ReactNode } from "react";

import { EmptyState } from "./empty-state.tsx";

import controls from "./controls.module.css";

interface FaultBoundaryProps {
  readonly children: ReactNode;
}

interface FaultBoundaryState {
  readonly error: Error | undefined;
}

/** Keeps the navigation when a page cannot be drawn, and says what went wrong. */
export class FaultBoundary extends Component<FaultBoundaryProps, FaultBoundaryState> {
  override state: FaultBoundaryState = { error: undefined };

  static getDerivedStateFromError(error: Error): FaultBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <EmptyState title="This page could not be drawn">
        <p>{error.message}</p>
        <p>
          <Button className={controls["button"]} onClick={() => globalThis.location.reload()}>
            Load it again
          </Button>
        </p>
      </EmptyState>
    );
  }
}
