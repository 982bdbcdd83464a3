import type { Instrument } from "../market/instrument.ts";
import { TransportError } from "./transport/errors.ts";

/**
 * The venue's instruments, loaded once and shared by everybody who asks meanwhile. A failure is not
 * kept: the next one who asks tries again.
 */
export class InstrumentCatalogue {
  readonly #load: () => Promise<readonly Instrument[]>;
  #known: readonly Instrument[] | undefined;
  #loading: Promise<readonly Instrument[]> | undefined;

  /** @param load asks the venue. */
  constructor(load: () => Promise<readonly Instrument[]>) {
    this.#load = load;
  }

  /** @param fresh asks the venue again; what was known stays in use if that fails. */
  async instruments(fresh: boolean): Promise<readonly Instrument[]> {
    if (this.#known !== undefined && !fresh) return this.#known;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #read(): Promise<readonly Instrument[]> {
    const instruments = await this.#load();
    if (instruments.length === 0) throw new TransportError("the answer made no sense: no pairs");
    this.#known = instruments;
    return instruments;
  }
}
