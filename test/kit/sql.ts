import { connect, type Place } from "../../src/store/pg/connection.ts";

/** Runs SQL beside the hub's functions, as an administrator would. */
export async function sql(
  place: Place,
  text: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = await connect(place);
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
