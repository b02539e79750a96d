/** A refusal in the form that PlanetScale's API gives it: a status, and `{code, message}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** 404, as for what this token may not see. */
export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'Not Found');
}

/** 422: the request is understood, and what it asks for cannot be done. */
export function unprocessable(message: string): ApiError {
  return new ApiError(422, 'unprocessable', message);
}
