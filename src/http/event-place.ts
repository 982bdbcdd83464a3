/** A place in the event stream of one run of the hub; the next run counts from 1 again. */
export interface EventPlace {
  /** Names the run. */
  readonly run: string;
  readonly seq: number;
}

/** What an id of the stream looks like: the run, a dot, the place in it. */
export const EVENT_ID = /^([0-9a-z]{1,12})\.(\d{1,15})$/;

/** The name of the run that began at an instant, UTC ms. */
export function runOf(startedAt: number): string {
  return Math.trunc(startedAt).toString(36);
}

export function eventId({ run, seq }: EventPlace): string {
  return `${run}.${seq}`;
}

/** Undefined for what is no id of any run. */
export function placeOf(id: string): EventPlace | undefined {
  const [, run, seq] = EVENT_ID.exec(id) ?? [];
  return run === undefined || seq === undefined ? undefined : { run, seq: Number(seq) };
}
