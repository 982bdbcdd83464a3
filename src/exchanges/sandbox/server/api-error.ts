/** A refusal in the dialect's words: an HTTP status and the body `{code, msg}`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** -1000: what went wrong stays inside. */
export function unknownError(): ApiError {
  return new ApiError(500, -1000, "An unknown error occurred while processing the request.");
}

/** 404 for a path nobody serves. */
export function noSuchPath(): ApiError {
  return new ApiError(404, -1000, "No such endpoint.");
}

/** -1100: a value with characters that do not belong there. */
export function illegalCharacters(parameter: string, legal: string): ApiError {
  return new ApiError(
    400,
    -1100,
    `Illegal characters found in parameter '${parameter}'; legal range is '${legal}'.`,
  );
}

/** -1102: a value that must be there is not. */
export function missing(parameter: string): ApiError {
  return new ApiError(
    400,
    -1102,
    `Mandatory parameter '${parameter}' was not sent, was empty/null, or malformed.`,
  );
}

/** -1120: an interval the venue, or this pair, does not have. */
export function invalidInterval(): ApiError {
  return new ApiError(400, -1120, "Invalid interval.");
}

/** -1121: a pair that is not listed. */
export function invalidSymbol(): ApiError {
  return new ApiError(400, -1121, "Invalid symbol.");
}

/** -1128: two parameters that exclude each other. */
export function invalidCombination(): ApiError {
  return new ApiError(400, -1128, "Combination of optional parameters invalid.");
}

/** -1130: a value of the right form that means nothing. */
export function invalidData(parameter: string): ApiError {
  return new ApiError(400, -1130, `Data sent for parameter '${parameter}' is not valid.`);
}
