/** Anything that waits for its turn; lower priority goes first. */
export interface Waiting {
  readonly priority: number;
}

/** A line in which the more urgent stand in front, and equals in the order they came. */
export class WaitingLine<T extends Waiting> {
  /** One line for each priority; a Set keeps the order and lets go of a member at once. */
  readonly #lines = new Map<number, Set<T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(member: T): void {
    const line = this.#lines.get(member.priority) ?? new Set<T>();
    this.#lines.set(member.priority, line.add(member));
    this.#size++;
  }

  has(member: T): boolean {
    return this.#lines.get(member.priority)?.has(member) ?? false;
  }

  /** Takes a member out; false when it is not in the line any more. */
  remove(member: T): boolean {
    const wasThere = this.#lines.get(member.priority)?.delete(member) ?? false;
    if (wasThere) this.#size--;
    return wasThere;
  }

  /** Whose turn it is. */
  first(): T | undefined {
    return this.#pick((a, b) => a < b)
      ?.values()
      .next().value;
  }

  /** The last of the least urgent: who is turned away when the line is full. */
  last(): T | undefined {
    return [...(this.#pick((a, b) => a > b) ?? [])].at(-1);
  }

  /** Empties the line and returns who stood in it. */
  drain(): T[] {
    const members = [...this.#lines.values()].flatMap((line) => [...line]);
    this.#lines.clear();
    this.#size = 0;
    return members;
  }

  #pick(isBetter: (a: number, b: number) => boolean): Set<T> | undefined {
    let best: number | undefined;
    for (const [priority, line] of this.#lines) {
      if (line.size > 0 && (best === undefined || isBetter(priority, best))) best = priority;
    }
    return best === undefined ? undefined : this.#lines.get(best);
  }
}
