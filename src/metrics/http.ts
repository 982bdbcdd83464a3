import { type Maker, seconds } from "./make.ts";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const AUTH_REASONS = ["missing", "unknown", "role", "address"] as const;

type AuthFailure = (typeof AUTH_REASONS)[number];

/** The hub's own HTTP server, as it reports itself. */
export interface HttpMetrics {
  /** Starts the failures of a route at zero, so that the first one counts. */
  know(method: string, route: string): void;
  started(): void;
  /** @param route the pattern served, or `unmatched`; never the address asked for. */
  ended(request: { method: string; route: string; status: number; durationMs: number }): void;
  streams(count: number): void;
  authFailed(reason: AuthFailure): void;
}

export function httpMetrics(make: Maker): HttpMetrics {
  const duration = make.histogram(
    "http_request_duration_seconds",
    "Time to answer an HTTP request",
    ["method", "route", "status"],
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  );
  const inFlight = make.gauge("http_requests_in_flight", "HTTP requests being answered");
  const streams = make.gauge("engine_sse_clients", "Clients of the event stream");
  const failures = make.counter("engine_auth_failures_total", "Credentials refused", ["reason"]);
  for (const reason of AUTH_REASONS) failures.inc({ reason }, 0);
  return {
    know: (method, route) => duration.zero({ method, route, status: "500" }),
    started: () => inFlight.inc(),
    ended: (request) => {
      inFlight.dec();
      const method = METHODS.has(request.method) ? request.method : "OTHER";
      const labels = { method, route: request.route, status: String(request.status) };
      duration.observe(labels, seconds(request.durationMs));
    },
    streams: (count) => streams.set(count),
    authFailed: (reason) => failures.inc({ reason }),
  };
}
