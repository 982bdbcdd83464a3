/** A command that cannot be carried out; the message is the one line its user gets. */
export class CliRefusal extends Error {
  override readonly name = "CliRefusal";
}
