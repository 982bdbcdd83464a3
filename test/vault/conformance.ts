import { describe, expect, test } from "vitest";

/** A vault to be tried, and what keys of this run begin with: a real one keeps what is written. */
export interface Candidate {
  readonly url: string;
  readonly token: string;
  readonly prefix: string;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly allow: string | null;
  readonly body: Record<string, unknown>;
}

/** What the service API of every vault answers, VVAULT's own as the embedded one's. */
export function vaultConformance(name: string, candidate: () => Candidate): void {
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${candidate().token}` },
  ): Promise<Reply> => {
    const sent =
      typeof body === "string" || body === undefined ? (body ?? null) : JSON.stringify(body);
    const type: Record<string, string> =
      body === undefined ? {} : { "content-type": "application/json" };
    const answer = await fetch(`${candidate().url}${path}`, {
      method,
      body: sent,
      headers: { ...type, ...headers },
      redirect: "manual",
    });
    const text = await answer.text();
    const contentType = answer.headers.get("content-type") ?? "";
    const parsed = contentType.startsWith("application/json")
      ? (JSON.parse(text) as Reply["body"])
      : {};
    return {
      status: answer.status,
      type: contentType,
      allow: answer.headers.get("allow"),
      body: parsed,
    };
  };
  const key = (name_: string): string => `${candidate().prefix}${name_}`;

  describe(`the service API of ${name}`, () => {
    test("says how it is to anybody", async () => {
      const { status, body } = await ask("GET", "/api/vault/health", undefined, {});

      expect(status).toBe(200);
      expect(body).toMatchObject({ status: "ok", service: "vvault" });
      expect(body["timestamp"]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
    });

    test.each([
      ["no token", {}, 401],
      ["a wrong bearer", { authorization: "Bearer wrong" }, 401],
      ["the bearer", { authorization: "Bearer $" }, 200],
      ["the service token scheme", { authorization: "ServiceToken $" }, 200],
      ["the other header alone", { "x-service-token": "$" }, 200],
      [
        "another scheme and the other header",
        { authorization: "Basic x", "x-service-token": "$" },
        200,
      ],
      ["the scheme in lower case", { authorization: "bearer $" }, 401],
      ["two spaces", { authorization: "Bearer  $" }, 401],
      [
        "a wrong bearer and the right other header",
        { authorization: "Bearer wrong", "x-service-token": "$" },
        401,
      ],
    ])("lets in by the rules of the header: %s", async (_how, headers, expected) => {
      const filled = Object.fromEntries(
        Object.entries(headers).map(([name_, value]) => [
          name_,
          value.replace("$", candidate().token),
        ]),
      );

      const { status, body } = await ask(
        "GET",
        `/api/vault/configs/${key("nobody")}`,
        undefined,
        filled,
      );

      expect(status).toBe(expected);
      expect(body["success"]).toBe(expected === 200);
    });

    test("has no configs for a service nobody knows, which is no error", async () => {
      const { status, body } = await ask("GET", `/api/vault/configs/${key("nobody")}`);

      expect(status).toBe(200);
      expect(body).toEqual({
        success: true,
        service: key("nobody"),
        configs: [],
        message: "No configs found, using defaults",
      });
    });

    test("replaces a whole row: what is left out falls back to its default", async () => {
      const path = `/api/vault/configs/${key("service")}`;
      const full = {
        strategy_id: "swing",
        params: { timeframe: "4H" },
        symbols: ["EUR_USD"],
        risk_limits: { max_daily_loss: 0.01 },
      };

      const created = await ask("POST", path, { ...full, service: "elsewhere", unknown: 1 });
      const updated = await ask("POST", path, {
        strategy_id: "swing",
        params: { timeframe: "1H" },
      });
      const { body } = await ask("GET", path);

      expect(created.body).toEqual({
        success: true,
        service: key("service"),
        strategy_id: "swing",
        action: "created",
        version: 1,
      });
      expect(updated.body).toMatchObject({ action: "updated", version: 2 });
      expect(body["configs"]).toMatchObject([
        {
          strategy_id: "swing",
          params: { timeframe: "1H" },
          symbols: [],
          risk_limits: {},
          enabled: true,
          version: 2,
        },
      ]);
    });

    test.each([
      ["an empty object", "{}", 400],
      ["an empty list", "[]", 400],
      ["null", "null", 400],
      ["a list", "[1]", 500],
      ["no JSON", "{", 500],
    ])("refuses a config that is %s", async (_what, body, expected) => {
      const answer = await ask("POST", `/api/vault/configs/${key("service")}`, body);

      expect(answer.status).toBe(expected);
      expect(answer.body["success"]).toBe(false);
    });

    test("keeps a credential exactly, under a key that tells case apart", async () => {
      const value = `  spaced, ünïcode ${Math.PI}\n`;
      const entry = { key: key("broker:a"), service: "fxshinobi", value, metadata: { by: "test" } };

      const created = await ask("POST", "/api/vault/credentials", entry);
      const read = await ask(
        "GET",
        `/api/vault/credentials/${encodeURIComponent(entry.key)}?service=other`,
      );
      const missed = await ask("GET", `/api/vault/credentials/${key("BROKER:A")}`);

      expect(created.body).toMatchObject({
        success: true,
        action: "created",
        message: "Credential created successfully",
      });
      expect(read.body).toMatchObject({
        success: true,
        key: entry.key,
        service: "fxshinobi",
        value,
        metadata: { by: "test" },
      });
      expect(missed).toMatchObject({
        status: 404,
        body: { success: false, error: `Credential '${key("BROKER:A")}' not found` },
      });
    });

    test("empties metadata that an update leaves out", async () => {
      const entry = { key: key("meta"), value: "one", metadata: { by: "test" } };
      await ask("POST", "/api/vault/credentials", entry);

      const updated = await ask("POST", "/api/vault/credentials", { key: entry.key, value: "two" });
      const read = await ask("GET", `/api/vault/credentials/${entry.key}`);

      expect(updated.body).toMatchObject({ action: "updated" });
      expect(read.body).toMatchObject({ value: "two", metadata: {}, service: "default" });
    });

    test.each([
      [{}, 400, "Request body required"],
      [{ service: "s" }, 400, "key and value are required"],
      [{ key: "k", value: "" }, 400, "key and value are required"],
      [{ key: "k", value: 0 }, 400, "key and value are required"],
      [{ key: "k", value: [] }, 400, "key and value are required"],
      [{ key: "k", value: { a: 1 } }, 500, "Failed to store credential"],
      [{ key: "k", value: 7 }, 500, "Failed to store credential"],
    ])("refuses the credential %j", async (body, status, error) => {
      const answer = await ask("POST", "/api/vault/credentials", body);

      expect(answer).toMatchObject({ status, body: { success: false, error } });
    });

    test("keeps system files, and refuses names that give inner paths away", async () => {
      const path = key("reports/a.md");
      const written = await ask("POST", "/api/vault/system-files", {
        storage_path: path,
        content: "# A",
        metadata: "by me",
      });
      const read = await ask(
        "GET",
        `/api/vault/system-files?storage_path=${encodeURIComponent(path)}`,
      );
      const inner = await ask("POST", "/api/vault/system-files", {
        storage_path: "x",
        filename: "a/users/b",
      });

      expect(written.body).toMatchObject({
        success: true,
        storage_path: path,
        filename: path,
        action: "created",
      });
      expect(read.body["file"]).toMatchObject({
        content: "# A",
        is_system: true,
        user_id: null,
        metadata: '{"raw":"by me"}',
      });
      expect(inner.status).toBe(400);
      expect(inner.body["error"]).toMatch(/must not contain internal path '\/users\/'/);
      expect(await ask("GET", "/api/vault/system-files")).toMatchObject({ status: 400 });
      expect(await ask("GET", "/api/vault/system-files?storage_path=none")).toMatchObject({
        status: 404,
        body: { error: "File not found" },
      });
    });

    test("answers methods it has not with a page and the list of those it has", async () => {
      const removed = await ask("DELETE", `/api/vault/configs/${key("service")}`);
      const posted = await ask("POST", "/api/vault/nothing", { a: 1 });

      expect(removed.status).toBe(405);
      expect(removed.type).toMatch(/text\/html/);
      expect(removed.allow).toMatch(/GET/);
      expect(posted.status).toBe(405);
    });
  });
}
