/** What a child may know of its parent's environment: where programs and certificates are, and how to write dates. */
const HARMLESS = ["PATH", "TZ", "LANG", "LC_ALL", "NODE_ENV", "NODE_EXTRA_CA_CERTS"];

/** The environment that a forked actor is given. Secrets live in the parent's; none of them is passed on. */
export function childEnv(parent: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const harmless = Object.entries(parent).filter(([name]) => HARMLESS.includes(name));
  return Object.fromEntries(harmless);
}
