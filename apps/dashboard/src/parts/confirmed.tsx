import { Button } from "@base-ui/react/button";
import { type ReactNode, useState } from "react";

import controls from "./controls.module.css";

/** A step that cannot be taken back asks once more, in place. */
export function Confirmed({
  word,
  onConfirm,
}: {
  readonly word: string;
  readonly onConfirm: () => void;
}): ReactNode {
  const [isAsking, setAsking] = useState(false);
  return (
    <Button
      className={controls["danger"]}
      onBlur={() => setAsking(false)}
      onClick={() => {
        setAsking(!isAsking);
        if (isAsking) onConfirm();
      }}
    >
      {isAsking ? `${word}: sure?` : word}
    </Button>
  );
}
