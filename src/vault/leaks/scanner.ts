import type { Canary, Find } from "./canary.ts";
import { Matcher } from "./matcher.ts";
import { brokenNeedles, type Needle, wholeNeedles } from "./needles.ts";
import { LONGEST_ESCAPE, strip } from "./skeleton.ts";

/** Looks for canaries in whatever streams through it; made once, used for many streams. */
export class LeakScanner {
  readonly #whole: Matcher;
  readonly #broken: Matcher;

  /** @throws RangeError for canaries that are none, or too short to be told from chance. */
  constructor(canaries: readonly Canary[]) {
    if (canaries.length === 0) throw new RangeError("there is no canary to look for");
    this.#whole = new Matcher(canaries.flatMap(wholeNeedles));
    this.#broken = new Matcher(canaries.flatMap(brokenNeedles));
  }

  /** Begins a stream. */
  stream(): LeakStream {
    return new LeakStream(this.#whole, this.#broken);
  }

  /** Looks at bytes that are all there. */
  scan(bytes: Buffer): readonly Find[] {
    const stream = this.stream();
    stream.write(bytes);
    return stream.end();
  }
}

interface Hit {
  readonly needle: Needle;
  readonly offset: number;
}

/**
 * One stream of bytes, looked at in pieces of any size: what it holds of them is the end of the last
 * piece, as much as a canary may be cut in two.
 */
class LeakStream {
  readonly #whole: Matcher;
  readonly #broken: Matcher;
  readonly #wholeHits: Hit[] = [];
  readonly #brokenHits: Hit[] = [];
  #tail: Buffer = Buffer.alloc(0);
  /** Not yet stripped: an escape may go on in the next piece. */
  #rest: Buffer = Buffer.alloc(0);
  #bones: Buffer = Buffer.alloc(0);
  #boneOffsets: readonly number[] = [];
  #length = 0;

  constructor(whole: Matcher, broken: Matcher) {
    this.#whole = whole;
    this.#broken = broken;
  }

  write(piece: Buffer): void {
    this.#length += piece.length;
    this.#searchWhole(piece);
    this.#searchBroken(piece, false);
  }

  /** Ends the stream and answers what was found in it, each canary once for each encoding. */
  end(): readonly Find[] {
    this.#searchBroken(Buffer.alloc(0), true);
    const whole = this.#wholeHits;
    // What was found in one piece is found broken up as well, and is no second find.
    const broken = this.#brokenHits.filter((hit) => !whole.some((other) => covers(other, hit)));
    return summed([...whole, ...broken]);
  }

  #searchWhole(piece: Buffer): void {
    const tail = this.#tail;
    const bytes = Buffer.concat([tail, piece]);
    const from = this.#length - bytes.length;
    this.#whole.search(bytes, bytes.length, (needle, at) => {
      // What lies in the tail alone was found with the piece before.
      if (at + needle.bytes.length > tail.length) {
        this.#wholeHits.push({ needle, offset: from + at });
      }
    });
    this.#tail = bytes.subarray(Math.max(0, bytes.length - this.#whole.longest + 1));
  }

  #searchBroken(piece: Buffer, isLast: boolean): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    const from = this.#length - bytes.length;
    const carried = this.#bones.length;
    const out = Buffer.allocUnsafe(carried + bytes.length);
    const places = new Uint32Array(carried + bytes.length);
    this.#bones.copy(out);
    const until = isLast ? bytes.length : Math.max(0, bytes.length - LONGEST_ESCAPE);
    const { kept, read } = strip(bytes, until, out, places, carried);
    const offsetOf = (at: number): number =>
      at < carried ? (this.#boneOffsets[at] ?? 0) : from + (places[at] ?? 0);
    this.#broken.search(out, kept, (needle, at) => {
      if (at + needle.bytes.length > carried) {
        this.#brokenHits.push({ needle, offset: offsetOf(at) });
      }
    });
    const first = Math.max(0, kept - this.#broken.longest + 1);
    this.#boneOffsets = Array.from({ length: kept - first }, (_, i) => offsetOf(first + i));
    this.#bones = out.subarray(first, kept);
    this.#rest = bytes.subarray(read);
  }
}

function covers({ needle, offset }: Hit, other: Hit): boolean {
  const isSame = needle.canary === other.needle.canary;
  return isSame && other.offset >= offset && other.offset < offset + needle.bytes.length;
}

/** Each canary once for each encoding, in the order they came. */
function summed(hits: readonly Hit[]): readonly Find[] {
  const finds = new Map<string, Find>();
  for (const { needle, offset } of hits) {
    const key = `${needle.canary}\0${needle.encoding}`;
    const { canary, encoding } = needle;
    const known = finds.get(key) ?? { canary, encoding, offset, count: 0 };
    finds.set(key, {
      ...known,
      offset: Math.min(known.offset, offset),
      count: known.count + 1,
    });
  }
  return [...finds.values()];
}
