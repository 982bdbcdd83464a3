import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { stringify } from "yaml";
import { Daemon } from "./daemon.ts";

/** An alert as Alertmanager hands it to a webhook. */
export interface Delivered {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Somebody who is told of alerts, on loopback. */
export class Webhook {
  readonly #server: Server;
  readonly delivered: Delivered[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        this.delivered.push(...(JSON.parse(text) as { alerts: Delivered[] }).alerts);
        response.end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((closed) => this.#server.close(() => closed()));
  }
}

/** A real Alertmanager that tells one webhook of everything, at once. */
export async function startAlertmanager(webhook: string): Promise<Daemon> {
  const config = {
    route: { receiver: "all", group_wait: "0s", group_interval: "1s", group_by: ["alertname"] },
    receivers: [{ name: "all", webhook_configs: [{ url: webhook }] }],
  };
  return Daemon.start("prometheus-alertmanager", (folder) => {
    const path = join(folder, "alertmanager.yml");
    writeFileSync(path, stringify(config));
    return [
      `--config.file=${path}`,
      `--storage.path=${join(folder, "data")}`,
      "--web.listen-address=127.0.0.1:0",
      "--cluster.listen-address=",
    ];
  });
}
