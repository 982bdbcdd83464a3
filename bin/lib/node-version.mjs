/** The oldest Node the pinned packages run on. */
const OLDEST_NODE = [20, 19];

/** Says what is wrong with a Node version such as `18.20.1`; undefined when it will do. */
export function complaintAbout(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const fits = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  if (fits) return undefined;
  return `the hub needs Node ${OLDEST_NODE.join(".")} or newer, this is Node ${version}`;
}
