/** A setting, an argument or a file that the user can correct; the message says how. Told without a stack trace. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}
