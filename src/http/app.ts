import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { allowList } from "./allow.ts";
import { Guard } from "./auth.ts";
import { allowOrigins } from "./cors.ts";
import type { HttpDeps } from "./deps.ts";
import { runOf } from "./event-place.ts";
import { Once } from "./idempotency.ts";
import { JwtUsers } from "./jwt.ts";
import { HttpProblem, problemBody, problemOf } from "./problem.ts";
import type { Route } from "./route.ts";
import { allRoutes } from "./routes.ts";
import { giveId, mount, patternOf, requestIdOf } from "./serve.ts";
import { correctSpelling } from "./spelling.ts";
import { Streams } from "./sse.ts";

const MINUTE_MS = 60_000;

interface Parts {
  readonly routes: readonly Route[];
  readonly streams: Streams;
}

const parts = new WeakMap<Express, Parts>();

/** The event streams that an app feeds; they are ended before its port is closed. */
export function streamsOf(app: Express): Streams | undefined {
  return parts.get(app)?.streams;
}

/** The routes an app serves. */
export function routesOf(app: Express): readonly Route[] {
  return parts.get(app)?.routes ?? [];
}

/**
 * Builds the app; opens no port.
 * @throws StartRefusal when an entry of the allow-list is no address.
 */
export function createApp(deps: HttpDeps): Express {
  const { events, machineClock, metrics, tokens } = deps;
  const onCount = (count: number): void => metrics.streams(count);
  const run = runOf(deps.startedAt);
  const streams = new Streams({ events, run, machineClock, onCount, tokens });
  const routes = allRoutes(deps, streams);
  const { chattyAllow, corsOrigins, jwtIssuer } = deps.settings;
  const users =
    jwtIssuer === undefined ? undefined : new JwtUsers({ issuer: jwtIssuer, clock: machineClock });
  const guard = new Guard(deps, allowList(chattyAllow), users);
  const app = express();
  parts.set(app, { routes, streams });
  app.disable("x-powered-by");
  app.disable("etag");
  // The address at the other end counts, whatever a header says.
  app.set("trust proxy", false);
  app.use(giveId, measure(deps), correctSpelling, securityHeaders(), noStore);
  if (corsOrigins.length > 0) app.use(allowOrigins(corsOrigins));
  app.use(limiter(deps));
  for (const { method, path } of routes) metrics.know(method.toUpperCase(), path);
  mount(app, routes, guard, new Once(deps));
  app.use((req) => {
    throw new HttpProblem(404, `There is no ${req.path.slice(0, 200)} here.`);
  });
  app.use(answerProblem(deps));
  return app;
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set("cache-control", "no-store");
  next();
};

/** No upgrade to https and no HSTS: the hub is plain http on loopback or in a private network. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    // For pages in browsers of long ago; the hub has no page.
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
}

function limiter({ settings }: HttpDeps): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: settings.requestsPerMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    skip: ({ path }) => path === "/healthz" || path === "/readyz" || path === "/metrics",
    handler: () => {
      throw new HttpProblem(429, "Too many requests from this address; slow down.");
    },
  });
}

/** Counts each request under the pattern that served it. An event stream has no duration. */
function measure({ metrics, machineClock }: HttpDeps): RequestHandler {
  return (req, res, next) => {
    const startedAt = machineClock.monotonicMs();
    metrics.started();
    res.once("close", () => {
      const route = patternOf(req);
      const isStream = String(res.getHeader("content-type")).startsWith("text/event-stream");
      const durationMs = isStream ? 0 : machineClock.monotonicMs() - startedAt;
      metrics.ended({ method: req.method, route, status: res.statusCode, durationMs });
    });
    next();
  };
}

/** Whatever was thrown becomes a problem answer; only the log learns of what nobody foresaw. */
function answerProblem({ onFailure }: HttpDeps): ErrorRequestHandler {
  return (error, req, res, next) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && problem.status !== 503) onFailure?.(error, requestIdOf(req));
    if (res.headersSent) {
      next(error);
      return;
    }
    res
      .status(problem.status)
      .set({ ...problem.extras.headers, "content-type": "application/problem+json" })
      .send(JSON.stringify(problemBody(problem, req.path, requestIdOf(req))));
  };
}
