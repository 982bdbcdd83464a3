/** A hub from its start to its end. */
export interface RunStart {
  /** A UUID. */
  readonly id: string;
  /** UTC ms on the hub's clock. */
  readonly at: number;
  /** Machine and data folder: no two hubs run in one place. */
  readonly place: string;
  readonly version: string;
  readonly mode: "sandbox" | "paper" | "live";
  readonly road: "embedded" | "postgres" | "supabase";
  /** Silent for longer than this it may be taken for lost, machine ms. */
  readonly lostAfterMs: number;
  /** One of each id; what looks like a credential is not stored. */
  readonly strategies: readonly {
    readonly id: string;
    readonly parameters: { readonly [name: string]: unknown };
  }[];
}

export interface RunStore {
  /** Notes a start; runs that ended without a word are noted as lost. */
  start(run: RunStart): Promise<void>;
  /** A sign of life, with which the figures of the run's strategies are brought up to date. */
  keep(id: string, at: number): Promise<void>;
  end(id: string, at: number): Promise<void>;
}
