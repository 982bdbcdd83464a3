import type { ChildProcess } from "node:child_process";

/**
 * The parts of comedy 2.1.7 that its own type declarations leave out or get wrong.
 * Nothing outside this folder knows that comedy exists.
 */
export interface ComedyActor {
  createChild(definition: object | string, config: object): PromiseLike<ComedyProxy>;
  destroy(): PromiseLike<void>;
  getId(): string;
  getSystem(): ComedySystem;
}

export interface ComedyProxy {
  sendAndReceive(topic: string, envelope: object): PromiseLike<unknown>;
  destroy(): PromiseLike<void>;
}

/** The near end of an actor in a process of its own. */
export interface ComedyFork extends ComedyActor {
  readonly additionalOptions: object;
  readonly timeoutWorkerInterval: NodeJS.Timeout;
  readonly exitHandler: () => void;
  workerProcess: ChildProcess | undefined;
  /** Of what waits for an answer, by the number of the question. */
  readonly responsePromises: Record<number, unknown>;
  _createForkedWorker: () => Promise<void>;
  _setBus(bus: ChildProcess): void;
  _setState(state: string): void;
  _send0(message: WireMessage, ...rest: unknown[]): PromiseLike<unknown>;
  _sendErrorResponse(messageId: unknown, text: string): PromiseLike<unknown>;
  emit(event: string, ...args: unknown[]): boolean;
}

export interface ComedySystem {
  readonly sigintHandler: () => void;
  readonly sigtermHandler: () => void;
  _createForkedActor(definition: unknown, parent: unknown, config: ForkConfig): Promise<ComedyFork>;
  generateActorCreationMessage(
    definition: string,
    actor: ComedyFork,
    config: object,
  ): PromiseLike<object>;
  rootActor(): PromiseLike<ComedyActor>;
  getBus(): { removeForkedRecipient(actor: ComedyFork): void };
  destroy: () => PromiseLike<void>;
}

interface WireMessage {
  readonly type: string;
  /** Given by comedy as it sends. */
  readonly id?: number;
}

interface ForkConfig {
  readonly name: string;
}

/** Takes back comedy's signal listeners: they end the process at once, before anything is stopped. */
export function dropSignalListeners(system: ComedySystem): void {
  process.removeListener("SIGINT", system.sigintHandler);
  process.removeListener("SIGTERM", system.sigtermHandler);
}

/**
 * Calls back in a child when its parent answers no ping: comedy would end the process as if all
 * were well.
 */
export function onParentLost(system: ComedySystem, callback: () => never): void {
  system.destroy = callback;
}

/** Drops what comedy starts for each fork and never uses: a timer and a listener on `process`. */
export function trimFork(fork: ComedyFork): void {
  clearInterval(fork.timeoutWorkerInterval);
  process.removeListener("exit", fork.exitHandler);
}

/**
 * Loses answers to a child that is gone. Comedy would answer with the failure of the answer, which
 * fails as well, or not heed at all that it cannot answer a ping, and a rejection that nobody
 * handles ends the hub.
 */
export function loseLateAnswers(fork: ComedyFork): void {
  const answer = fork._sendErrorResponse.bind(fork);
  fork._sendErrorResponse = (id, text) => answer(id, text).then(undefined, () => {});
  const send = fork._send0.bind(fork);
  fork._send0 = (message, ...rest) => {
    const sent = send(message, ...rest);
    return message.type === "parent-pong" ? sent.then(undefined, () => {}) : sent;
  };
}

/** Makes comedy forget a fork whose process is gone; left alone it would keep it for ever. */
export function reapFork(system: ComedySystem, fork: ComedyFork): void {
  fork.workerProcess = undefined;
  // Rejects what comedy itself still waits for.
  fork._setState("crashed");
  system.getBus().removeForkedRecipient(fork);
  fork.emit("destroyed", fork);
}
