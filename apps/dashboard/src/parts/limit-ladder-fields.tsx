import { Button } from "@base-ui/react/button";
import { ArrowUp, Plus, X } from "lucide-react";
import { type ReactNode } from "react";

import { type DraftStep, nextStep } from "../limit-ladder.ts";
import { Choice } from "./choice.tsx";
import { IconButton } from "./icon-button.tsx";
import { type LimitFieldsProps } from "./limit-scope-fields.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./limit-fields.module.css";

const ACTIONS = [
  { value: "warn", label: "warn" },
  { value: "switch_model", label: "ask another model" },
  { value: "cap_output", label: "cap the answer" },
  { value: "block", label: "refuse" },
] as const;
const CALLS = [
  { value: "from", label: "of the model" },
  { value: "category", label: "of the category" },
] as const;

/** What a limit does to calls before it refuses them, step by step. */
export function LimitLadderFields({ draft, onChange }: LimitFieldsProps): ReactNode {
  const { steps } = draft;
  const put = (next: readonly DraftStep[]): void => onChange({ steps: next });
  return (
    <fieldset className={styles["group"]}>
      <legend className={styles["legend"]}>Before it refuses: a ladder</legend>
      {steps.length === 0 ? (
        <p className={styles["none"]}>Without steps no request is ever changed.</p>
      ) : (
        <ol className={styles["steps"]}>
          {steps.map((step, index) => (
            <li key={step.id} className={styles["condition"]}>
              <StepFields
                step={step}
                number={index + 1}
                onChange={(change) =>
                  put(steps.map((each) => (each.id === step.id ? { ...each, ...change } : each)))
                }
              />
              {index === 0 ? null : (
                <IconButton label={`Move step ${index + 1} up`} onClick={() => put(movedUp(steps, index))}>
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
              )}
              <IconButton
                label={`Remove step ${index + 1}`}
                onClick={() => put(steps.filter(({ id }) => id !== step.id))}
              >
                <X size={14} aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ol>
      )}
      <div>
        <Button className={controls["button"]} onClick={() => put([...steps, nextStep(steps)])}>
          <Plus size={14} aria-hidden="true" />
          Add a step
        </Button>
      </div>
    </fieldset>
  );
}

function movedUp(steps: readonly DraftStep[], index: number): readonly DraftStep[] {
  return steps.toSpliced(index, 1).toSpliced(index - 1, 0, ...steps.slice(index, index + 1));
}

interface StepFieldsProps {
  readonly step: DraftStep;
  readonly number: number;
  readonly onChange: (change: Partial<DraftStep>) => void;
}

function StepFields({ step, number, onChange }: StepFieldsProps): ReactNode {
  return (
    <>
      <TextField
        label={`Step ${number}: from, per cent used`}
        value={step.at}
        isDecimal
        onChange={(at) => onChange({ at })}
      />
      <Choice
        label="it is to"
        value={step.action}
        options={ACTIONS}
        onChange={(action) => onChange({ action })}
      />
      {step.action === "switch_model" ? (
        <>
          <Choice
            label="for calls"
            value={step.calls}
            options={CALLS}
            onChange={(calls) => onChange({ calls })}
          />
          <TextField
            label={step.calls === "from" ? "Model that is asked for" : "Category, such as system.openai"}
            value={step.of}
            onChange={(of) => onChange({ of })}
          />
          <TextField
            label="Model that is asked instead"
            value={step.model}
            onChange={(model) => onChange({ model })}
          />
        </>
      ) : null}
      {step.action === "cap_output" ? (
        <TextField
          label="Most output tokens"
          value={step.maxOutputTokens}
          isDecimal
          onChange={(maxOutputTokens) => onChange({ maxOutputTokens })}
        />
      ) : null}
    </>
  );
}
