import { afterEach, describe, expect, test } from "vitest";
import { send } from "./kit/client.ts";
import { TOKENS } from "./kit/fakes.ts";
import { open, SETTINGS, setUp } from "./kit/world.ts";

const ORIGIN = "https://chatty.example";

let stop = async (): Promise<void> => {};
afterEach(() => stop());

async function serve(corsOrigins: readonly string[]): Promise<string> {
  const served = await open(setUp({ settings: { ...SETTINGS, corsOrigins: [...corsOrigins] } }));
  stop = () => served.server.stop(500);
  return served.url;
}

function corsOf(headers: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(headers).filter((name) => name.startsWith("access-control-"));
}

describe("a page in a browser", () => {
  test("reads nothing of the hub where no origin is named", async () => {
    const url = await serve([]);
    for (const method of ["GET", "OPTIONS"]) {
      const { headers } = await send(url, "/api/status", { method, headers: { origin: ORIGIN } });
      expect(corsOf(headers)).toEqual([]);
    }
  });

  test("of the named origin reads answers, refusals too, and no cookie is asked for", async () => {
    const url = await serve([ORIGIN]);
    for (const path of ["/api/status", "/api/v1/watchlist", "/nowhere"]) {
      const { headers } = await send(url, path, { headers: { origin: ORIGIN } });
      expect(headers["access-control-allow-origin"]).toBe(ORIGIN);
      expect(headers["vary"]).toContain("Origin");
      expect(headers["access-control-expose-headers"]).toContain("etag");
      expect(headers).not.toHaveProperty("access-control-allow-credentials");
    }
  });

  test("of the named origin may send JSON and a token: the preflight needs neither", async () => {
    const url = await serve([ORIGIN]);
    const { status, headers, text } = await send(url, "/api/set-active-broker", {
      method: "OPTIONS",
      headers: {
        origin: ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
    });

    expect([status, text]).toEqual([204, ""]);
    expect(headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(headers["access-control-allow-methods"]).toBe("GET,POST,DELETE");
    expect(headers["access-control-allow-headers"]).toContain("content-type");
  });

  test.each(["https://evil.example", "https://chatty.example.evil.example", "null"])(
    "of %s reads nothing, and caches know that others may",
    async (origin) => {
      const url = await serve([ORIGIN]);
      for (const method of ["GET", "OPTIONS"]) {
        const { headers } = await send(url, "/api/status", { method, headers: { origin } });
        expect(corsOf(headers)).toEqual([]);
        expect(headers["vary"]).toContain("Origin");
      }
    },
  );

  test("gets no further than its token, whatever its origin", async () => {
    const url = await serve([ORIGIN]);
    const ask = (token?: string) =>
      send(url, "/api/v1/audit", {
        headers: { origin: ORIGIN },
        ...(token === undefined ? {} : { token }),
      });

    expect([(await ask()).status, (await ask(TOKENS.operator)).status]).toEqual([401, 403]);
  });
});
