/** Members and sign-in (additions). */
import { type TObject, type TSchema, Type } from "typebox";

import { Application, Organization } from "./administration-shapes.ts";
import { Answer, Choice, Nullable, Text, Time } from "./answer-shapes.ts";

const RoleChoice: TSchema = Choice("viewer", "editor", "admin", "owner");
const Groups: TSchema = Nullable(
  Type.Array(Text(), { description: "Groups whose applications are seen; null is all applications" }),
);
const Password: TSchema = Text("12 to 200 characters");

export const Member: TObject = Type.Object({
  member_id: Text(),
  email: Text(),
  name: Text(),
  role: RoleChoice,
  groups: Groups,
  can_sign_in: Type.Boolean({ description: "false until the invitation is accepted" }),
  created_timestamp: Time(),
  last_seen_timestamp: Nullable(Time("To the minute")),
});

export const MemberInput: TObject = Type.Object({
  email: Text(),
  name: Type.Optional(Text("Default: the e-mail address")),
  role: RoleChoice,
  groups: Type.Optional(Groups),
});

export const MemberUpdate: TObject = Type.Object({
  name: Type.Optional(Text()),
  role: Type.Optional(RoleChoice),
  groups: Type.Optional(Groups),
});

export const MemberAnswer: TObject = Answer({ member: Member });
export const MemberList: TObject = Answer({ items: Type.Array(Member) });

/** An invitation is handed over by whoever made it: its path is told once. */
export const InvitedAnswer: TObject = Answer({
  member: Member,
  invitation_path: Nullable(Text("Works once, for 7 days; null where an Idempotency-Key replays the answer")),
});

export const SessionAnswer: TObject = Answer({
  caller: Nullable(Choice("key", "member", "machine")),
  needs_set_up: Type.Boolean({ description: "There are no members" }),
  identity_provider: Type.Boolean({ description: "Sign-in through GET /session/identity-provider" }),
  organization: Nullable(Organization),
  member: Nullable(Member),
  permissions: Type.Array(Text()),
  application: Nullable(Application),
  declared_properties: Type.Array(Text(), { description: "Of the application; see its settings" }),
  applications: Type.Array(Application, { description: "Those in reach, without closed ones" }),
});

export const SignInInput: TObject = Type.Object({ email: Text(), password: Password });
export const SetUpInput: TObject = Type.Object({
  token: Text("From the output of payi serve"),
  email: Text(),
  name: Type.Optional(Text()),
  password: Password,
});
export const InvitationInput: TObject = Type.Object({ token: Text(), password: Password });
export const PasswordChange: TObject = Type.Object({ current_password: Text(), password: Password });
