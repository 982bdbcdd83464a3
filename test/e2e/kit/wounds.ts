/** What can be done to a process from outside, by name. */
export const WOUNDS: Readonly<Record<string, (pid: number) => void>> = {
  "is killed": (pid) => process.kill(pid, "SIGKILL"),
  hangs: (pid) => process.kill(pid, "SIGSTOP"),
};
