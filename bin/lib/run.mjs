import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Refusal } from "./refusal.mjs";

/** What a child process writes goes to our stderr: stdout belongs to the hub. */
export const TO_STDERR = ["ignore", 2, 2];

/**
 * Runs a program to its end and returns its exit code. A signal sent to the launcher alone is
 * passed on, so that stopping a start that still installs leaves no npm behind.
 */
export function run(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", ...options });
    let received;
    const passOn = (signal) => {
      received = signal;
      child.kill(signal);
    };
    const letGo = () => {
      process.off("SIGINT", passOn);
      process.off("SIGTERM", passOn);
    };
    process.on("SIGINT", passOn);
    process.on("SIGTERM", passOn);
    child.once("error", (error) => {
      letGo();
      reject(new Refusal(`cannot run ${program}: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      letGo();
      if (received !== undefined) {
        reject(new Refusal(`stopped by ${received}`, 128 + constants.signals[received]));
      } else {
        resolve(code ?? 128 + (constants.signals[signal] ?? 0));
      }
    });
  });
}
