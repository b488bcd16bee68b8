import { Button } from "@base-ui/react/button";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { type Member, ROLES, type Role } from "../administration.ts";
import {
  changeRole,
  inviteAgain,
  inviteMember,
  membersQuery,
  removeMember,
  sessionQuery,
} from "../api-administration.ts";
import { useAdministrationChange } from "../use-administration-change.ts";
import { Choice } from "./choice.tsx";
import { type Column } from "./column.ts";
import { timeColumn } from "./columns.tsx";
import { Confirmed } from "./confirmed.tsx";
import { EmptyState } from "./empty-state.tsx";
import { MadePanel } from "./made-panel.tsx";
import { Panel } from "./panel.tsx";
import { type Shown } from "./shown-once.tsx";
import { SubmitForm } from "./submit-form.tsx";
import { TextField } from "./text-field.tsx";

import controls from "./controls.module.css";
import styles from "./form.module.css";

const ADVICE =
  "Send this link to the member, and to nobody else: whoever opens it chooses their password. It works once, for 7 days.";

function shownLink(path: string): Shown {
  const secrets = [{ name: "link", text: globalThis.location.origin + path }];
  return { title: "The invitation", advice: ADVICE, secrets };
}

/** Who signs in here and with which role; invited, changed and removed here. */
export function MembersPanel(): ReactNode {
  const members = useQuery(membersQuery);
  const needsSetUp = useQuery(sessionQuery).data?.needs_set_up === true;
  const again = useAdministrationChange(inviteAgain);
  const removal = useAdministrationChange(removeMember);
  const change = useAdministrationChange(({ id, role }: { id: string; role: Role }) => changeRole(id, role));
  if (needsSetUp) return <NobodyYet />;
  return (
    <MadePanel<Member>
      title="Members"
      note="those who sign in to the dashboard"
      create="Invite a member"
      query={members}
      rowKey={({ member_id: id }) => id}
      error={again.error ?? removal.error ?? change.error}
      columnsOf={(show) =>
        memberColumns(
          ({ member_id: id, role }) => (
            <Choice
              label="is"
              value={role}
              options={ROLES}
              onChange={(next) => change.mutate({ id, role: next })}
            />
          ),
          ({ member_id: id }) => (
            <div className={styles["actions"]}>
              <Button
                className={controls["button"]}
                onClick={() => again.mutate(id, { onSuccess: (path) => show(shownLink(path)) })}
              >
                Invite again
              </Button>
              <Confirmed word="Remove" onConfirm={() => removal.mutate(id)} />
            </div>
          ),
        )
      }
      renderForm={(show) => <InvitationForm onInvited={(path) => show(shownLink(path))} />}
    />
  );
}

function NobodyYet(): ReactNode {
  return (
    <Panel title="Members">
      <EmptyState title="Nobody signs in here yet">
        <p>
          The dashboard is open to whoever sits at this machine, and closed to everybody else. To let people
          sign in, become the first member: the server prints the address for that when it starts.
        </p>
      </EmptyState>
    </Panel>
  );
}

function InvitationForm({ onInvited }: { readonly onInvited: (path: string) => void }): ReactNode {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [groups, setGroups] = useState("");
  const invitation = useAdministrationChange(() => {
    const names = groups.split(",").map((name) => name.trim());
    return inviteMember({ email, role, groups: groups.trim() === "" ? null : names.filter(Boolean) });
  });
  return (
    <SubmitForm
      action="Make the invitation"
      advice="Nobody was invited."
      sending={invitation}
      onSubmit={() => invitation.mutate(undefined, { onSuccess: onInvited })}
    >
      <TextField label="E-mail address" type="email" value={email} onChange={setEmail} isRequired />
      <div>
        <Choice label="is" value={role} options={ROLES} onChange={setRole} />
      </div>
      <TextField
        label="Only applications of these groups, divided by commas"
        placeholder="all applications"
        value={groups}
        onChange={setGroups}
      />
    </SubmitForm>
  );
}

function memberColumns(
  roleOf: (member: Member) => ReactNode,
  controlsOf: (member: Member) => ReactNode,
): readonly Column<Member>[] {
  return [
    ...MEMBER_COLUMNS,
    { id: "role", header: "Role", value: ({ role }) => role, cell: roleOf },
    { id: "change", header: "Change", isControl: true, value: () => null, cell: controlsOf },
  ];
}

const MEMBER_COLUMNS: readonly Column<Member>[] = [
  {
    id: "name",
    header: "Member",
    value: ({ email }) => email,
    cell: ({ name, email, can_sign_in: canSignIn }) => (
      <span className={styles["name"]}>
        {name}
        <span className={styles["kind"]}>
          {name === email ? "" : email}
          {canSignIn ? "" : " invited, not here yet"}
        </span>
      </span>
    ),
  },
  { id: "groups", header: "Sees", value: ({ groups }) => groups?.join(", ") ?? "all applications" },
  timeColumn({
    id: "seen",
    header: "Last seen",
    of: ({ last_seen_timestamp: at }) => at,
    never: "never",
    ago: true,
  }),
];
