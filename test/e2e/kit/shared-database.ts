import { rm } from "node:fs/promises";
import { startEmbedded } from "../../../src/store/embedded/server.ts";
import { FAST, migratedDataDir } from "../../kit/store.ts";

/** A PostgreSQL that belongs to no hub, for hubs that are told where it is. */
export interface SharedDatabase {
  readonly url: string;
  /** The folder of the socket that the URL names. */
  readonly socketDir: string;
  /** Ends the server at once, as a crash would. */
  crash(): void;
  /** Starts it again where it was. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startSharedDatabase(): Promise<SharedDatabase> {
  const dataDir = await migratedDataDir();
  const server = await startEmbedded({ dataDir, settings: FAST });
  return {
    url: `postgresql://postgres@/postgres?host=${server.socketDir}`,
    socketDir: server.socketDir,
    crash: () => process.kill(server.pid, "SIGKILL"),
    restart: () => server.restart(),
    close: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
