import { FixedSizeLinkedList } from "technicalindicators";

type WindowList = Pick<
  FixedSizeLinkedList,
  "length" | "resetCursor" | "next" | "removeCurrent" | "shift"
>;

function dropOldest(this: WindowList): unknown {
  if (this.length === 0) return undefined;
  this.resetCursor();
  this.next();
  return this.removeCurrent();
}

/**
 * Stops the library's memory leak (its issue 264). Its windows are doubly linked lists; after the
 * oldest value is dropped, the new first node still points back at it, so that every value ever
 * fed stays reachable. The list's own "remove current" unlinks properly: dropping the oldest now
 * goes that way. Outputs stay the same to the last bit.
 *
 * It changes a prototype that all windows share, so it is done before any indicator is made; doing
 * it again changes nothing. The library's version is pinned for this.
 */
export function unlinkDroppedValues(): void {
  const list = Object.getPrototypeOf(FixedSizeLinkedList.prototype) as { shift: unknown };
  list.shift = dropOldest;
}
