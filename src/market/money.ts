import { type Decimal, type DecimalText, decimal, text } from "./decimal.ts";

/** What went wrong when two amounts of different kinds met. */
export class CurrencyMismatch extends Error {
  override readonly name = "CurrencyMismatch";
  constructor(left: string, right: string) {
    super(`${left} and ${right} do not add`);
  }
}

/** An amount of one currency; may be negative. Amounts of two currencies neither add nor compare. */
export class Money {
  readonly #amount: Decimal;
  readonly currency: string;

  private constructor(amount: Decimal, currency: string) {
    this.#amount = amount;
    this.currency = currency;
  }

  static of(amount: DecimalText | number | Decimal, currency: string): Money {
    return new Money(decimal(amount), currency);
  }

  get amount(): Decimal {
    return this.#amount;
  }

  plus(other: Money): Money {
    return new Money(this.#amount.plus(this.#same(other)), this.currency);
  }

  minus(other: Money): Money {
    return new Money(this.#amount.minus(this.#same(other)), this.currency);
  }

  /** Scales by a ratio such as a fee; exact. */
  times(ratio: DecimalText | number | Decimal): Money {
    return new Money(this.#amount.times(decimal(ratio)), this.currency);
  }

  /** Negative, zero or positive as this is less than, equal to or more than the other. */
  compare(other: Money): number {
    return this.#amount.comparedTo(this.#same(other)) ?? 0;
  }

  toString(): string {
    return `${text(this.#amount)} ${this.currency}`;
  }

  #same(other: Money): Decimal {
    if (other.currency !== this.currency) throw new CurrencyMismatch(this.currency, other.currency);
    return other.#amount;
  }
}

/** How much of an asset; never negative. A price times a quantity is money, and nothing else is. */
export class Quantity {
  readonly #amount: Decimal;
  readonly asset: string;

  private constructor(amount: Decimal, asset: string) {
    this.#amount = amount;
    this.asset = asset;
  }

  /** @throws RangeError when the amount is negative. */
  static of(amount: DecimalText | number | Decimal, asset: string): Quantity {
    const value = decimal(amount);
    if (value.isNegative() && !value.isZero())
      throw new RangeError(`negative quantity ${text(value)}`);
    return new Quantity(value, asset);
  }

  get amount(): Decimal {
    return this.#amount;
  }

  plus(other: Quantity): Quantity {
    return Quantity.of(this.#amount.plus(this.#same(other)), this.asset);
  }

  /** @throws RangeError when more is taken than there is. */
  minus(other: Quantity): Quantity {
    return Quantity.of(this.#amount.minus(this.#same(other)), this.asset);
  }

  isZero(): boolean {
    return this.#amount.isZero();
  }

  toString(): string {
    return `${text(this.#amount)} ${this.asset}`;
  }

  #same(other: Quantity): Decimal {
    if (other.asset !== this.asset) throw new CurrencyMismatch(this.asset, other.asset);
    return other.#amount;
  }
}

/** What one unit of the base asset costs in the quote currency; always above zero. */
export class Price {
  readonly #amount: Decimal;
  readonly base: string;
  readonly quote: string;

  private constructor(amount: Decimal, base: string, quote: string) {
    this.#amount = amount;
    this.base = base;
    this.quote = quote;
  }

  /** @throws RangeError when the amount is not above zero. */
  static of(amount: DecimalText | number | Decimal, base: string, quote: string): Price {
    const value = decimal(amount);
    if (!value.isPositive() || value.isZero())
      throw new RangeError(`price not above zero: ${text(value)}`);
    return new Price(value, base, quote);
  }

  get amount(): Decimal {
    return this.#amount;
  }

  /** The value of a quantity at this price, in the quote currency. */
  times(quantity: Quantity): Money {
    if (quantity.asset !== this.base) throw new CurrencyMismatch(this.base, quantity.asset);
    return Money.of(this.#amount.times(quantity.amount), this.quote);
  }

  toString(): string {
    return `${text(this.#amount)} ${this.quote}/${this.base}`;
  }
}
