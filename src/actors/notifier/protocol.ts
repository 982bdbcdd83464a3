import type { Topic } from "../../runtime/protocol.ts";

/** What became of a test message on one channel. */
export interface ChannelTest {
  readonly channel: string;
  readonly taken: boolean;
  /** Why it was not taken. */
  readonly reason?: string;
}

/** What the notifier can be told; it reads itself what there is to tell people. */
export interface NotifierProtocol {
  /** Sends a message through every channel at once, whatever waits there. */
  readonly test: Topic<{ readonly by: string }, readonly ChannelTest[]>;
}
