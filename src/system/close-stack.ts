type Close = () => void | Promise<void>;

/** What was started, to be stopped in the reverse order; each once, and all even when one fails. */
export class CloseStack {
  readonly #closes: Close[] = [];
  #closing: Promise<void> | undefined;

  push(close: Close): void {
    this.#closes.push(close);
  }

  /** @throws AggregateError of what failed, after everything was tried. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closes.pop(); close !== undefined; close = this.#closes.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, "not everything stopped cleanly");
  }
}
